package dev.sluice.proxy.route.rank;

import dev.sluice.proxy.target.TargetId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes the order. What has no obstacle comes before what has one; then what can be told all of the
 * request, then what is in the wished region, then by priority; within such a tier the strategy
 * decides. A session's own place goes to the front while nothing stands in its way; else, where it
 * is wanted, the place that a beginning hashes to.
 */
public final class Ranking {
    private static final Comparator<Rated> BY_NAME =
            Comparator.comparing((Rated place) -> place.placement().upstream().name())
                    .thenComparing(place -> place.placement().model());

    /** The least chance to go first, in relation to that of the best: so much is worth a look. */
    private static final double LEAST_CHANCE = 0.02;

    private final Turns turns;

    public Ranking(Turns turns) {
        this.turns = turns;
    }

    /** Puts the places in order, best first. */
    public void rank(List<Rated> places, Wish wish, long now) {
        StrategyWeights weights = StrategyWeights.of(wish.strategy());
        if (weights != null) {
            new Scorer(weights).score(places);
        }
        places.sort(BY_NAME);
        SplittableRandom random = new SplittableRandom(wish.seed());
        places.sort(tiers(wish, now));
        for (int from = 0; from < places.size(); ) {
            int to = from + 1;
            while (to < places.size() && isSameTier(places.get(from), places.get(to), wish)) {
                to++;
            }
            rankTier(places.subList(from, to), wish, random);
            from = to;
        }
        prefer(places, wish);
    }

    private static Comparator<Rated> tiers(Wish wish, long now) {
        return Comparator.comparingInt(Ranking::obstacleOrder)
                .thenComparingLong((Rated place) -> nanosLeft(place, now))
                .thenComparing(Rated::isLossy)
                .thenComparingInt(place -> isElsewhere(place, wish))
                .thenComparingInt(place -> place.placement().priority());
    }

    /** What is merely full is better than what is known to fail. */
    private static int obstacleOrder(Rated place) {
        Obstacle obstacle = place.obstacle();
        if (obstacle == null) {
            return 0;
        }
        return obstacle == Obstacle.FULL ? 1 : 2;
    }

    private static long nanosLeft(Rated place, long now) {
        return place.obstacle() == Obstacle.BREAKER_OPEN
                ? place.target().breaker().nanosLeft(now)
                : 0;
    }

    private static int isElsewhere(Rated place, Wish wish) {
        String region = wish.region();
        return region == null || region.equalsIgnoreCase(place.placement().region()) ? 0 : 1;
    }

    /** What is known to fail is a tier of its own each: nothing but its state speaks for it. */
    private static boolean isSameTier(Rated one, Rated other, Wish wish) {
        return obstacleOrder(one) < 2
                && one.obstacle() == other.obstacle()
                && one.isLossy() == other.isLossy()
                && isElsewhere(one, wish) == isElsewhere(other, wish)
                && one.placement().priority() == other.placement().priority();
    }

    private void rankTier(List<Rated> tier, Wish wish, SplittableRandom random) {
        if (tier.size() < 2) {
            return;
        }
        switch (wish.strategy()) {
            case BALANCED, LATENCY_FIRST, COST_FIRST, RELIABILITY_FIRST ->
                    byScore(tier, StrategyWeights.of(wish.strategy()), random);
            case WEIGHTED -> byWeight(tier, random);
            case ROUND_ROBIN -> inTurn(tier, wish);
            case LEAST_BUSY -> byLoad(tier, random);
            case PRIORITY -> tier.sort(Comparator.comparingDouble(Ranking::lightness));
        }
    }

