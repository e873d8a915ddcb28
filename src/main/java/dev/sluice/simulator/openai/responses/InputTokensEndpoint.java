package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/responses/input_tokens}. */
public final class InputTokensEndpoint implements Endpoint {
    private final ResponsesReader reader;
    private final ErrorShape errors = new OpenAiErrors();

    public InputTokensEndpoint(Models models, StoredResponses stored) {
        this.reader = new ResponsesReader(models, stored);
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ObjectNode body = incoming.json();
        ModelName model = Fields.model(body);
        Behaviour behaviour = incoming.behaviour(model);
        String name = reader.checked(model.name());
        int tokens = reader.conversation(body, reader.input(body)).inputTokens();
        ObjectNode answer = Json.object().put("object", "response.input_tokens");
        answer.put("input_tokens", tokens);
        return new Answer(name, behaviour, errors, OpenAiErrors.HEADERS, Answer.json(answer));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }
}
