package dev.sluice.dialect.json;

import dev.sluice.dialect.json.JsonSchemas.Fitted;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema reduced to what Gemini takes: all of JSON Schema but a few keywords, or the older
 * OpenAPI subset with references put in place. A lost constraint goes into the description, so that
 * the model still sees it (wire-contract §2.7). For one schema.
 */
final class GeminiSchemaCleaner {
    private static final Set<String> KEPT =
            Set.of(
                    "$id",
                    "$anchor",
                    "type",
                    "format",
                    "title",
                    "description",
                    "enum",
                    "minItems",
                    "maxItems",
                    "minimum",
                    "maximum",
                    "required",
                    "propertyOrdering");
    private static final Set<String> KEPT_IN_OPEN_API =
            Set.of(
                    "type",
                    "title",
                    "description",
                    "minItems",
                    "maxItems",
                    "minimum",
                    "maximum",
                    "required",
                    "propertyOrdering",
                    "nullable");
    private static final Set<String> OPEN_API_FORMATS =
            Set.of("int32", "int64", "float", "double", "date-time", "enum");
    private static final Set<String> TOLD =
            Set.of(
                    "pattern",
                    "minLength",
                    "maxLength",
                    "uniqueItems",
                    "multipleOf",
                    "default",
                    "examples",
                    "minProperties",
                    "maxProperties",
                    "contentEncoding");
    private static final Set<String> SILENT =
            Set.of("$schema", "$comment", "readOnly", "writeOnly", "deprecated", "$vocabulary");

    /** References put in place may multiply; beyond this they become plain objects. */
    private static final int MAX_NODES = 5000;

    private static final int MAX_TOLD = 200;

    private final JsonNode root;
    private final boolean openApi;
    private final Set<String> dropped = new LinkedHashSet<>();
    private final Set<String> unfolding = new LinkedHashSet<>();
    private int nodes;

    GeminiSchemaCleaner(JsonNode root, boolean openApi) {
        this.root = root;
        this.openApi = openApi;
    }

    Fitted clean() {
        return new Fitted(clean(root), new ArrayList<>(dropped));
    }

