package dev.sluice.proxy.dispatch.visit;

import dev.sluice.http.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What upstreams say of their rate limits on good answers too: OpenAI's headers, Anthropic's. */
final class RateHeaders {
    private static final List<Pair> PAIRS =
            List.of(
                    new Pair("x-ratelimit-remaining-requests", "x-ratelimit-limit-requests"),
                    new Pair("x-ratelimit-remaining-tokens", "x-ratelimit-limit-tokens"),
                    new Pair(
                            "anthropic-ratelimit-requests-remaining",
                            "anthropic-ratelimit-requests-limit"),
                    new Pair(
                            "anthropic-ratelimit-tokens-remaining",
                            "anthropic-ratelimit-tokens-limit"));

    private record Pair(String remaining, String limit) {}

    private RateHeaders() {}

    /** {@return the least share that is left of any limit, 0 to 1; NaN where none is told} */
    static double shareLeft(Headers headers) {
        double least = Double.NaN;
        for (Pair pair : PAIRS) {
            double remaining = number(headers.get(pair.remaining()));
            double limit = number(headers.get(pair.limit()));
            if (limit > 0 && remaining >= 0) {
                double share = Math.min(1, remaining / limit);
                least = Double.isNaN(least) ? share : Math.min(least, share);
            }
        }
        return least;
    }

    private static double number(@Nullable String text) {
        if (text == null) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }
}
