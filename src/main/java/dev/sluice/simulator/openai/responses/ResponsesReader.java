package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Ask.Form;
import dev.sluice.simulator.script.Ask.Thinking;
import dev.sluice.simulator.script.Conversation;
import dev.sluice.simulator.script.Toolbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request, refusing what OpenAI would refuse. */
final class ResponsesReader {
    private static final int LEAST_OUTPUT = 16;

    private final Models models;
    private final StoredResponses stored;

    ResponsesReader(Models models, StoredResponses stored) {
        this.models = models;
        this.stored = stored;
    }

    ResponsesRequest read(Incoming incoming) throws Refusal {
        ObjectNode body = incoming.json();
        ModelName model = Fields.model(body);
        Behaviour behaviour = incoming.behaviour(model);
        String name = checked(model.name());
        boolean store = body.path("store").asBoolean(true);
        ResponsesInput input = input(body);
        Ask ask =
                new Ask(
                        name,
                        behaviour,
                        incoming.fingerprint(),
                        conversation(body, input),
                        1,
                        Fields.limit(body, "max_output_tokens", LEAST_OUTPUT),
                        List.of(),
                        toolbox(body),
                        form(body),
                        thinking(body, name, behaviour));
        boolean asked = Fields.flag(body, "stream");
        return new ResponsesRequest(
                ask,
                body,
                input.items(),
                behaviour.has(Directive.ALWAYS_STREAM)
                        || (asked && !behaviour.has(Directive.NEVER_STREAM)),
                store,
                body.path("background").asBoolean(false),
                Fields.texts(body.path("include")).contains("reasoning.encrypted_content"));
    }

    /** {@return the name} Unlike Chat, Responses calls an unknown model a bad request. */
    String checked(String name) throws Refusal {
        if (!models.serves(name)) {
            throw new Refusal(
                    400,
                    "model_not_found",
                    "The requested model '" + name + "' does not exist.",
                    "model");
        }
        return name;
    }

    ResponsesInput input(ObjectNode body) throws Refusal {
        // What a stored response said or called is not in this body.
        boolean alone = body.path("previous_response_id").isString() || body.has("conversation");
        return ResponsesInput.read(body, models.strict() && !alone);
    }

    /** {@return what was said, with what the response it follows on had used} */
    Conversation conversation(ObjectNode body, ResponsesInput input) throws Refusal {
        JsonNode previous = body.path("previous_response_id");
        Conversation conversation = input.conversation();
        if (!previous.isString()) {
            return conversation;
        }
        JsonNode before = stored.find(previous.stringValue()).response();
        if (before == null) {
            throw new Refusal(
                    400,
                    "previous_response_not_found",
                    "Previous response with id '%s' not found.".formatted(previous.stringValue()),
                    "previous_response_id");
        }
        return new Conversation(
                conversation.lastUserText(),
                conversation.results(),
                conversation.media(),
                conversation.inputTokens() + before.path("usage").path("total_tokens").asInt(0));
    }

    private static Thinking thinking(ObjectNode body, String model, Behaviour behaviour) {
        if (behaviour.has(Directive.REASONING)) {
            return Thinking.SHOWN;
        }
        JsonNode reasoning = body.path("reasoning");
        String effort = reasoning.path("effort").asString("");
        boolean thinks = effort.isEmpty() ? model.contains("reasoning") : !effort.equals("none");
        if (!thinks) {
            return Thinking.NONE;
        }
        return reasoning.path("summary").isString() ? Thinking.SHOWN : Thinking.HIDDEN;
    }

    private static @Nullable Form form(ObjectNode body) {
        JsonNode format = body.path("text").path("format");
        return switch (format.path("type").asString("text")) {
            case "json_object" -> new Form(null);
            case "json_schema" -> new Form(format.path("schema"));
            default -> null;
        };
    }

    private static Toolbox toolbox(ObjectNode body) throws Refusal {
        List<Toolbox.Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            if (tool.path("type").asString("").equals("function")) {
                String name = tool.path("name").asString("");
                if (name.isEmpty()) {
                    throw Fields.missing("tools[" + tools.size() + "].name");
                }
                tools.add(new Toolbox.Tool(name, tool.path("parameters")));
            }
        }
        if (tools.isEmpty()) {
            return Toolbox.EMPTY;
        }
        JsonNode choice = body.path("tool_choice");
        boolean parallel = body.path("parallel_tool_calls").asBoolean(true);
        return new Toolbox(tools, mode(choice), allowed(choice), parallel);
    }

    private static Toolbox.Mode mode(JsonNode choice) {
        boolean named = choice.path("type").asString("").equals("function");
        String word =
                choice.isObject() ? choice.path("mode").asString("auto") : choice.asString("");
        if (named || word.equals("required")) {
            return Toolbox.Mode.REQUIRED;
        }
        return word.equals("none") ? Toolbox.Mode.NONE : Toolbox.Mode.AUTO;
    }

    private static List<String> allowed(JsonNode choice) {
        if (choice.path("name").isString()) {
            return List.of(choice.path("name").stringValue());
        }
        List<String> names = new ArrayList<>();
        for (JsonNode tool : choice.path("tools")) {
            names.add(tool.path("name").asString(""));
        }
        return names;
    }
}
