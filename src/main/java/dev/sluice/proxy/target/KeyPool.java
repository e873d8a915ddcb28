package dev.sluice.proxy.target;

import dev.sluice.catalog.UpstreamKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's credentials. One is drawn by weight from those that neither rest nor have reached
 * their calls a second, always the same for the same draw and state. A refused credential rests for
 * all models; one that is limited rests for the model it was limited for, since providers count by
 * model (seed-contract-b §1.5).
 */
public final class KeyPool {
    private static final long REFUSED_AT_LEAST = 30;
    private static final long LONGEST = 60;

    private final KeyRests refused = new KeyRests();
    private final ConcurrentHashMap<String, QpsBucket> seconds = new ConcurrentHashMap<>();

    /**
     * {@return one of the keys, or null if none can be used at the moment}
     *
     * @param draw in [0, 1)
     * @param without labels that are out of the question
     */
    public @Nullable UpstreamKey choose(
            List<UpstreamKey> keys, Target target, Draw draw, Set<String> without) {
        List<UpstreamKey> left = new ArrayList<>(keys.size());
        for (UpstreamKey key : keys) {
            if (!without.contains(key.label()) && nanosLeft(key, target, draw.now()) == 0) {
                left.add(key);
            }
        }
        while (!left.isEmpty()) {
            UpstreamKey key = drawn(left, draw.point());
            if (takeSecond(key, draw.now())) {
                return key;
            }
            left.remove(key);
        }
        return null;
    }

    /**
     * A point by which to choose.
     *
     * @param point in [0, 1)
     */
    public record Draw(double point, long now) {}

    /** {@return whether there is a key that can be used, as far as is known} */
    public boolean hasOne(List<UpstreamKey> keys, Target target, long now) {
        if (keys.isEmpty()) {
            return true;
        }
        for (UpstreamKey key : keys) {
            if (nanosLeft(key, target, now) == 0 && hasSecond(key, now)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the key whose rest ends first, or null if there is none at all} */
    public @Nullable UpstreamKey leastBad(
            List<UpstreamKey> keys, Target target, Set<String> without, long now) {
        UpstreamKey best = null;
        long shortest = Long.MAX_VALUE;
        for (UpstreamKey key : keys) {
            long left = nanosLeft(key, target, now);
            if (!without.contains(key.label()) && left < shortest) {
                best = key;
                shortest = left;
            }
        }
        return best;
    }

    /**
     * {@return the key that was not refused, or whose rest ends first, whatever the model; null if
     * there is none}
     */
    public @Nullable UpstreamKey leastRefused(
            List<UpstreamKey> keys, Set<String> without, long now) {
        return keys.stream()
                .filter(key -> !without.contains(key.label()))
                .min(Comparator.comparingLong(key -> refused.nanosLeft(key, now)))
                .orElse(null);
    }

    /** {@return how long the key rests at that target; 0 if it does not} */
    public long nanosLeft(UpstreamKey key, Target target, long now) {
        return Math.max(refused.nanosLeft(key, now), target.limitedKeys().nanosLeft(key, now));
    }

    /** {@return how many of the keys rest, at any of those targets or altogether} */
    public long resting(List<UpstreamKey> keys, List<Target> used, long now) {
        return keys.stream()
                .filter(key ->
                        refused.nanosLeft(key, now) > 0
                                || used.stream()
                                        .anyMatch(target ->
                                                target.limitedKeys().nanosLeft(key, now) > 0))
                .count();
    }

    /** The upstream refused the credential, or its account has nothing left. */
    public void refused(UpstreamKey key, long now) {
        refused.failed(key, REFUSED_AT_LEAST, LONGEST, now);
    }

    /** The upstream limits the credential at this target, if known for that many seconds. */
    public void limited(UpstreamKey key, Target target, long seconds, long now) {
        target.limitedKeys().failed(key, seconds, Math.max(LONGEST, seconds), now);
    }

    public void succeeded(UpstreamKey key, Target target) {
        refused.succeeded(key);
        target.limitedKeys().succeeded(key);
    }

    private static UpstreamKey drawn(List<UpstreamKey> keys, double point) {
        double all = 0;
        for (UpstreamKey key : keys) {
            all += key.weight();
        }
        double left = point * all;
        for (UpstreamKey key : keys) {
            left -= key.weight();
            if (left < 0) {
                return key;
            }
        }
        return keys.getLast();
    }

    private boolean takeSecond(UpstreamKey key, long now) {
        Integer most = key.maxQps();
        return most == null || second(key).take(most, now);
    }

    private boolean hasSecond(UpstreamKey key, long now) {
        Integer most = key.maxQps();
        return most == null || !second(key).isEmpty(most, now);
    }

    private QpsBucket second(UpstreamKey key) {
        return seconds.computeIfAbsent(key.label(), _ -> new QpsBucket());
    }
}
