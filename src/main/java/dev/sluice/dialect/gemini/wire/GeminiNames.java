package dev.sluice.dialect.gemini.wire;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The names of a body's fields in camelCase: Google's JSON takes snake_case as well, anywhere but
 * in what is the client's own.
 */
public final class GeminiNames {
    /** What stands below these is the client's own, or a schema. */
    private static final Set<String> OWN =
            Set.of(
                    "args",
                    "response",
                    "parameters",
                    "parametersJsonSchema",
                    "responseSchema",
                    "responseJsonSchema",
                    "labels",
                    "partMetadata");

    private GeminiNames() {}

    /** {@return the tree with all names in camelCase; the same one where they are already} */
    public static JsonNode camelCased(JsonNode node) throws MalformedRequest {
        return isSnakeCased(node) ? copy(node) : node;
    }

    private static boolean isSnakeCased(JsonNode node) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = field.getKey();
            if (name.indexOf('_') > 0 || (!OWN.contains(name) && isSnakeCased(field.getValue()))) {
                return true;
            }
        }
        return node.isArray() && node.values().stream().anyMatch(GeminiNames::isSnakeCased);
    }

    private static JsonNode copy(JsonNode node) throws MalformedRequest {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.mapper().createArrayNode();
            for (JsonNode element : array) {
                copy.add(copy(element));
            }
            return copy;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode copy = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = camelCase(field.getKey());
            JsonNode value = OWN.contains(name) ? field.getValue() : copy(field.getValue());
            if (copy.putIfAbsent(name, value) != null) {
                throw new MalformedRequest(
                        "\"" + name + "\" is given twice, in two spellings.", name);
            }
        }
        return copy;
    }

    static String camelCase(String name) {
        int underscore = name.indexOf('_');
        if (underscore <= 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }
}
