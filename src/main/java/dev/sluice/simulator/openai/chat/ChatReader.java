package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Ask.Form;
import dev.sluice.simulator.script.Ask.Thinking;
import dev.sluice.simulator.script.Toolbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request, refusing what OpenAI would refuse. */
final class ChatReader {
    private final Models models;

    ChatReader(Models models) {
        this.models = models;
    }

    ChatRequest read(Incoming incoming) throws Refusal {
        ObjectNode body = incoming.json();
        ModelName model = Fields.model(body);
        Behaviour behaviour = incoming.behaviour(model);
        String name = OpenAiErrors.checked(models, model.name());
        Ask ask =
                new Ask(
                        name,
                        behaviour,
                        incoming.fingerprint(),
                        new ChatMessages(models.strict()).read(body),
                        Fields.count(body, "n", 1, 128),
                        maxTokens(body),
                        Fields.texts(body.path("stop")),
                        toolbox(body),
                        form(body),
                        thinking(body, name, behaviour));
        return new ChatRequest(
                ask,
                streams(body, behaviour),
                body.path("stream_options").path("include_usage").asBoolean(false));
    }

    private static boolean streams(ObjectNode body, Behaviour behaviour) throws Refusal {
        boolean asked = Fields.flag(body, "stream");
        return behaviour.has(Directive.ALWAYS_STREAM)
                || (asked && !behaviour.has(Directive.NEVER_STREAM));
    }

    private static @Nullable Integer maxTokens(ObjectNode body) throws Refusal {
        Integer limit = Fields.limit(body, "max_completion_tokens", 1);
        return limit == null ? Fields.limit(body, "max_tokens", 1) : limit;
    }

    private static Thinking thinking(ObjectNode body, String model, Behaviour behaviour) {
        String effort = body.path("reasoning_effort").asString("none");
        boolean thinks =
                model.contains("reasoning")
                        || behaviour.has(Directive.REASONING)
                        || !effort.equals("none");
        if (!thinks) {
            return Thinking.NONE;
        }
        return behaviour.is(Directive.REASONING_FIELD, "none") ? Thinking.HIDDEN : Thinking.SHOWN;
    }

    private static @Nullable Form form(ObjectNode body) {
        JsonNode format = body.path("response_format");
        return switch (format.path("type").asString("text")) {
            case "json_object" -> new Form(null);
            case "json_schema" -> new Form(format.path("json_schema").path("schema"));
            default -> null;
        };
    }

    private static Toolbox toolbox(ObjectNode body) throws Refusal {
        JsonNode offered = body.path("tools");
        if (offered.isEmpty()) {
            return Toolbox.EMPTY;
        }
        List<Toolbox.Tool> tools = new ArrayList<>();
        for (JsonNode tool : offered) {
            JsonNode function = tool.path("function");
            if (!function.path("name").isString()) {
                throw Refusal.invalid(
                        "Missing required parameter: 'tools[%d].function.name'."
                                .formatted(tools.size()),
                        "tools[" + tools.size() + "].function.name");
            }
            tools.add(
                    new Toolbox.Tool(
                            function.path("name").stringValue(), function.path("parameters")));
        }
        JsonNode choice = body.path("tool_choice");
        boolean parallel = body.path("parallel_tool_calls").asBoolean(true);
        return new Toolbox(tools, mode(choice), allowed(choice), parallel);
    }

    private static Toolbox.Mode mode(JsonNode choice) {
        JsonNode restricted = choice.path("allowed_tools");
        if (choice.isObject() && restricted.isMissingNode()) {
            return Toolbox.Mode.REQUIRED;
        }
        JsonNode word = restricted.isMissingNode() ? choice : restricted.path("mode");
        return switch (word.asString("auto")) {
            case "none" -> Toolbox.Mode.NONE;
            case "required", "any" -> Toolbox.Mode.REQUIRED;
            default -> Toolbox.Mode.AUTO;
        };
    }

    private static List<String> allowed(JsonNode choice) {
        JsonNode named = choice.path("function").path("name");
        if (named.isString()) {
            return List.of(named.stringValue());
        }
        List<String> names = new ArrayList<>();
        for (JsonNode tool : choice.path("allowed_tools").path("tools")) {
            names.add(tool.path("function").path("name").asString(""));
        }
        return names;
    }
}
