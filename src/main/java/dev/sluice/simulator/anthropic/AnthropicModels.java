package dev.sluice.simulator.anthropic;

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

/** {@code GET /v1/models} and {@code /v1/models/{id}} as Anthropic answers them. */
public final class AnthropicModels implements Endpoint {
    private final Models models;
    private final ErrorShape errors = new AnthropicErrors();

    public AnthropicModels(Models models) {
        this.models = models;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        String id = incoming.pathParameter("id");
        ObjectNode body = id.isEmpty() ? list() : one(id);
        return new Answer(
                "",
                incoming.behaviour(ModelName.of("")),
                errors,
                AnthropicErrors.HEADERS,
                Answer.json(body));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }

    private ObjectNode list() {
        ObjectNode list = Json.object();
        ArrayNode data = list.putArray("data");
        models.names().forEach(name -> data.add(model(name)));
        return list.put("has_more", false)
                .put("first_id", models.names().getFirst())
                .put("last_id", models.names().getLast());
    }

    private ObjectNode one(String id) throws Refusal {
        if (!models.names().contains(id)) {
            throw new Refusal(404, null, "model: " + id, null);
        }
        return model(id);
    }

    private static ObjectNode model(String name) {
        return Json.object()
                .put("id", name)
                .put("type", "model")
                .put("display_name", name)
                .put("created_at", "2026-01-01T00:00:00Z")
                .put("lifecycle", "active")
                .put("max_input_tokens", 200_000)
                .put("max_tokens", 64_000);
    }
}
