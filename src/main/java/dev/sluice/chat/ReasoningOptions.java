package dev.sluice.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much the model is to think, as the client said it; what it did not say is null and is not
 * sent (wire-contract §2.6).
 *
 * @param budgetTokens Anthropic's and older Gemini's way of saying it; {@code Efforts} converts
 * @param enabled true where thinking was switched on without an amount (Anthropic's {@code
 *     adaptive}), false where it was switched off
 * @param visible whether the client asked to see it (or a summary of it)
 * @param style the protocol's own word for how much of it: {@code auto}, {@code concise}, {@code
 *     detailed}, {@code summarized}, {@code omitted}
 */
public record ReasoningOptions(
        @Nullable Effort effort,
        @Nullable Long budgetTokens,
        @Nullable Boolean enabled,
        @Nullable Boolean visible,
        @Nullable String style) {

    public static ReasoningOptions effort(Effort effort) {
        return new ReasoningOptions(effort, null, null, null, null);
    }

    /** {@return whether thinking was switched off} */
    public boolean isOff() {
        return effort == Effort.NONE
                || Boolean.FALSE.equals(enabled)
                || (budgetTokens != null && budgetTokens == 0);
    }

    /** From least to most. */
    public enum Effort {
        NONE,
        MINIMAL,
        LOW,
        MEDIUM,
        HIGH,
        XHIGH,
        MAX;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Effort> named(String word) {
            return Arrays.stream(values())
                    .filter(effort -> effort.name().equalsIgnoreCase(word))
                    .findFirst();
        }
    }
}
