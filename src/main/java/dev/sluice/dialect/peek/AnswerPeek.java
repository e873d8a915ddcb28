package dev.sluice.dialect.peek;

import dev.sluice.chat.Units;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a whole answer says.
 *
 * @param usage null where it reports none
 * @param error the error that stands in an answer with a good status (a vendor's fault:
 *     wire-contract §1.5), or that the body is no JSON object at all; null where the answer is one
 * @param outputBytes a rough size of the generated text, for an estimate where usage is missing
 * @param units what is billed by another unit than tokens and has a price of its own
 * @param billedUnits what is billed by a unit that has none, such as {@code search_units=2}, or
 *     null
 */
public record AnswerPeek(
        @Nullable Usage usage,
        @Nullable String model,
        @Nullable UpstreamError error,
        int outputBytes,
        Units units,
        @Nullable String billedUnits) {

    /** What an answer says that is billed by tokens. */
    public AnswerPeek(
            @Nullable Usage usage,
            @Nullable String model,
            @Nullable UpstreamError error,
            int outputBytes) {
        this(usage, model, error, outputBytes, Units.NONE, null);
    }
}
