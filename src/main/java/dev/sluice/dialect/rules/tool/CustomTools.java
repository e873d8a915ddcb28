package dev.sluice.dialect.rules.tool;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Tool;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools of free text towards upstreams that know functions only: a function with one string {@code
 * input}, taken out again of the call (wire-contract §2.5).
 */
public final class CustomTools {
    private static final String INPUT = "input";
    private static final String GRAMMAR = "grammar";

    private CustomTools() {}

    /** {@return the names of those that an upstream must be told of as functions} */
    public static Set<String> asFunctions(ChatRequest request, UpstreamTraits traits) {
        return traits.has(Trait.CUSTOM_TOOLS)
                ? Set.of()
                : request.tools().stream()
                        .filter(Tool.Custom.class::isInstance)
                        .map(Tool::name)
                        .collect(Collectors.toSet());
    }

    public static ObjectNode parameters() {
        ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
        schema.putObject("properties").putObject(INPUT).put("type", "string");
        schema.putArray("required").add(INPUT);
        return schema;
    }

    /**
     * {@return the format as Chat says it, which is the canonical one: a grammar's syntax and
     * definition are the members of {@code grammar}}
     */
    public static @Nullable JsonNode nested(@Nullable JsonNode format) {
        if (!(format instanceof ObjectNode flat) || !flat.has("definition")) {
            return format;
        }
        ObjectNode nested = Json.mapper().createObjectNode();
        nested.set("type", flat.path("type"));
        ObjectNode grammar = nested.putObject(GRAMMAR);
        flat.properties().stream()
                .filter(field -> !field.getKey().equals("type"))
                .forEach(field -> grammar.set(field.getKey(), field.getValue()));
        return nested;
    }

    /** {@return the format as Responses says it: all members in one object} */
    public static JsonNode flat(JsonNode format) {
        if (!(format.path(GRAMMAR) instanceof ObjectNode grammar)) {
            return format;
        }
        ObjectNode flat = Json.mapper().createObjectNode();
        flat.set("type", format.path("type"));
        flat.setAll(grammar);
        return flat;
    }

    public static String wrapped(String text) {
        return "{\"" + INPUT + "\":" + Json.quoted(text) + "}";
    }

    /** {@return the free text of a call's arguments; the arguments themselves if they hold none} */
    public static String unwrapped(String arguments) {
        try {
            JsonNode input = Json.mapper().readTree(arguments).path(INPUT);
            return input.isString() ? input.stringValue() : arguments;
        } catch (JacksonException e) {
            return arguments;
        }
    }
}
