package dev.sluice.simulator.script;

import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value that a JSON Schema (or Gemini's OpenAPI subset of it) accepts: the first of an
 * enumeration, the least number, one element, every named property. Total: what it does not
 * understand becomes null or a text.
 */
final class SchemaSample {
    private static final int MAX_DEPTH = 24;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode root;

    private SchemaSample(JsonNode root) {
        this.root = root;
    }

    static JsonNode of(JsonNode schema) {
        return new SchemaSample(schema).sample(schema, "value", 0);
    }

    private JsonNode sample(JsonNode schema, String name, int depth) {
        if (depth > MAX_DEPTH) {
            return NODES.nullNode();
        }
        if (schema.has("$ref")) {
            return sample(resolve(schema.path("$ref").asString("")), name, depth + 1);
        }
        Optional<JsonNode> given = given(schema);
        if (given.isPresent()) {
            return given.get();
        }
        Optional<JsonNode> branch = branch(schema);
        if (branch.isPresent()) {
            return sample(branch.get(), name, depth + 1);
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "integer" -> NODES.numberNode((long) Math.ceil(least(schema, 1)));
            case "number" -> NODES.numberNode(least(schema, 0.5));
            case "boolean" -> NODES.booleanNode(true);
            case "null" -> NODES.nullNode();
            default -> NODES.stringNode(text(schema, name));
        };
    }

    /** {@return the value that the schema itself spells out} */
    private static Optional<JsonNode> given(JsonNode schema) {
        for (String keyword : new String[] {"const", "default", "example"}) {
            if (schema.has(keyword)) {
                return Optional.of(schema.path(keyword));
            }
        }
        JsonNode first = schema.path("enum").path(0);
        return first.isMissingNode() ? Optional.empty() : Optional.of(first);
    }

    private static Optional<JsonNode> branch(JsonNode schema) {
        for (String keyword : new String[] {"anyOf", "oneOf", "allOf"}) {
            for (JsonNode option : schema.path(keyword)) {
                if (!type(option).equals("null")) {
                    return Optional.of(option);
                }
            }
        }
        return Optional.empty();
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode option : type) {
                if (!option.asString("").equals("null")) {
                    return option.asString("");
                }
            }
        }
        if (type.isString()) {
            return type.stringValue().toLowerCase(Locale.ROOT);
        }
        return schema.has("properties") ? "object" : schema.has("items") ? "array" : "string";
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties")
                .properties()
                .forEach(property ->
                        object.set(
                                property.getKey(),
                                sample(property.getValue(), property.getKey(), depth + 1)));
        for (JsonNode required : schema.path("required")) {
            String name = required.asString("");
            if (!object.has(name)) {
                object.put(name, "sample " + name);
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, String name, int depth) {
        ArrayNode array = NODES.arrayNode();
        for (JsonNode item : schema.path("prefixItems")) {
            array.add(sample(item, name, depth + 1));
        }
        int least = Math.clamp(schema.path("minItems").asInt(1), 1, 100);
        while (array.size() < least && depth < MAX_DEPTH) {
            array.add(sample(schema.path("items"), name, depth + 1));
        }
        return array;
    }

    private static double least(JsonNode schema, double otherwise) {
        if (schema.path("minimum").isNumber()) {
            return schema.path("minimum").asDouble();
        }
        if (schema.path("exclusiveMinimum").isNumber()) {
            return schema.path("exclusiveMinimum").asDouble() + 1;
        }
        return Math.min(otherwise, schema.path("maximum").asDouble(otherwise));
    }

    private static String text(JsonNode schema, String name) {
        String text =
                switch (schema.path("format").asString("")) {
                    case "date" -> "2026-01-01";
                    case "date-time" -> "2026-01-01T00:00:00Z";
                    case "time" -> "12:00:00Z";
                    case "email" -> "someone@example.com";
                    case "uri", "url" -> "https://example.com/";
                    case "uuid" -> "00000000-0000-4000-8000-000000000000";
                    case "ipv4" -> "192.0.2.1";
                    default -> "sample " + name;
                };
        int shortest = Math.clamp(schema.path("minLength").asInt(0), 0, 10_000);
        String longEnough = text.length() < shortest ? text.repeat(shortest) : text;
        int longest = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        int length = Math.clamp(longest, 0, Math.max(shortest, text.length()));
        return longEnough.substring(0, Math.min(length, longEnough.length()));
    }

    /** {@return what a reference within the same document points at} */
    private JsonNode resolve(String reference) {
        if (!reference.startsWith("#")) {
            return NODES.missingNode();
        }
        JsonNode node = root;
        for (String step : reference.substring(1).split("/", -1)) {
            if (!step.isEmpty()) {
                node = node.path(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        return node;
    }
}
