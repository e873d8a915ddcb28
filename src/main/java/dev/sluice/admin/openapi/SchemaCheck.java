package dev.sluice.admin.openapi;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import dev.sluice.admin.AdminException.FieldProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One schema of the description, and what it finds wrong with a value, in plain words. */
final class SchemaCheck {
    private final Schema schema;

    /**
     * @param shared the schemas that it may refer to as {@code #/components/schemas/…}
     */
    SchemaCheck(ObjectNode schema, JsonNode shared) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.putArray("allOf").add(schema.deepCopy());
        whole.set("$defs", shared.deepCopy());
        pointToDefinitions(whole);
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        this.schema =
                SchemaRegistry.withDialect(
                                Dialects.getDraft202012(),
                                builder -> builder.schemaRegistryConfig(config))
                        .getSchema(whole);
    }

    /** OpenAPI keeps schemas where plain JSON Schema knows no keyword. */
    private static void pointToDefinitions(JsonNode node) {
        if (node instanceof ObjectNode object) {
            JsonNode reference = object.get("$ref");
            if (reference != null && reference.isString()) {
                object.put(
                        "$ref",
                        reference.stringValue().replace("#/components/schemas/", "#/$defs/"));
            }
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(SchemaCheck::pointToDefinitions);
        }
    }

    /**
     * {@return one problem for each wrong field}
     *
     * @param where {@code body}, {@code query} or {@code path}
     */
    List<FieldProblem> problems(String where, JsonNode value) {
        List<FieldProblem> unusable = UnusableNumbers.in(where, value);
        if (!unusable.isEmpty()) {
            return unusable;
        }
        Map<List<Object>, Error> byPlace = new LinkedHashMap<>();
        for (Error error : schema.validate(value)) {
            // A field that may be null fails twice, for its value and for not being null.
            byPlace.merge(
                    place(where, error),
                    error,
                    (first, second) -> first.getKeyword().equals("type") ? second : first);
        }
        List<FieldProblem> problems = new ArrayList<>();
        byPlace.forEach((place, error) -> problems.add(problem(place, error)));
        return problems;
    }

    private static List<Object> place(String where, Error error) {
        List<Object> place = new ArrayList<>();
        place.add(where);
        NodePath path = error.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            place.add(path.getElement(i));
        }
        String property = error.getProperty();
        if (property != null) {
            place.add(property);
        }
        return place;
    }

    private static FieldProblem problem(List<Object> place, Error error) {
        Object limit = argument(error);
        return switch (error.getKeyword()) {
            case "required" -> new FieldProblem("missing", place, "is missing");
            case "additionalProperties" ->
                    new FieldProblem("extra_forbidden", place, "is not a known field");
            case "propertyNames" ->
                    new FieldProblem("invalid_name", place, "is not a name that can be used here");
            case "type" -> type(place, error);
            case "enum", "const" ->
                    new FieldProblem("enum", place, "must be one of " + choices(error));
            case "minLength" ->
                    new FieldProblem(
                            "string_too_short", place, "must have at least " + characters(limit));
            case "maxLength" ->
                    new FieldProblem(
                            "string_too_long", place, "must have at most " + characters(limit));
            case "minItems" ->
                    new FieldProblem("too_short", place, "must have at least " + entries(limit));
            case "maxItems", "maxProperties" ->
                    new FieldProblem("too_long", place, "must have at most " + entries(limit));
            case "minimum" ->
                    new FieldProblem("greater_than_equal", place, "must be at least " + limit);
            case "maximum" ->
                    new FieldProblem("less_than_equal", place, "must be at most " + limit);
            case "exclusiveMinimum" ->
                    new FieldProblem("greater_than", place, "must be greater than " + limit);
            case "format" ->
                    new FieldProblem(limit + "_parsing", place, "must be a valid " + format(limit));
            case "pattern" ->
                    new FieldProblem(
                            "string_pattern_mismatch",
                            place,
                            "has characters or a form that are not allowed here");
            default -> new FieldProblem(error.getKeyword(), place, error.getMessage());
        };
    }

    /** Arguments of a type error: what was found, what is expected. */
    private static FieldProblem type(List<Object> place, Error error) {
        String expected = words(error.getSchemaNode());
        boolean number = expected.startsWith("a whole number");
        boolean text = error.getInstanceNode().isString();
        return new FieldProblem(
                number && text ? "int_parsing" : "type", place, "must be " + expected);
    }

    private static String words(JsonNode types) {
        if (!types.isArray()) {
            return word(types.asString(""));
        }
        List<String> words = new ArrayList<>();
        types.forEach(type -> words.add(word(type.asString(""))));
        return String.join(" or ", words);
    }

    private static String word(String type) {
        return switch (type) {
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "string" -> "text";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> type;
        };
    }

    private static String choices(Error error) {
        List<String> choices = new ArrayList<>();
        error.getSchemaNode().forEach(choice -> choices.add(choice.asString("null")));
        return String.join(", ", choices);
    }

    private static String characters(@Nullable Object count) {
        return "1".equals(String.valueOf(count)) ? "1 character" : count + " characters";
    }

    private static String entries(@Nullable Object count) {
        return "1".equals(String.valueOf(count)) ? "1 entry" : count + " entries";
    }

    private static String format(@Nullable Object format) {
        return "uuid".equals(format) ? "UUID" : String.valueOf(format);
    }

    private static @Nullable Object argument(Error error) {
        @Nullable Object @Nullable [] arguments = error.getArguments();
        return arguments == null || arguments.length == 0 ? null : arguments[0];
    }
}
