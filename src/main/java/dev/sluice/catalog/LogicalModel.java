package dev.sluice.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model by the name that clients use, and the upstreams' models that stand behind it.
 *
 * @param id what clients name; it goes before an upstream's model of the same id
 * @param capabilities such as {@code chat} or {@code vision}, for people
 * @param enabled a disabled one is refused: nothing else takes its place
 * @param affinity whether calls that begin alike go to the same target, whose prompt cache knows
 *     their beginning
 */
public record LogicalModel(
        String id,
        @Nullable String displayName,
        @Nullable String description,
        Set<String> capabilities,
        boolean enabled,
        RoutingStrategy strategy,
        List<Target> targets,
        Fallbacks fallbacks,
        Patience patience,
        Hedging hedging,
        boolean affinity) {

    /**
     * One upstream's model.
     *
     * @param model the id by which the upstream knows it
     * @param weight its share among the targets, above 0
     * @param priority lower is tried first
     * @param region a word by which a caller may prefer it, or null for the upstream's own
     */
    public record Target(
            UUID upstreamId, String model, double weight, int priority, @Nullable String region) {
        public Target {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("a target's weight is above 0, not " + weight);
            }
        }
    }

    /**
     * Other logical models that step in. Theirs do not follow: a fallback has no fallbacks.
     *
     * @param failure after all own targets
     * @param contextOverflow when the request is too long for the model
     * @param contentRefusal when the upstream refuses the content
     */
    public record Fallbacks(
            List<String> failure, List<String> contextOverflow, List<String> contentRefusal) {
        public static final Fallbacks NONE = new Fallbacks(List.of(), List.of(), List.of());

        public Fallbacks {
            failure = List.copyOf(failure);
            contextOverflow = List.copyOf(contextOverflow);
            contentRefusal = List.copyOf(contentRefusal);
        }
    }

    /**
     * How long a caller waits for an answer to begin. Null leaves it to the upstreams and the
     * gateway.
     *
     * @param attempt one attempt
     * @param deadline all attempts and the waits between them
     */
    public record Patience(@Nullable Duration attempt, @Nullable Duration deadline) {
        public static final Patience STANDARD = new Patience(null, null);
    }

    /**
     * Whether a second target is asked when the first is unusually late.
     *
     * @param atLeast how late it must be in any case
     * @param maxExtra the largest share of calls that may be made twice, in (0, 1]
     * @param billsBoth whether the slower one is charged its estimated input, since upstreams may
     *     bill it; else only the one whose answer the client gets
     */
    public record Hedging(boolean enabled, Duration atLeast, double maxExtra, boolean billsBoth) {
        public static final Hedging OFF = new Hedging(false, Duration.ofMillis(100), 0.05, false);

        public Hedging {
            if (!(maxExtra > 0 && maxExtra <= 1)) {
                throw new IllegalArgumentException("a share is in (0, 1], not " + maxExtra);
            }
        }
    }

    public LogicalModel {
        capabilities = Set.copyOf(capabilities);
        targets = List.copyOf(targets);
    }

    /** {@return the same model with other targets} */
    public LogicalModel withTargets(List<Target> others) {
        return new LogicalModel(
                id,
                displayName,
                description,
                capabilities,
                enabled,
                strategy,
                others,
                fallbacks,
                patience,
                hedging,
                affinity);
    }
}
