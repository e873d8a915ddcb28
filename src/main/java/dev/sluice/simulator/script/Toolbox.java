package dev.sluice.simulator.script;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The tools a request offers, and how free the model is to use them.
 *
 * @param allowed names that a choice is restricted to; empty for all
 */
public record Toolbox(List<Tool> tools, Mode mode, List<String> allowed, boolean parallel) {
    public static final Toolbox EMPTY = new Toolbox(List.of(), Mode.NONE, List.of(), true);

    /** A function with the JSON Schema of its arguments, of which there are none if it has none. */
    public record Tool(String name, JsonNode schema) {
        private static final JsonNode NOTHING =
                JsonNodeFactory.instance.objectNode().put("type", "object");

        public Tool {
            schema = schema.isObject() ? schema : NOTHING;
        }
    }

    /** Whether a tool may, must or must not be called. */
    public enum Mode {
        NONE,
        AUTO,
        REQUIRED
    }

    List<Tool> usable() {
        if (mode == Mode.NONE) {
            return List.of();
        }
        return allowed.isEmpty()
                ? tools
                : tools.stream().filter(tool -> allowed.contains(tool.name())).toList();
    }
}