    /** The first is drawn, and nobody is without a chance; the others follow by their scores. */
    private static void byScore(
            List<Rated> tier, @Nullable StrategyWeights weights, SplittableRandom random) {
        double sharpness = weights == null ? 1 : weights.sharpness();
        double best = Score.LEAST;
        for (Rated place : tier) {
            best = Math.max(best, value(place));
        }
        double least = LEAST_CHANCE * Math.pow(best, sharpness);
        Rated first = tier.getFirst();
        double earliest = Double.POSITIVE_INFINITY;
        for (Rated place : tier) {
            double value = value(place);
            double arrival = arrival(random, Math.max(least, Math.pow(value, sharpness)));
            if (arrival < earliest) {
                earliest = arrival;
                first = place;
            }
            place.rank(-value);
        }
        first.rank(Double.NEGATIVE_INFINITY);
        tier.sort(Comparator.comparingDouble(Rated::rank));
    }

    private static double value(Rated place) {
        Score score = place.score();
        return score == null ? Score.LEAST : score.value();
    }

    /** Each next one is drawn from those that are left. */
    private static void byWeight(List<Rated> tier, SplittableRandom random) {
        for (Rated place : tier) {
            place.rank(arrival(random, place.placement().weight()));
        }
        tier.sort(Comparator.comparingDouble(Rated::rank));
    }

    private void inTurn(List<Rated> tier, Wish wish) {
        int turn =
                wish.isRehearsal()
                        ? turns.peek(wish.group(), tier.size())
                        : turns.next(wish.group(), tier.size());
        List<Rated> turned = new ArrayList<>(tier.size());
        for (int i = 0; i < tier.size(); i++) {
            turned.add(tier.get((turn + i) % tier.size()));
        }
        for (int i = 0; i < turned.size(); i++) {
            tier.set(i, turned.get(i));
        }
    }

    /** Of two that are drawn, the less busy goes first: nobody is overrun by all at once. */
    private static void byLoad(List<Rated> tier, SplittableRandom random) {
        Rated one = tier.getFirst();
        Rated two = one;
        double earliest = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        for (Rated place : tier) {
            double arrival = arrival(random, place.placement().weight());
            place.rank(load(place));
            if (arrival < earliest) {
                second = earliest;
                two = one;
                earliest = arrival;
                one = place;
            } else if (arrival < second) {
                second = arrival;
                two = place;
            }
        }
        (load(two) < load(one) ? two : one).rank(Double.NEGATIVE_INFINITY);
        tier.sort(Comparator.comparingDouble(Rated::rank));
    }

    private static double load(Rated place) {
        return place.target().inFlight() / place.placement().weight();
    }

    private static double lightness(Rated place) {
        return -place.placement().weight();
    }

    /** When something that happens at that rate happens first; whoever is first won by its rate. */
    private static double arrival(SplittableRandom random, double rate) {
        return -Math.log1p(-random.nextDouble()) / rate;
    }

    private static void prefer(List<Rated> places, Wish wish) {
        TargetId bound = wish.bound();
        Long prefix = wish.prefix();
        Rated best = bound == null ? null : at(places, bound);
        if (best != null) {
            toFront(places, best, "session");
        } else if (prefix != null) {
            toFront(places, nearest(places, prefix, wish), "prefix");
        }
    }

    private static @Nullable Rated at(List<Rated> places, TargetId id) {
        for (Rated place : places) {
            if (place.obstacle() == null && place.placement().targetId().equals(id)) {
                return place;
            }
        }
        return null;
    }

    /** Of the first tier, the one that this beginning goes to as long as it is there. */
    private static @Nullable Rated nearest(List<Rated> places, long prefix, Wish wish) {
        Rated nearest = null;
        double earliest = Double.POSITIVE_INFINITY;
        for (Rated place : places) {
            if (place.obstacle() != null || !isSameTier(places.getFirst(), place, wish)) {
                break;
            }
            long seed = prefix ^ place.placement().targetId().hashCode() * 0x9E3779B97F4A7C15L;
            double arrival = arrival(new SplittableRandom(seed), place.placement().weight());
            if (arrival < earliest) {
                earliest = arrival;
                nearest = place;
            }
        }
        return nearest;
    }

    private static void toFront(List<Rated> places, @Nullable Rated place, String word) {
        if (place != null) {
            places.remove(place);
            places.addFirst(place);
            place.explain(word);
        }
    }
}
