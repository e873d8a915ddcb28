package dev.sluice.dialect.anthropic.request;

import dev.sluice.dialect.json.JsonSchemas;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tool parameters as Anthropic takes them: an object without alternatives at its top (wire-contract
 * §2.7). Alternatives are laid together, every property of any of them optional unless all demand
 * it, which allows all that the client's schema allowed.
 */
final class AnthropicSchemas {
    private static final List<String> ALTERNATIVES = List.of("anyOf", "oneOf", "allOf");
    private static final String DEFINITIONS = "#/$defs/";

    /**
     * @param weakened whether alternatives were laid together
     * @param refused whether the parameters are no object at all
     */
    record Flat(ObjectNode schema, boolean weakened, boolean refused) {}

    private AnthropicSchemas() {}

    static Flat input(@Nullable JsonNode given) {
        ObjectNode schema = JsonSchemas.parameters(given);
        if (JsonSchemas.isPlainObject(schema)) {
            return new Flat(schema, false, false);
        }
        String type = schema.path("type").asString("object");
        if (!type.equals("object")) {
            return new Flat(schema, false, true);
        }
        return new Flat(flattened(schema), true, false);
    }

    private static ObjectNode flattened(ObjectNode schema) {
        ObjectNode flat = schema.deepCopy();
        flat.put("type", "object");
        ObjectNode properties = flat.withObjectProperty("properties");
        Set<String> required = required(schema);
        for (String word : ALTERNATIVES) {
            required.addAll(layTogether(schema, word, properties));
            flat.remove(word);
        }
        if (flat.remove("$ref") != null) {
            JsonNode target = resolved(schema, schema);
            take(target, properties);
            required.addAll(required(target));
        }
        flat.remove("required");
        if (!required.isEmpty()) {
            ArrayNode names = flat.putArray("required");
            required.stream().sorted().forEach(names::add);
        }
        return flat;
    }

    /** {@return what the branches demand together, having taken their properties} */
    private static Set<String> layTogether(ObjectNode schema, String word, ObjectNode properties) {
        Set<String> demanded = new HashSet<>();
        boolean first = true;
        for (JsonNode branch : schema.path(word)) {
            JsonNode resolved = resolved(branch, schema);
            take(resolved, properties);
            if (first || word.equals("allOf")) {
                demanded.addAll(required(resolved));
            } else {
                demanded.retainAll(required(resolved));
            }
            first = false;
        }
        return demanded;
    }

    private static void take(JsonNode branch, ObjectNode properties) {
        branch.path("properties")
                .properties()
                .forEach(field -> properties.putIfAbsent(field.getKey(), field.getValue()));
    }

    private static JsonNode resolved(JsonNode node, ObjectNode root) {
        String reference = node.path("$ref").asString("");
        if (!reference.startsWith(DEFINITIONS)) {
            return node;
        }
        return root.path("$defs").path(reference.substring(DEFINITIONS.length()));
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> names = new HashSet<>();
        for (JsonNode name : schema.path("required")) {
            names.add(name.asString(""));
        }
        return names;
    }
}
