package dev.sluice.dialect.json;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Types as Gemini's OpenAPI subset has them: one word, {@code nullable} in place of a type {@code
 * null}, enumerations of strings, and {@code anyOf} alone in its node (wire-contract §2.7).
 */
final class OpenApiTypes {
    private static final String NULL = "null";

    private OpenApiTypes() {}

    /** Sets the values that are allowed, as the strings that they must be. */
    static void enumerate(ObjectNode schema, List<JsonNode> values) {
        ArrayNode copy = Json.mapper().createArrayNode();
        for (JsonNode value : values) {
            if (value.isNull()) {
                schema.put("nullable", true);
            } else {
                copy.add(value.isString() ? value.stringValue() : value.toString());
            }
        }
        if (!copy.isEmpty()) {
            schema.set("enum", copy);
        }
    }

    /** {@return the schema with such types; itself or another} */
    static ObjectNode of(ObjectNode schema) {
        if (schema.path("type").isArray()) {
            listed(schema);
        }
        if (schema.has("enum")) {
            schema.put("type", "string");
            schema.remove("anyOf");
        }
        return schema.path("anyOf") instanceof ArrayNode alternatives
                ? alternatives(schema, alternatives)
                : schema;
    }

    private static void listed(ObjectNode schema) {
        List<String> types = new ArrayList<>();
        schema.path("type").values().forEach(type -> types.add(type.asString("")));
        if (types.remove(NULL)) {
            schema.put("nullable", true);
        }
        if (types.size() == 1) {
            schema.put("type", types.getFirst());
            return;
        }
        schema.remove("type");
        ArrayNode anyOf = schema.putArray("anyOf");
        types.forEach(type -> anyOf.addObject().put("type", type));
    }

    /** A choice between one thing and null is that thing, which may be null. */
    private static ObjectNode alternatives(ObjectNode schema, ArrayNode alternatives) {
        List<ObjectNode> others = new ArrayList<>();
        boolean nullable = schema.path("nullable").asBoolean(false);
        for (JsonNode alternative : alternatives) {
            if (alternative.path("type").asString("").equals(NULL)) {
                nullable = true;
            } else if (alternative instanceof ObjectNode other) {
                others.add(other);
            }
        }
        if (nullable && !others.isEmpty()) {
            others.getFirst().put("nullable", true);
        }
        if (nullable && others.size() == 1) {
            ObjectNode only = others.getFirst();
            for (String words : List.of("title", "description")) {
                if (schema.has(words) && !only.has(words)) {
                    only.set(words, schema.get(words));
                }
            }
            return only;
        }
        ObjectNode alone = Json.mapper().createObjectNode();
        ArrayNode kept = alone.putArray("anyOf");
        others.forEach(kept::add);
        return alone;
    }
}
