package dev.sluice.proxy.route.rank;

import java.util.Locale;

/**
 * How good a place looks, and why: its weight in comparison to the others', less what speaks
 * against it. Every part is between 0 and 1.
 *
 * @param value never 0: nobody is lost through a low weight
 * @param base the dynamic weight, 1 for the greatest of all
 * @param latency the 95th percentile in relation to 4 s; 0.5 where nothing was measured
 * @param errors the error rate
 * @param cost 0 for the cheapest, 1 for the dearest; where there is no price, the middle
 * @param quota 1 where most calls fail or nothing is left of the upstream's rate limit
 */
public record Score(
        double value, double base, double latency, double errors, double cost, double quota) {
    static final double LEAST = 0.01;

    /** {@return all of it in one word} */
    public String compact() {
        return String.format(
                Locale.ROOT,
                "%.2f(w%.2f,l%.2f,e%.2f,c%.2f,q%.2f)",
                value,
                base,
                latency,
                errors,
                cost,
                quota);
    }
}
