package dev.sluice.catalog.limit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a limit counts. */
public enum Measure {
    /** Calls that were not refused. */
    REQUESTS,
    /** Input and output together, cached input included. */
    TOKENS,
    /** Cost, in nano-units of the ledger's currency. */
    MONEY,
    /** Calls that run at the same time. */
    CONCURRENCY;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Measure> named(String wireName) {
        return Arrays.stream(values())
                .filter(measure -> measure.wireName().equals(wireName))
                .findFirst();
    }
}
