package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be done with {@code /v1/responses/{id}}. */
public final class StoredResponseEndpoint implements Endpoint {
    private final StoredResponses stored;
    private final Action action;
    private final ErrorShape errors = new OpenAiErrors();

    /** The method and the rest of the path say which. */
    public enum Action {
        READ,
        DELETE,
        CANCEL,
        LIST_INPUT
    }

    public StoredResponseEndpoint(StoredResponses stored, Action action) {
        this.stored = stored;
        this.action = action;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        String id = incoming.pathParameter("id");
        StoredResponses.Stored found = stored.find(id);
        if (found.response() == null || found.input() == null) {
            throw new Refusal(404, null, "Response with id '" + id + "' not found.", null);
        }
        return new Answer(
                "",
                incoming.behaviour(ModelName.of("")),
                errors,
                OpenAiErrors.HEADERS,
                Answer.json(act(id, found.response(), found.input())));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }

    private ObjectNode act(String id, ObjectNode response, ArrayNode input) throws Refusal {
        return switch (action) {
            case READ -> response;
            case DELETE -> {
                stored.remove(id);
                yield Json.object().put("id", id).put("object", "response").put("deleted", true);
            }
            case CANCEL -> {
                if (!response.path("background").booleanValue()) {
                    throw Refusal.invalid("Cannot cancel a synchronous response.", null);
                }
                ObjectNode cancelled = response.deepCopy().put("status", "cancelled");
                stored.put(id, cancelled, input);
                yield cancelled;
            }
            case LIST_INPUT -> list(id, input);
        };
    }

    private static ObjectNode list(String response, ArrayNode input) {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (JsonNode item : input) {
            ObjectNode copy = Json.object();
            copy.put("id", "item_" + response.substring(5) + data.size());
            item.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
            data.add(copy);
        }
        return list.put("first_id", data.path(0).path("id").asString(null))
                .put("last_id", data.path(data.size() - 1).path("id").asString(null))
                .put("has_more", false);
    }
}
