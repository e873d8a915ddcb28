package dev.sluice.dialect.fidelity;

import dev.sluice.dialect.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What two JSON trees have in common. */
final class Trees {
    private static final Set<String> TEXTS = Set.of("text", "input_text", "output_text");

    /** What a function without parameters has, where it has any. */
    private static final JsonNode NO_PARAMETERS =
            Json.mapper().readTree("{\"type\":\"object\",\"properties\":{}}");

    private Trees() {}

    /**
     * {@return whether the tree says all of that part} What protocols take in two spellings is
     * equal: one text and a list of one, numbers however written, null and nothing.
     */
    static boolean says(JsonNode tree, JsonNode part) {
        JsonNode whole = plain(tree);
        JsonNode wanted = plain(part);
        if (wanted.isObject()) {
            return wanted.properties().stream()
                    .allMatch(field ->
                            field.getValue().isNull()
                                    || field.getValue().equals(NO_PARAMETERS)
                                    || says(whole.path(field.getKey()), field.getValue()));
        }
        if (wanted.isArray()) {
            return whole.isArray() && whole.size() == wanted.size() && saysEach(whole, wanted);
        }
        if (wanted.isNumber() && whole.isNumber()) {
            return wanted.decimalValue().compareTo(whole.decimalValue()) == 0;
        }
        return wanted.equals(whole);
    }

    private static boolean saysEach(JsonNode whole, JsonNode wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!says(whole.get(i), wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** One text alone stands for a list of it, and JSON in a text for itself. */
    private static JsonNode plain(JsonNode node) {
        if (node instanceof ArrayNode list && list.size() == 1) {
            JsonNode only = list.get(0);
            boolean text =
                    only.size() == 2
                            && TEXTS.contains(only.path("type").asString(""))
                            && only.path("text").isString();
            return text ? only.get("text") : only.isString() ? only : list;
        }
        return node.isString() && node.stringValue().startsWith("{") ? parsed(node) : node;
    }

    private static JsonNode parsed(JsonNode text) {
        try {
            return Json.mapper().readTree(text.stringValue());
        } catch (JacksonException e) {
            return text;
        }
    }

    /** {@return the paths at which the second tree says something that the first does not} */
    static List<String> added(JsonNode before, JsonNode after) {
        List<String> paths = new ArrayList<>();
        added(before, after, "", paths);
        return paths;
    }

    private static void added(JsonNode before, JsonNode after, String path, List<String> paths) {
        boolean outer = path.indexOf('.') < 0 && before.isMissingNode();
        if ((before.isObject() || outer) && after instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                added(before.path(field.getKey()), field.getValue(), name, paths);
            }
        } else if (!before.equals(after)) {
            paths.add(path);
        }
    }
}
