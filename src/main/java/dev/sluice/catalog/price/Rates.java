package dev.sluice.catalog.price;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Unit prices in one currency. Tokens are priced per million; what has no price of its own costs
 * what its kind costs: cached input as input, reasoning as output.
 *
 * @param cacheWrite input written to a cache, for minutes
 * @param cacheWriteLong input written to a cache for an hour
 * @param request added once to every answered call
 * @param image per image made
 * @param second per second of audio
 */
public record Rates(
        BigDecimal input,
        @Nullable BigDecimal cachedInput,
        @Nullable BigDecimal cacheWrite,
        @Nullable BigDecimal cacheWriteLong,
        BigDecimal output,
        @Nullable BigDecimal reasoning,
        @Nullable BigDecimal request,
        @Nullable BigDecimal image,
        @Nullable BigDecimal second) {

    /** Every price is checked to be exact in nano-units. */
    public Rates {
        check(input);
        check(cachedInput);
        check(cacheWrite);
        check(cacheWriteLong);
        check(output);
        check(reasoning);
        check(request);
        check(image);
        check(second);
    }

    /** {@return prices of input and output alone} */
    public static Rates of(String input, String output) {
        return new Rates(
                new BigDecimal(input),
                null,
                null,
                null,
                new BigDecimal(output),
                null,
                null,
                null,
                null);
    }

    private static void check(@Nullable BigDecimal price) {
        if (price != null) {
            Money.nanos(price);
        }
    }

    public BigDecimal cachedInputOrInput() {
        return cachedInput == null ? input : cachedInput;
    }

    public BigDecimal cacheWriteOrInput() {
        return cacheWrite == null ? input : cacheWrite;
    }

    public BigDecimal cacheWriteLongOrShort() {
        return cacheWriteLong == null ? cacheWriteOrInput() : cacheWriteLong;
    }

    public BigDecimal reasoningOrOutput() {
        return reasoning == null ? output : reasoning;
    }
}
