package dev.sluice.dialect.json;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schema as each provider takes it (wire-contract §2.7). Copies, never changes, and never
 * tightens what the client wrote.
 */
public final class JsonSchemas {
    private static final List<String> COMBINATORS = List.of("anyOf", "oneOf", "allOf");
    private static final Set<String> NUMBERS_AS_TEXT =
            Set.of(
                    "minItems",
                    "maxItems",
                    "minLength",
                    "maxLength",
                    "minProperties",
                    "maxProperties");

    private JsonSchemas() {}

    /** {@return the schema with that description, unless it has one of its own} */
    public static JsonNode described(JsonNode schema, @Nullable String description) {
        boolean apt = description != null && !schema.has("description");
        return apt && schema instanceof ObjectNode object
                ? object.deepCopy().put("description", description)
                : schema;
    }

    /**
     * A schema made fit for a provider.
     *
     * @param dropped the keywords that were lost; {@code allOf} among them means that the schema no
     *     longer says what it said
     */
    public record Fitted(JsonNode schema, List<String> dropped) {
        public Fitted {
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * {@return a tool's parameters with at least {@code type:object} and {@code properties}, which
     * several providers insist on}
     */
    public static ObjectNode parameters(@Nullable JsonNode schema) {
        ObjectNode object = Json.mapper().createObjectNode();
        if (schema instanceof ObjectNode given) {
            given.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
        }
        boolean combines = COMBINATORS.stream().anyMatch(object::has) || object.has("$ref");
        if (!object.has("type") && !combines) {
            object.put("type", "object");
        }
        if ("object".equals(object.path("type").asString("")) && !object.has("properties")) {
            object.putObject("properties");
        }
        return object;
    }

    /** {@return whether Anthropic takes the schema as a tool's input} */
    public static boolean isPlainObject(ObjectNode schema) {
        return "object".equals(schema.path("type").asString(""))
                && COMBINATORS.stream().noneMatch(schema::has);
    }

    /** {@return an object schema whose one property {@code value} has the given schema} */
    public static ObjectNode wrapped(JsonNode schema) {
        ObjectNode object = Json.mapper().createObjectNode().put("type", "object");
        object.putObject("properties").set("value", schema);
        object.putArray("required").add("value");
        return object;
    }

    /**
     * {@return the schema for Gemini's {@code parametersJsonSchema}, {@code responseJsonSchema}}
     */
    public static Fitted forGemini(JsonNode schema) {
        return new GeminiSchemaCleaner(schema, false).clean();
    }

    /** {@return the schema in the OpenAPI subset that older Gemini models take} */
    public static Fitted forOlderGemini(JsonNode schema) {
        return new GeminiSchemaCleaner(schema, true).clean();
    }

    /** {@return the JSON Schema of an OpenAPI schema of a Gemini client} */
    public static JsonNode fromGemini(JsonNode schema) {
        if (schema instanceof ArrayNode array) {
            ArrayNode copy = Json.mapper().createArrayNode();
            array.values().forEach(element -> copy.add(fromGemini(element)));
            return copy;
        }
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode copy = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            putFromGemini(copy, field.getKey(), field.getValue());
        }
        if (object.path("nullable").asBoolean(false) && copy.path("type").isString()) {
            ArrayNode types = Json.mapper().createArrayNode();
            types.add(copy.path("type").stringValue()).add("null");
            copy.set("type", types);
        }
        return copy;
    }

    private static void putFromGemini(ObjectNode copy, String name, JsonNode value) {
        switch (name) {
            case "nullable", "propertyOrdering", "property_ordering" -> {
                // The one becomes a type, the other means nothing elsewhere.
            }
            case "type" ->
                    copy.set(
                            name,
                            value.isString()
                                    ? Json.mapper()
                                            .getNodeFactory()
                                            .stringNode(
                                                    value.stringValue().toLowerCase(Locale.ROOT))
                                    : value);
            case "format" -> {
                if (!"enum".equals(value.asString(""))) {
                    copy.set(name, value);
                }
            }
            case "enum", "required", "default", "example" -> copy.set(name, value);
            case "properties", "$defs" -> copy.set(name, propertiesFromGemini(value));
            case "any_of", "anyOf" -> copy.set("anyOf", fromGemini(value));
            default -> {
                boolean text = NUMBERS_AS_TEXT.contains(name) && value.isString();
                if (text && value.asIntOpt().isPresent()) {
                    copy.put(name, value.asIntOpt().getAsInt());
                } else {
                    copy.set(name, fromGemini(value));
                }
            }
        }
    }

    private static JsonNode propertiesFromGemini(JsonNode properties) {
        ObjectNode copy = Json.mapper().createObjectNode();
        properties
                .properties()
                .forEach(field -> copy.set(field.getKey(), fromGemini(field.getValue())));
        return copy;
    }
}