    private JsonNode clean(JsonNode node) {
        if (!(node instanceof ObjectNode given)) {
            return openApi ? Json.mapper().createObjectNode() : node;
        }
        if (++nodes > MAX_NODES) {
            return anyObject("$ref");
        }
        if (given.path("$ref").isString()) {
            return reference(given.path("$ref").stringValue());
        }
        ObjectNode schema = withoutTrivialAllOf(given);
        ObjectNode copy = Json.mapper().createObjectNode();
        List<String> told = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            put(copy, field.getKey(), field.getValue(), schema, told);
        }
        if (!told.isEmpty()) {
            String said = copy.path("description").asString("");
            String more = "(" + String.join("; ", told) + ")";
            copy.put("description", said.isEmpty() ? more : said + " " + more);
        }
        return openApi ? OpenApiTypes.of(copy) : copy;
    }

    private void put(
            ObjectNode copy, String name, JsonNode value, ObjectNode schema, List<String> told) {
        switch (name) {
            case "properties" -> copy.set(name, cleanEach(value));
            case "items" -> copy.set(name, value.isObject() ? clean(value) : value);
            case "anyOf" -> copy.set(name, cleanList(value));
            case "oneOf" -> copy.set(openApi ? "anyOf" : "oneOf", cleanList(value));
            case "$defs", "definitions" -> {
                if (!openApi) {
                    copy.set("$defs", cleanEach(value));
                }
            }
            case "prefixItems" -> {
                if (openApi) {
                    drop(name, value, told);
                } else {
                    copy.set(name, cleanList(value));
                }
            }
            case "additionalProperties" -> {
                if (!openApi) {
                    copy.set(name, value.isObject() ? clean(value) : value);
                }
            }
            case "const" -> enumeration(copy, List.of(value));
            case "enum" -> enumeration(copy, List.copyOf(value.values()));
            case "exclusiveMinimum" -> copy.set("minimum", inclusive(value, schema, 1));
            case "exclusiveMaximum" -> copy.set("maximum", inclusive(value, schema, -1));
            default -> keepOrDrop(copy, name, value, told);
        }
    }

    private void keepOrDrop(ObjectNode copy, String name, JsonNode value, List<String> told) {
        if (name.equals("format") && openApi) {
            if (OPEN_API_FORMATS.contains(value.asString(""))) {
                copy.set(name, value);
            } else {
                drop(name, value, told);
            }
            return;
        }
        if ((openApi ? KEPT_IN_OPEN_API : KEPT).contains(name)) {
            copy.putIfAbsent(name, value);
        } else if (!SILENT.contains(name)) {
            drop(name, value, told);
        }
    }

    private void drop(String name, JsonNode value, List<String> told) {
        dropped.add(name);
        if (TOLD.contains(name) || name.equals("format")) {
            String text = value.isString() ? value.stringValue() : value.toString();
            if (text.length() <= MAX_TOLD) {
                told.add(name + ": " + text);
            }
        }
    }

    private JsonNode inclusive(JsonNode bound, ObjectNode schema, int step) {
        boolean integer = "integer".equals(schema.path("type").asString(""));
        boolean whole = bound.isIntegralNumber() && bound.canConvertToLong();
        return integer && whole
                ? Json.mapper().getNodeFactory().numberNode(bound.longValue() + step)
                : bound;
    }

    private void enumeration(ObjectNode copy, List<JsonNode> values) {
        if (openApi) {
            OpenApiTypes.enumerate(copy, values);
        } else {
            values.forEach(copy.putArray("enum")::add);
        }
    }

    private JsonNode cleanEach(JsonNode schemas) {
        ObjectNode copy = Json.mapper().createObjectNode();
        schemas.properties().forEach(field -> copy.set(field.getKey(), clean(field.getValue())));
        return copy;
    }

    private JsonNode cleanList(JsonNode schemas) {
        ArrayNode copy = Json.mapper().createArrayNode();
        schemas.values().forEach(schema -> copy.add(clean(schema)));
        return copy;
    }

    /** References stay in JSON Schema, without siblings; in OpenAPI what they name is put in. */
    private JsonNode reference(String reference) {
        if (!openApi) {
            return Json.mapper()
                    .createObjectNode()
                    .put("$ref", reference.replaceFirst("^#/definitions/", "#/\\$defs/"));
        }
        JsonNode target = target(reference);
        if (target == null || !unfolding.add(reference)) {
            return anyObject("$ref");
        }
        JsonNode unfolded = clean(target);
        unfolding.remove(reference);
        return unfolded;
    }

    private @Nullable JsonNode target(String reference) {
        if (!reference.startsWith("#/")) {
            return null;
        }
        JsonNode node = root;
        for (String step : reference.substring(2).split("/", -1)) {
            node = node.path(step.replace("~1", "/").replace("~0", "~"));
        }
        return node.isObject() ? node : null;
    }

    private ObjectNode anyObject(String lost) {
        dropped.add(lost);
        return Json.mapper().createObjectNode().put("type", "object");
    }

    /** One schema, or several that name different things, can stand in the node itself. */
    private ObjectNode withoutTrivialAllOf(ObjectNode given) {
        if (!given.path("allOf").isArray()) {
            return given;
        }
        ObjectNode merged = Json.mapper().createObjectNode();
        given.properties().stream()
                .filter(field -> !field.getKey().equals("allOf"))
                .forEach(field -> merged.set(field.getKey(), field.getValue()));
        for (JsonNode element : given.path("allOf")) {
            JsonNode part = element;
            if (part.path("$ref").isString()) {
                part = target(part.path("$ref").stringValue());
            }
            if (!(part instanceof ObjectNode object)
                    || object.has("allOf")
                    || !merge(merged, object)) {
                dropped.add("allOf");
                return merged;
            }
        }
        return merged;
    }

    private static boolean merge(ObjectNode merged, ObjectNode part) {
        for (Map.Entry<String, JsonNode> field : part.properties()) {
            JsonNode there = merged.get(field.getKey());
            if (there == null) {
                merged.set(field.getKey(), field.getValue().deepCopy());
            } else if (field.getKey().equals("properties") && there instanceof ObjectNode mine) {
                ObjectNode both = mine.deepCopy();
                for (Map.Entry<String, JsonNode> property : field.getValue().properties()) {
                    JsonNode other = both.get(property.getKey());
                    if (other != null && !other.equals(property.getValue())) {
                        return false;
                    }
                    both.set(property.getKey(), property.getValue());
                }
                merged.set("properties", both);
            } else if (field.getKey().equals("required") && there instanceof ArrayNode mine) {
                ArrayNode both = mine.deepCopy();
                field.getValue().values().forEach(both::add);
                merged.set("required", both);
            } else if (!there.equals(field.getValue()) && !field.getKey().equals("description")) {
                return false;
            }
        }
        return true;
    }
}
