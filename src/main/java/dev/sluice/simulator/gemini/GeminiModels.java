package dev.sluice.simulator.gemini;

import dev.sluice.http.Headers;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1beta/models} and {@code /v1beta/models/{model}}. */
public final class GeminiModels implements Endpoint {
    private static final List<String> METHODS =
            List.of("generateContent", "streamGenerateContent", "countTokens");

    private final Models models;

    public GeminiModels(Models models) {
        this.models = models;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        String name = incoming.pathParameter("model");
        ObjectNode body = name.isEmpty() ? list() : one(name);
        return new Answer(
                "",
                incoming.behaviour(ModelName.of("")),
                GeminiErrors.PLAIN,
                Headers.EMPTY,
                Answer.json(body));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return GeminiErrors.PLAIN;
    }

    private ObjectNode list() {
        ObjectNode list = Json.object();
        ArrayNode data = list.putArray("models");
        models.names().forEach(name -> data.add(model(name)));
        return list;
    }

    private ObjectNode one(String name) throws Refusal {
        if (!models.names().contains(name)) {
            throw GeminiErrors.unknownModel(name);
        }
        return model(name);
    }

    private static ObjectNode model(String name) {
        ObjectNode model = Json.object().put("name", "models/" + name).put("version", "001");
        model.put("displayName", name).put("description", "A simulated model.");
        model.put("inputTokenLimit", 1_048_576).put("outputTokenLimit", 65_536);
        ArrayNode methods = model.putArray("supportedGenerationMethods");
        METHODS.forEach(methods::add);
        return model.put("thinking", name.contains("reasoning"));
    }
}
