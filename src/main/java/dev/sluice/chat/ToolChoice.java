package dev.sluice.chat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Whether and which tools the model must or may call. */
public sealed interface ToolChoice {
    record Auto() implements ToolChoice {}

    record None() implements ToolChoice {}

    /** Some tool must be called. */
    record Required() implements ToolChoice {}

    /** This one must be called. */
    record One(String name, boolean custom) implements ToolChoice {}

    /** Only these may be called, and with {@code required} one must. */
    record Among(boolean required, List<String> names) implements ToolChoice {
        public Among {
            names = List.copyOf(names);
        }
    }

    /** A hosted tool of that protocol must be called. */
    record Foreign(Protocol origin, JsonNode json) implements ToolChoice {}

    /** {@return whether a call is forced, which some models refuse together with reasoning} */
    default boolean forces() {
        return switch (this) {
            case Auto _, None _ -> false;
            case Required _, One _, Foreign _ -> true;
            case Among among -> among.required();
        };
    }
}
