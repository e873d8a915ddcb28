package dev.sluice.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How the targets of a logical model are put in order. */
public enum RoutingStrategy {
    /** By a score of all that is known, drawn in proportion to it. */
    BALANCED,
    /** By the same score with latency foremost. */
    LATENCY_FIRST,
    /** By the same score with the price foremost. */
    COST_FIRST,
    /** By the same score with the error rate foremost. */
    RELIABILITY_FIRST,
    /** Drawn in proportion to the configured weights, whatever is measured. */
    WEIGHTED,
    /** One after another. */
    ROUND_ROBIN,
    /** Of two that are drawn, the one with fewer calls in flight. */
    LEAST_BUSY,
    /** Always the first of them that works: by priority, then by weight. */
    PRIORITY;

    /** {@return the name used in configuration, in the admin API and in records} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<RoutingStrategy> named(String wireName) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.wireName().equals(wireName))
                .findFirst();
    }
}
