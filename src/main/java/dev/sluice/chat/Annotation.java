package dev.sluice.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A citation or another note on generated text.
 *
 * @param url what is cited, where that has an address
 * @param start the first character of the text that it is about; -1 where unknown
 * @param end the character after its last; -1 where unknown
 * @param json as the provider said it, for its own protocol
 */
public record Annotation(
        Protocol origin,
        @Nullable String url,
        @Nullable String title,
        int start,
        int end,
        JsonNode json) {}
