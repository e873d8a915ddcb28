package dev.sluice.simulator.anthropic;

import dev.sluice.http.Headers;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /model/{model}/count-tokens}: what a model would be invoked with, in base64. */
public final class BedrockCounts implements Endpoint {
    private final MessagesReader reader;
    private final ErrorShape errors = new BedrockErrors();

    public BedrockCounts(Models models) {
        this.reader = new MessagesReader(models);
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ModelName model = ModelName.of(incoming.pathParameter("model"));
        Behaviour behaviour = incoming.behaviour(model);
        String base64 = incoming.json().at("/input/invokeModel/body").asString("");
        ObjectNode body = Json.read(decoded(base64)).orElseThrow(BedrockCounts::unreadable);
        if (!body.has("anthropic_version") || !body.has("max_tokens") || body.has("model")) {
            throw Refusal.invalid("The body is not one of InvokeModel.", "body");
        }
        int tokens = reader.conversation(body).inputTokens();
        return new Answer(
                model.name(),
                behaviour,
                errors,
                Headers.EMPTY,
                Answer.json(Json.object().put("inputTokens", tokens)));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }

    private static byte[] decoded(String base64) throws Refusal {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw unreadable();
        }
    }

    private static Refusal unreadable() {
        return Refusal.invalid("The body cannot be read.", "body");
    }
}
