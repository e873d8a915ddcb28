package dev.sluice.simulator.cloud;

import dev.sluice.http.Headers;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /{tenant}/oauth2/v2.0/token}: Microsoft Entra's tokens for applications, of any
 * tenant and any id, which may hold directives as a model's name may.
 */
public final class EntraTokens implements Endpoint {
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";
    private static final int SECONDS = 3_599;

    private final IssuedTokens tokens;
    private final @Nullable String secret;
    private final ErrorShape errors = new OAuthErrors();

    /**
     * @param secret the applications' secret; null takes any
     */
    public EntraTokens(IssuedTokens tokens, @Nullable String secret) {
        this.tokens = tokens;
        this.secret = secret;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        Form form = Form.of(incoming);
        form.requireGrant("client_credentials");
        ModelName client = ModelName.of(form.text("client_id"));
        String given = form.text("client_secret");
        if (secret != null && !secret.equals(given)) {
            throw OAuthErrors.refusal(
                    OAuthErrors.BAD_CLIENT, "AADSTS7000215: Invalid client secret provided.");
        }
        if (!form.text("scope").equals(SCOPE)) {
            throw OAuthErrors.refusal("invalid_scope", "AADSTS70011: The scope is not valid.");
        }
        Behaviour behaviour = incoming.behaviour(client);
        int seconds = behaviour.count(Directive.EXPIRES_IN, SECONDS);
        return new Answer(
                client.name(),
                behaviour,
                errors,
                Headers.EMPTY,
                Answer.json(tokens.issue(seconds)));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
