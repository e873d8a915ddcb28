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

    private static final double UNKNOWN_LATENCY = 0.5;

    /** Below that share what is left of a rate limit counts against a place. */
    private static final double LITTLE_QUOTA = 0.2;

    private final StrategyWeights weights;

    Scorer(StrategyWeights weights) {
        this.weights = weights;
    }

    void score(List<Rated> places) {
        double neutral = meanLatency(places);
        double heaviest = 0;
        double cheapest = Double.POSITIVE_INFINITY;
        double dearest = Double.NEGATIVE_INFINITY;
        for (Rated place : places) {
            heaviest = Math.max(heaviest, place.scoredWeight());
            if (!Double.isNaN(place.costs())) {
                cheapest = Math.min(cheapest, place.costs());
                dearest = Math.max(dearest, place.costs());
            }
        }
        for (Rated place : places) {
            double base = heaviest > 0 ? place.scoredWeight() / heaviest : 0;
            double latency = latency(place.measurements());
            double cost = cost(place.costs(), cheapest, dearest);
            place.score(
                    score(
                            place.measurements(),
                            base,
                            Double.isNaN(latency) ? neutral : latency,
                            cost));
        }
    }

    private Score score(Measurements measured, double base, double latency, double cost) {
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

    /** Where nothing was measured, that is neutral: what the others have. */
    private static double meanLatency(List<Rated> places) {
        double sum = 0;
        int known = 0;
        for (Rated place : places) {
            double latency = latency(place.measurements());
            if (!Double.isNaN(latency)) {
                sum += latency;
                known++;
            }
        }
        return known == 0 ? UNKNOWN_LATENCY : sum / known;
    }

    /** {@return 0 to 1; NaN where nothing was measured} */
    private static double latency(Measurements measured) {
        return Math.min(1, measured.typicalWorstMillis() / SLOWEST_MILLIS);
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
