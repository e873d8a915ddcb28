package dev.sluice.catalog.price;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs at an upstream from some moment on.
 *
 * @param upstreamId the one upstream it holds for, or null
 * @param provider the provider whose upstreams it holds for, or null; where both are null it holds
 *     everywhere
 * @param model a model id; {@code *} stands for any characters
 * @param longInput what holds instead for calls with long input, or null
 * @param maxOutputTokens the most output that one answer of the model can have, or null if that is
 *     not known
 * @param validFrom from when on; the newest price that holds is the price
 * @param source where the price is from: {@code operator}, or a page and the day it was read
 */
public record Price(
        UUID id,
        @Nullable UUID upstreamId,
        @Nullable String provider,
        String model,
        String currency,
        Rates rates,
        @Nullable LongInput longInput,
        @Nullable Long maxOutputTokens,
        Instant validFrom,
        String source) {

    /** Prices of calls whose whole input is more than so many tokens. */
    public record LongInput(long moreThan, Rates rates) {}

    public Price {
        if (model.isBlank()) {
            throw new IllegalArgumentException("a price names a model, or * for all");
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException(
                    "a currency is a code of three capital letters, such as USD");
        }
        if (maxOutputTokens != null && maxOutputTokens < 1) {
            throw new IllegalArgumentException("max_output_tokens is at least 1");
        }
    }

    /** {@return the prices of a call with so much input} */
    public Rates ratesFor(long inputTokens) {
        return longInput != null && inputTokens > longInput.moreThan() ? longInput.rates() : rates;
    }

    boolean holdsAt(UUID upstream, String upstreamProvider) {
        return (upstreamId == null || upstreamId.equals(upstream))
                && (provider == null || provider.equalsIgnoreCase(upstreamProvider));
    }

    boolean matches(String modelId) {
        return matches(model.toLowerCase(Locale.ROOT), 0, modelId.toLowerCase(Locale.ROOT), 0);
    }

    private static boolean matches(String pattern, int at, String text, int from) {
        int star = pattern.indexOf('*', at);
        if (star < 0) {
            return text.substring(from).equals(pattern.substring(at));
        }
        String literal = pattern.substring(at, star);
        if (!text.startsWith(literal, from)) {
            return false;
        }
        return matchesAfterStar(pattern, star + 1, text, from + literal.length());
    }

    /** Each literal between two stars is taken at its first place: no backtracking is needed. */
    private static boolean matchesAfterStar(String pattern, int at, String text, int from) {
        int next = pattern.indexOf('*', at);
        if (next < 0) {
            String end = pattern.substring(at);
            return text.length() - from >= end.length() && text.endsWith(end);
        }
        int found = text.indexOf(pattern.substring(at, next), from);
        return found >= 0 && matchesAfterStar(pattern, next + 1, text, found + next - at);
    }

    /**
     * {@return how closely it is meant: one upstream before one provider before all, a whole model
     * id before a pattern, a longer pattern before a shorter one}
     */
    int closeness() {
        int place = upstreamId != null ? 2 : provider != null ? 1 : 0;
        boolean isWhole = model.indexOf('*') < 0;
        return (place << 17) + (isWhole ? 1 << 16 : 0) + Math.min(model.length(), 65_535);
    }
}
