package dev.sluice.proxy.route.rank;

import dev.sluice.catalog.Upstream;

/** What models cost, for comparison. */
@FunctionalInterface
public interface Costs {
    /** Nothing is priced. */
    Costs UNKNOWN = (_, _) -> Double.NaN;

    /**
     * {@return the price of that model there, in any unit that is the same for all, or NaN where
     * nothing prices it}
     */
    double of(Upstream upstream, String model);
}
