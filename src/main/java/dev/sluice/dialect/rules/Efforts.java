package dev.sluice.dialect.rules;

import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import org.jspecify.annotations.Nullable;

/** Amounts of reasoning in words and in tokens, both ways (wire-contract §2.6). */
public final class Efforts {
    private Efforts() {}

    /** {@return the effort that the options come to, or null where they name no amount} */
    public static @Nullable Effort of(ReasoningOptions options) {
        if (options.isOff()) {
            return Effort.NONE;
        }
        if (options.effort() != null) {
            return options.effort();
        }
        Long budget = options.budgetTokens();
        return budget == null || budget < 0 ? null : ofBudget(budget);
    }

    /** {@return the effort nearest to a budget of thinking tokens} */
    public static Effort ofBudget(long tokens) {
        if (tokens == 0) {
            return Effort.NONE;
        }
        if (tokens < 2000) {
            return Effort.LOW;
        }
        if (tokens < 8000) {
            return Effort.MEDIUM;
        }
        return tokens < 24000 ? Effort.HIGH : Effort.XHIGH;
    }

    /** {@return the effort nearest to a budget of a Gemini client, by Google's own table} */
    public static Effort ofGeminiBudget(long tokens) {
        if (tokens == 0) {
            return Effort.NONE;
        }
        if (tokens <= 1024) {
            return Effort.LOW;
        }
        return tokens <= 8192 ? Effort.MEDIUM : Effort.HIGH;
    }

    /** {@return thinking tokens for an Anthropic model that takes a budget; 0 for none} */
    public static long anthropicBudget(Effort effort) {
        return switch (effort) {
            case NONE -> 0;
            case MINIMAL, LOW -> 1024;
            case MEDIUM -> 4096;
            case HIGH -> 16384;
            case XHIGH, MAX -> 32768;
        };
    }

    /** {@return thinking tokens for a Gemini model that takes a budget; 0 for none} */
    public static long geminiBudget(Effort effort) {
        return switch (effort) {
            case NONE -> 0;
            case MINIMAL, LOW -> 1024;
            case MEDIUM -> 8192;
            case HIGH, XHIGH, MAX -> 24576;
        };
    }

    /** {@return the effort, no less than one bound and no more than the other} */
    public static Effort within(Effort effort, Effort least, Effort most) {
        if (effort.compareTo(least) < 0) {
            return least;
        }
        return effort.compareTo(most) > 0 ? most : effort;
    }
}
