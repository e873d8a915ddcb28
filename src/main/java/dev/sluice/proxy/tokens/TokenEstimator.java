package dev.sluice.proxy.tokens;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Estimates tokens for any model: by OpenAI's vocabulary, times what other vendors' vocabularies
 * are known to make more of the same text. Takes about a millisecond at most.
 */
public final class TokenEstimator {
    /** What is counted of a text where somebody waits on an event loop; about a millisecond. */
    private static final int QUICK = 8 * 1_024;

    /** What is counted where nobody does. */
    private static final int THOROUGH = 256 * 1_024;

    private final Tokenizer tokenizer;

    public TokenEstimator(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** {@return the tokens of that text for that model} For an event loop. */
    public long quick(String text, @Nullable String model) {
        return scaled(tokenizer.count(text, QUICK), model);
    }

    /**
     * {@return the tokens of that text for that model} Of text up to a quarter of a mebibyte all is
     * counted. May wait for a second when first used, and take some twenty milliseconds later: not
     * for an event loop.
     */
    public long thorough(String text, @Nullable String model) {
        tokenizer.prepare();
        return scaled(tokenizer.count(text, THOROUGH), model);
    }

    private static long scaled(long tokens, @Nullable String model) {
        return tokens * percent(model) / 100;
    }

    /**
     * {@return how many tokens a model's own vocabulary makes of text of which OpenAI's makes a
     * hundred} Measured on English prose and code, as their vendors and users report it.
     */
    private static int percent(@Nullable String model) {
        String name = model == null ? "" : model.toLowerCase(Locale.ROOT);
        if (name.contains("claude")) {
            return 120;
        }
        return isOpenAi(name) ? 100 : 110;
    }

    private static boolean isOpenAi(String name) {
        return name.isEmpty()
                || name.contains("gpt")
                || name.contains("embedding")
                || name.contains("chatgpt")
                || name.matches("(.*/)?o\\d.*");
    }
}
