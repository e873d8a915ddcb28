package dev.sluice.dialect.anthropic.wire;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.JsonSchemas;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tool that stands for a schema of the output with models that take none: they must call it,
 * and its input is the answer's text (wire-contract §2.7). Whether the schema had to be wrapped is
 * in the tool's name, so that the answer's reader knows.
 */
public final class AnthropicOutputTool {
    private static final String PLAIN = "respond_with_json";
    private static final String WRAPPED = "respond_with_json_value";

    private AnthropicOutputTool() {}

    /** {@return the name of the tool for that schema} */
    public static String name(JsonNode schema) {
        return isPlain(schema) ? PLAIN : WRAPPED;
    }

    public static ObjectNode definition(JsonNode schema) {
        ObjectNode tool =
                Json.mapper()
                        .createObjectNode()
                        .put("name", name(schema))
                        .put("description", "Gives the final answer. Its input is the answer.");
        tool.set("input_schema", isPlain(schema) ? schema : JsonSchemas.wrapped(schema));
        return tool;
    }

    /** {@return whether the input must be known whole before its text can be told} */
    public static boolean isWrapped(String name) {
        return name.equals(WRAPPED);
    }

    /** {@return the answer's text} */
    public static String text(String name, String input) {
        if (!isWrapped(name)) {
            return input;
        }
        try {
            JsonNode value = Json.mapper().readTree(input).get("value");
            return value == null ? input : value.toString();
        } catch (JacksonException e) {
            return input;
        }
    }

    private static boolean isPlain(JsonNode schema) {
        return schema instanceof ObjectNode object && JsonSchemas.isPlainObject(object);
    }
}
