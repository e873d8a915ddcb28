package dev.sluice.simulator.script;

import dev.sluice.simulator.behaviour.Behaviour;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request asks for, whatever its dialect.
 *
 * @param model the model's name without directives
 * @param fingerprint what every id of the answer derives from
 * @param choices how many answers are wanted, at least 1
 * @param maxTokens the limit of output, reasoning included, or null
 * @param form what the text has to be, or null for free text
 */
public record Ask(
        String model,
        Behaviour behaviour,
        Fingerprint fingerprint,
        Conversation conversation,
        int choices,
        @Nullable Integer maxTokens,
        List<String> stops,
        Toolbox toolbox,
        @Nullable Form form,
        Thinking thinking) {

    /**
     * Structured output.
     *
     * @param schema a JSON Schema, or null where any object will do
     */
    public record Form(@Nullable JsonNode schema) {}

    /** Whether the model reasons, and whether the client gets to read it. */
    public enum Thinking {
        NONE,
        HIDDEN,
        SHOWN
    }
}
