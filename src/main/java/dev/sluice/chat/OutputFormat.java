package dev.sluice.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The form that the generated text must have (wire-contract §2.7). */
public sealed interface OutputFormat {
    record Text() implements OutputFormat {}

    /** Any JSON object. */
    record JsonObject() implements OutputFormat {}

    /**
     * @param name null where the protocol has none
     * @param schema as the client wrote it
     */
    record JsonSchema(
            @Nullable String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict)
            implements OutputFormat {}
}
