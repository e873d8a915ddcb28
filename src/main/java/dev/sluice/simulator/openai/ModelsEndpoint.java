package dev.sluice.simulator.openai;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} and {@code /v1/models/{id}}. */
public final class ModelsEndpoint implements Endpoint {
    private static final long CREATED = 1_767_225_600;

    private final Models models;
    private final ErrorShape errors = new OpenAiErrors();

    public ModelsEndpoint(Models models) {
        this.models = models;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        String id = incoming.pathParameter("id");
        ObjectNode body = id.isEmpty() ? list() : one(id);
        ModelName none = ModelName.of("");
        return new Answer(
                "", incoming.behaviour(none), errors, OpenAiErrors.HEADERS, Answer.json(body));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }

    private ObjectNode list() {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        models.names().forEach(name -> data.add(model(name)));
        return list;
    }

    private ObjectNode one(String id) throws Refusal {
        if (!models.names().contains(id)) {
            throw OpenAiErrors.unknownModel(id);
        }
        return model(id);
    }

    private static ObjectNode model(String name) {
        return Json.object()
                .put("id", name)
                .put("object", "model")
                .put("created", CREATED)
                .put("owned_by", "simulator");
    }
}
