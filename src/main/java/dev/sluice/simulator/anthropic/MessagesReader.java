package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
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

/** Reads a request, refusing what Anthropic would refuse. */
final class MessagesReader {
    private final Models models;

    MessagesReader(Models models) {
        this.models = models;
    }

    /** What a body of {@code /v1/messages} asks for. */
    record MessagesRequest(Ask ask, boolean stream) {}

    MessagesRequest read(Incoming incoming) throws Refusal {
        checkVersion(incoming);
        ObjectNode body = incoming.json();
        ModelName model = model(body);
        Behaviour behaviour = incoming.behaviour(model);
        String name = AnthropicErrors.checked(models, model.name());
        int maxTokens = maxTokens(body);
        Thinking thinking = thinking(body, name, behaviour);
        checkBudget(body.path("thinking"), maxTokens);
        Ask ask =
                new Ask(
                        name,
                        behaviour,
                        incoming.fingerprint(),
                        conversation(body),
                        1,
                        maxTokens,
                        stops(body.path("stop_sequences")),
                        toolbox(body, thinking),
                        form(body),
                        thinking);
        boolean asked = body.path("stream").asBoolean(false);
        boolean stream =
                behaviour.has(Directive.ALWAYS_STREAM)
                        || (asked && !behaviour.has(Directive.NEVER_STREAM));
        return new MessagesRequest(ask, stream);
    }

    static ModelName model(ObjectNode body) throws Refusal {
        if (!body.path("model").isString()) {
            throw Refusal.invalid("model: Field required", "model");
        }
        return ModelName.of(body.path("model").stringValue());
    }

    Conversation conversation(ObjectNode body) throws Refusal {
        return new MessagesTurns(models.strict()).read(body);
    }

    private void checkVersion(Incoming incoming) throws Refusal {
        if (models.strict() && !incoming.headers().contains("anthropic-version")) {
            throw Refusal.invalid("anthropic-version: header is required", null);
        }
    }

    private static int maxTokens(ObjectNode body) throws Refusal {
        JsonNode limit = body.path("max_tokens");
        if (limit.isMissingNode()) {
            throw Refusal.invalid("max_tokens: Field required", "max_tokens");
        }
        if (!limit.isIntegralNumber() || limit.asInt(0) < 1) {
            throw Refusal.invalid(
                    "max_tokens: Input should be greater than or equal to 1", "max_tokens");
        }
        return limit.intValue();
    }

    private void checkBudget(JsonNode thinking, int maxTokens) throws Refusal {
        if (!models.strict() || !thinking.path("type").asString("").equals("enabled")) {
            return;
        }
        int budget = thinking.path("budget_tokens").asInt(0);
        if (budget < 1_024) {
            throw Refusal.invalid(
                    "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
                    null);
        }
        if (budget >= maxTokens) {
            throw Refusal.invalid(
                    "`max_tokens` must be greater than `thinking.budget_tokens`.", null);
        }
    }

    private static Thinking thinking(ObjectNode body, String model, Behaviour behaviour) {
        JsonNode thinking = body.path("thinking");
        boolean thinks =
                switch (thinking.path("type").asString("")) {
                    case "enabled", "adaptive" -> true;
                    case "disabled" -> false;
                    default -> model.contains("reasoning");
                };
        if (!thinks && !behaviour.has(Directive.REASONING)) {
            return Thinking.NONE;
        }
        boolean omitted = thinking.path("display").asString("").equals("omitted");
        return omitted ? Thinking.HIDDEN : Thinking.SHOWN;
    }

    private static List<String> stops(JsonNode sequences) {
        List<String> stops = new ArrayList<>(sequences.size());
        sequences.forEach(sequence -> stops.add(sequence.asString("")));
        return stops;
    }

    private static @Nullable Form form(ObjectNode body) {
        JsonNode format = body.path("output_config").path("format");
        boolean wanted = format.path("type").asString("").equals("json_schema");
        return wanted ? new Form(format.path("schema")) : null;
    }

    private Toolbox toolbox(ObjectNode body, Thinking thinking) throws Refusal {
        List<Toolbox.Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            // Server tools have no schema and are the provider's own business.
            if (tool.path("input_schema").isObject()) {
                tools.add(
                        new Toolbox.Tool(
                                tool.path("name").asString(""), tool.path("input_schema")));
            }
        }
        if (tools.isEmpty()) {
            return Toolbox.EMPTY;
        }
        JsonNode choice = body.path("tool_choice");
        String type = choice.path("type").asString("auto");
        boolean forced = type.equals("any") || type.equals("tool");
        if (forced && models.strict() && thinking != Thinking.NONE) {
            throw Refusal.invalid(
                    "Thinking may not be enabled when tool_choice forces tool use.", "tool_choice");
        }
        Toolbox.Mode mode = type.equals("none") ? Toolbox.Mode.NONE : Toolbox.Mode.AUTO;
        return new Toolbox(
                tools,
                forced ? Toolbox.Mode.REQUIRED : mode,
                type.equals("tool") ? List.of(choice.path("name").asString("")) : List.of(),
                !choice.path("disable_parallel_tool_use").asBoolean(false));
    }
}
