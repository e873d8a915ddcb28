package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.price.Money;

/**
 * How much of everything that limits count. None is negative.
 *
 * @param nanos money in nano-units
 */
public record Amounts(long requests, long tokens, long nanos) {
    public static final Amounts NOTHING = new Amounts(0, 0, 0);

    public Amounts {
        if (requests < 0 || tokens < 0 || nanos < 0) {
            throw new IllegalArgumentException("nothing is reserved or used less than not at all");
        }
    }

    /** {@return what one call of so many tokens and so much money counts} */
    public static Amounts ofCall(long tokens, long nanos) {
        return new Amounts(1, tokens, nanos);
    }

    public Amounts plus(Amounts more) {
        return new Amounts(
                Money.plus(requests, more.requests),
                Money.plus(tokens, more.tokens),
                Money.plus(nanos, more.nanos));
    }

    long of(Measure measure) {
        return switch (measure) {
            case REQUESTS, CONCURRENCY -> requests;
            case TOKENS -> tokens;
            case MONEY -> nanos;
        };
    }
}
