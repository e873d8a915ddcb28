package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/messages/count_tokens}. */
public final class CountTokensEndpoint implements Endpoint {
    private final Models models;
    private final MessagesReader reader;
    private final ErrorShape errors = new AnthropicErrors();

    public CountTokensEndpoint(Models models) {
        this.models = models;
        this.reader = new MessagesReader(models);
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ObjectNode body = incoming.json();
        ModelName model = MessagesReader.model(body);
        Behaviour behaviour = incoming.behaviour(model);
        String name = AnthropicErrors.checked(models, model.name());
        int tokens = reader.conversation(body).inputTokens();
        return new Answer(
                name,
                behaviour,
                errors,
                AnthropicErrors.HEADERS,
                Answer.json(Json.object().put("input_tokens", tokens)));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
