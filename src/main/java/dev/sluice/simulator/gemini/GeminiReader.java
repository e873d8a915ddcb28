package dev.sluice.simulator.gemini;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Ask.Form;
import dev.sluice.simulator.script.Ask.Thinking;
import dev.sluice.simulator.script.Conversation;
import dev.sluice.simulator.script.Fingerprint;
import dev.sluice.simulator.script.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request, refusing what Google would refuse. Names may be in camelCase or snake_case. */
final class GeminiReader {
    private final boolean strict;

    GeminiReader(boolean strict) {
        this.strict = strict;
    }

    Ask read(ObjectNode body, String model, Behaviour behaviour, Fingerprint fingerprint)
            throws Refusal {
        JsonNode config = field(body, "generationConfig");
        return new Ask(
                model,
                behaviour,
                fingerprint,
                conversation(body),
                Math.clamp(field(config, "candidateCount").asInt(1), 1, 8),
                limit(config),
                texts(field(config, "stopSequences")),
                toolbox(body),
                form(config),
                thinking(config, model, behaviour));
    }

    Conversation conversation(JsonNode body) throws Refusal {
        return new GeminiContents(strict).read(body);
    }

    /** {@return the field by its name or by its name in snake_case} */
    static JsonNode field(JsonNode node, String name) {
        JsonNode camel = node.path(name);
        if (!camel.isMissingNode()) {
            return camel;
        }
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                snake.append('_').append(Character.toLowerCase(c));
            } else {
                snake.append(c);
            }
        }
        return node.path(snake.toString());
    }

    private static @Nullable Integer limit(JsonNode config) throws Refusal {
        JsonNode limit = field(config, "maxOutputTokens");
        if (limit.isMissingNode() || limit.isNull()) {
            return null;
        }
        if (!limit.isIntegralNumber() || limit.asInt(0) < 1) {
            throw Refusal.invalid(
                    "max_output_tokens must be positive.", "generation_config.max_output_tokens");
        }
        return limit.intValue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        array.forEach(text -> texts.add(text.asString("")));
        return texts;
    }

    private static Thinking thinking(JsonNode config, String model, Behaviour behaviour) {
        if (behaviour.has(Directive.REASONING)) {
            return Thinking.SHOWN;
        }
        JsonNode thinking = field(config, "thinkingConfig");
        if (field(thinking, "includeThoughts").asBoolean(false)) {
            return Thinking.SHOWN;
        }
        int budget = field(thinking, "thinkingBudget").asInt(0);
        boolean level = field(thinking, "thinkingLevel").isString();
        return budget != 0 || level || (model.contains("reasoning") && thinking.isMissingNode())
                ? Thinking.HIDDEN
                : Thinking.NONE;
    }

    private static @Nullable Form form(JsonNode config) {
        if (!field(config, "responseMimeType").asString("").equals("application/json")) {
            return null;
        }
        JsonNode full = field(config, "responseJsonSchema");
        JsonNode schema = full.isMissingNode() ? field(config, "responseSchema") : full;
        return new Form(schema.isMissingNode() ? null : schema);
    }

    private static Toolbox toolbox(JsonNode body) {
        List<Toolbox.Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            for (JsonNode function : field(tool, "functionDeclarations")) {
                JsonNode full = field(function, "parametersJsonSchema");
                JsonNode schema = full.isMissingNode() ? function.path("parameters") : full;
                tools.add(new Toolbox.Tool(function.path("name").asString(""), schema));
            }
        }
        if (tools.isEmpty()) {
            return Toolbox.EMPTY;
        }
        JsonNode choice = field(field(body, "toolConfig"), "functionCallingConfig");
        Toolbox.Mode mode =
                switch (choice.path("mode").asString("AUTO").toUpperCase(Locale.ROOT)) {
                    case "ANY" -> Toolbox.Mode.REQUIRED;
                    case "NONE" -> Toolbox.Mode.NONE;
                    default -> Toolbox.Mode.AUTO;
                };
        return new Toolbox(tools, mode, texts(field(choice, "allowedFunctionNames")), true);
    }
}
