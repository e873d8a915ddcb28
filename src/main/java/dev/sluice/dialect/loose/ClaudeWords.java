package dev.sluice.dialect.loose;

import dev.sluice.dialect.json.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Claude's clients say on the chat path. */
final class ClaudeWords {
    private static final String VERSION = "anthropic_version";
    private static final String OLD_LIMIT = "max_tokens_to_sample";
    private static final Set<String> BLOCKS =
            Set.of("tool_use", "tool_result", "document", "thinking", "redacted_thinking");

    private ClaudeWords() {}

    /** {@return whether nobody but a client of Anthropic says such a thing} */
    static boolean isMarked(ObjectNode request) {
        return request.has(VERSION) || request.has(OLD_LIMIT);
    }

    /** {@return the request as Anthropic takes it: the version is a header's, the limit renamed} */
    static ObjectNode unmarked(ObjectNode request) {
        ObjectNode changed = request.deepCopy();
        changed.remove(VERSION);
        JsonNode limit = changed.remove(OLD_LIMIT);
        if (limit != null && !changed.has("max_tokens")) {
            changed.set("max_tokens", limit);
        }
        if (changed.path("metadata") instanceof ObjectNode metadata && metadata.has("user")) {
            JsonNode user = metadata.remove("user");
            if (!metadata.has("user_id")) {
                metadata.set("user_id", user);
            }
        }
        return changed;
    }

    /** {@return whether there are blocks that only Anthropic's protocol has} */
    static boolean hasBlocks(JsonNode messages) {
        for (JsonNode message : messages) {
            for (JsonNode part : message.path("content")) {
                String type = part.path("type").asString("");
                if (BLOCKS.contains(type) || (type.equals("image") && part.has("source"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return the request with Claude's words around its messages put into those of Chat} */
    static ObjectNode told(ObjectNode request) {
        ObjectNode told = request.deepCopy();
        JsonNode system = told.remove("system");
        if (system != null && told.path("messages") instanceof ArrayNode messages) {
            if (system.isString() || !system.isEmpty()) {
                messages.insertObject(0).put("role", "system").set("content", system);
            }
        }
        JsonNode stops = told.remove("stop_sequences");
        if (stops != null && !told.has("stop")) {
            told.set("stop", stops);
        }
        if (told.path("tools") instanceof ArrayNode tools) {
            told.set("tools", tools(tools));
        }
        choice(told);
        return told;
    }

    private static ArrayNode tools(ArrayNode tools) {
        ArrayNode told = Json.mapper().createArrayNode();
        tools.forEach(tool -> told.add(tool.has("input_schema") ? tool((ObjectNode) tool) : tool));
        return told;
    }

    private static ObjectNode tool(ObjectNode tool) {
        ObjectNode told = Json.mapper().createObjectNode().put("type", "function");
        ObjectNode function = told.putObject("function");
        for (String name : Set.of("name", "description", "strict")) {
            if (tool.has(name)) {
                function.set(name, tool.path(name));
            }
        }
        function.set("parameters", tool.path("input_schema"));
        if (tool.has("cache_control")) {
            told.set("cache_control", tool.path("cache_control"));
        }
        return told;
    }

    private static void choice(ObjectNode told) {
        if (!(told.path("tool_choice") instanceof ObjectNode choice)) {
            return;
        }
        switch (choice.path("type").asString("")) {
            case "auto", "none" -> told.set("tool_choice", choice.path("type"));
            case "any" -> told.put("tool_choice", "required");
            case "tool" -> {
                ObjectNode named = told.putObject("tool_choice").put("type", "function");
                named.putObject("function").set("name", choice.path("name"));
            }
            default -> {
                return;
            }
        }
        if (choice.path("disable_parallel_tool_use").asBoolean(false)) {
            told.put("parallel_tool_calls", false);
        }
    }
}
