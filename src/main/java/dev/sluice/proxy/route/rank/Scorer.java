package dev.sluice.proxy.route.rank;

import dev.sluice.proxy.target.Measurements;
import java.util.List;

/**
 * Gives places their scores, in comparison to each other: {@code base − α·latency − β·errors −
 * γ·cost − δ·quota} (seed-contract-b §1.5), the base being in relation to the greatest weight, so
 * that the parts count alike whatever scale the weights have.
 */
final class Scorer {
    private static final double SLOWEST_MILLIS = 4_000;

    /** Below that share what is left of a rate limit counts against a place. */
    private static final double LITTLE_QUOTA = 0.2;

    private final StrategyWeights weights;

    Scorer(StrategyWeights weights) {
        this.weights = weights;
    }

    void score(List<Rated> places) {
        double heaviest = 0;
        double cheapest = Double.POSITIVE_INFINITY;
        double dearest = Double.NEGATIVE_INFINITY;
        for (Rated place : places) {
            heaviest = Math.max(heaviest, place.dynamicWeight());
            if (!Double.isNaN(place.costs())) {
                cheapest = Math.min(cheapest, place.costs());
                dearest = Math.max(dearest, place.costs());
            }
        }
        for (Rated place : places) {
            double base = heaviest > 0 ? place.dynamicWeight() / heaviest : 0;
            place.score(score(place.measurements(), base, cost(place.costs(), cheapest, dearest)));
        }
    }

    private Score score(Measurements measured, double base, double cost) {
        double latency = latency(measured);
        double errors = measured.errorRate();
        double quota = quota(measured);
        double value =
                base
                        - weights.latency() * latency
                        - weights.errors() * errors
                        - weights.cost() * cost
                        - weights.quota() * quota;
        return new Score(Math.max(Score.LEAST, value), base, latency, errors, cost, quota);
    }

    private static double latency(Measurements measured) {
        double millis = measured.typicalWorstMillis();
        return Double.isNaN(millis) ? 0.5 : Math.min(1, millis / SLOWEST_MILLIS);
    }

    /** A missing price is neutral. */
    private static double cost(double price, double cheapest, double dearest) {
        if (!(dearest > cheapest)) {
            return 0;
        }
        return Double.isNaN(price) ? 0.5 : (price - cheapest) / (dearest - cheapest);
    }

    private static double quota(Measurements measured) {
        double failing = measured.errorRate() > 0.5 ? 1 : measured.errorRate() > 0.1 ? 0.5 : 0;
        double left = measured.quotaLeft();
        return Double.isNaN(left) || left >= LITTLE_QUOTA
                ? failing
                : Math.max(failing, 1 - left / LITTLE_QUOTA);
    }
}
