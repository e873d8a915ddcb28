package dev.sluice.dialect.gemini.answer;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The arguments of one call: whole, or told in values with the paths at which they belong, pieces
 * of one text with the same path. For one call.
 */
final class GeminiPartialArguments {
    private static final Pattern STEP =
            Pattern.compile("\\.([^.\\[\\]]+)|\\[(\\d{1,5})]|\\[(?:'([^']*)'|\"([^\"]*)\")]");

    /** A list cannot be extended by leaps. */
    private static final int MAX_GAP = 16;

    private static final int MAX_STEPS = 64;

    private final ObjectNode arguments = Json.mapper().createObjectNode();

    /** The path of the text that is being said, and as much of it as there is. */
    private String path = "";

    private final StringBuilder text = new StringBuilder();

    GeminiPartialArguments(JsonNode call) {
        add(call);
    }

    void add(JsonNode call) {
        if (call.path("args") instanceof ObjectNode args) {
            args.properties().forEach(field -> arguments.set(field.getKey(), field.getValue()));
        }
        for (JsonNode value : Fields.elements(call.get("partialArgs"))) {
            value(value);
        }
    }

    /** {@return the arguments as they are, as JSON} */
    String whole() {
        putText();
        return arguments.toString();
    }

    /** {@return what there is of arguments that broke off, which is therefore no whole JSON} */
    String cut() {
        String json = whole();
        return arguments.isEmpty() ? "" : json.substring(0, json.length() - 1);
    }

    private void value(JsonNode value) {
        String at = value.path("jsonPath").asString("");
        if (!at.equals(path)) {
            putText();
        }
        JsonNode piece = value.path("stringValue");
        if (piece.isString()) {
            path = at;
            text.append(piece.stringValue());
            if (!value.path("willContinue").asBoolean(false)) {
                putText();
            }
            return;
        }
        for (String name : List.of("numberValue", "boolValue", "nullValue")) {
            if (value.has(name)) {
                boolean none = name.equals("nullValue");
                put(at, none ? Json.mapper().getNodeFactory().nullNode() : value.path(name));
            }
        }
    }

    /** Puts the text where it belongs, once all of it is there. */
    private void putText() {
        if (!path.isEmpty()) {
            put(path, Json.mapper().getNodeFactory().stringNode(text.toString()));
        }
        path = "";
        text.setLength(0);
    }

    private void put(String at, JsonNode value) {
        List<Object> steps = steps(at);
        JsonNode node = steps.isEmpty() ? null : arguments;
        for (int i = 0; i < steps.size() - 1 && node != null; i++) {
            node = child(node, steps.get(i), steps.get(i + 1));
        }
        if (node != null) {
            put(node, steps.getLast(), value);
        }
    }

    private static List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        int end = path.startsWith("$") ? 1 : 0;
        Matcher matcher = STEP.matcher(path).region(end, path.length());
        while (matcher.lookingAt() && steps.size() < MAX_STEPS) {
            String index = matcher.group(2);
            String quoted = matcher.group(3) == null ? matcher.group(4) : matcher.group(3);
            String name = matcher.group(1) == null ? quoted : matcher.group(1);
            steps.add(index == null ? name : (Object) Integer.valueOf(index));
            end = matcher.end();
            matcher.region(end, path.length());
        }
        return end == path.length() ? steps : List.of();
    }

    private static @Nullable JsonNode child(JsonNode at, Object step, Object next) {
        JsonNode there = step instanceof Integer index ? at.get(index) : at.get((String) step);
        if (there != null && there.isContainer()) {
            return there;
        }
        JsonNode made =
                next instanceof Integer
                        ? Json.mapper().createArrayNode()
                        : Json.mapper().createObjectNode();
        return put(at, step, made) ? made : null;
    }

    private static boolean put(JsonNode at, Object step, JsonNode value) {
        if (at instanceof ObjectNode object && step instanceof String name) {
            object.set(name, value);
            return true;
        }
        if (!(at instanceof ArrayNode array)
                || !(step instanceof Integer index)
                || index > array.size() + MAX_GAP) {
            return false;
        }
        while (array.size() <= index) {
            array.addNull();
        }
        array.set(index, value);
        return true;
    }
}
