package dev.sluice.proxy.route.rank;

import dev.sluice.catalog.RoutingStrategy;
import org.jspecify.annotations.Nullable;

/**
 * How much each part of a score counts (seed-contract-b §1.5), and how sharply the better score is
 * preferred: the chance to go first is in proportion to that power of the score. Balanced draws by
 * the score itself; whoever names one goal wants it met most of the time, and still some calls
 * elsewhere, so that what is measured there stays true.
 */
record StrategyWeights(double latency, double errors, double cost, double quota, double sharpness) {

    /** {@return the weights of a strategy that goes by scores, or null of another} */
    static @Nullable StrategyWeights of(RoutingStrategy strategy) {
        return switch (strategy) {
            case BALANCED -> new StrategyWeights(0.3, 0.3, 0.2, 0.2, 1);
            case LATENCY_FIRST -> new StrategyWeights(0.6, 0.2, 0.1, 0.1, 4);
            case COST_FIRST -> new StrategyWeights(0.2, 0.2, 0.5, 0.1, 4);
            case RELIABILITY_FIRST -> new StrategyWeights(0.3, 0.5, 0.1, 0.1, 4);
            case WEIGHTED, ROUND_ROBIN, LEAST_BUSY, PRIORITY -> null;
        };
    }
}
