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
import dev.sluice.simulator.script.Json;
import java.time.Clock;
import tools.jackson.databind.JsonNode;

/** Google's service accounts and the endpoint where they get their access tokens. */
public final class GoogleCloud {
    /** The path of Google's own token endpoint. */
    public static final String TOKEN_PATH = "/token";

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final int SECONDS = 3_599;

    private final ServiceAccounts accounts;
    private final IssuedTokens tokens;
    private final ErrorShape errors = new OAuthErrors();

    public GoogleCloud(Clock clock, IssuedTokens tokens) {
        this.accounts = new ServiceAccounts(clock);
        this.tokens = tokens;
    }

    /** What one of the paths does. */
    private interface Deed {
        Answer of(Incoming incoming) throws Refusal;
    }

    private record Path(ErrorShape shape, Deed deed) implements Endpoint {
        @Override
        public Answer answer(Incoming incoming) throws Refusal {
            return deed.of(incoming);
        }

        @Override
        public ErrorShape errors(Incoming incoming) {
            return shape;
        }
    }

    /** {@return {@code GET …/{name}}: a service account's file, its token endpoint here} */
    public Endpoint serviceAccount() {
        return new Path(
                errors,
                incoming ->
                        answer(
                                "",
                                Behaviour.PLAIN,
                                accounts.file(incoming.pathParameter("name"), audience(incoming))));
    }

    /** {@return {@code DELETE}: no token that was issued counts any more} */
    public Endpoint revocation() {
        return new Path(
                errors,
                _ -> {
                    tokens.revoke();
                    return answer("", Behaviour.PLAIN, Json.object());
                });
    }

    /** {@return {@code POST /token}} The account's name may hold directives, as a model's may. */
    public Endpoint token() {
        return new Path(
                errors,
                incoming -> {
                    Form form = Form.of(incoming);
                    form.requireGrant(JWT_BEARER);
                    String signer = accounts.signer(form.text("assertion"), audience(incoming));
                    ModelName name = ModelName.of(signer);
                    Behaviour behaviour = incoming.behaviour(name);
                    int seconds = behaviour.count(Directive.EXPIRES_IN, SECONDS);
                    return answer(name.name(), behaviour, tokens.issue(seconds));
                });
    }

    private Answer answer(String name, Behaviour behaviour, JsonNode body) {
        return new Answer(name, behaviour, errors, Headers.EMPTY, Answer.json(body));
    }

    private static String audience(Incoming incoming) {
        return "http://" + incoming.headers().get("host") + TOKEN_PATH;
    }
}
