package dev.sluice.dialect.rules;

import dev.sluice.dialect.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools of free text towards upstreams that know functions only: a function with one string {@code
 * input}, taken out again of the call (wire-contract §2.5).
 */
public final class CustomTools {
    private static final String INPUT = "input";

    private CustomTools() {}

    public static ObjectNode parameters() {
        ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
        schema.putObject("properties").putObject(INPUT).put("type", "string");
        schema.putArray("required").add(INPUT);
        return schema;
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
