package dev.sluice.dialect.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one event of a stream says.
 *
 * @param output whether it proves output: text, reasoning, a call, a refusal, or a finish; preamble
 *     and pings prove nothing
 * @param terminal whether the stream may rightly end after it
 * @param usageOnly whether it is exactly the chunk that OpenAI Chat adds for {@code include_usage}
 * @param usage what it reports, to be merged with the last value winning per field; null for
 *     nothing
 * @param outputBytes a rough size of the generated text in it
 */
public record EventPeek(
        boolean output,
        boolean terminal,
        boolean usageOnly,
        @Nullable Usage usage,
        @Nullable String model,
        @Nullable UpstreamError error,
        int outputBytes) {
    public static final EventPeek NOTHING = new EventPeek(false, false, false, null, null, null, 0);
}
