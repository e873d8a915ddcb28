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

    /** {@return whether none of them would do, however many calls it had in this second} */
    public boolean allRest(List<UpstreamKey> keys, Target target, Set<String> without, long now) {
        for (UpstreamKey key : keys) {
            if (!without.contains(key.label()) && nanosLeft(key, target, now) == 0) {
                return false;
            }
        }
        return !keys.isEmpty();
    }

    /**
     * {@return the key whose rest ends first; one of which the upstream said how long it is not to
     * be used comes after all others; null if each has had its calls of this second}
     */
    public @Nullable UpstreamKey leastBad(
            List<UpstreamKey> keys, Target target, Set<String> without, long now) {
        KeyRests limited = target.limitedKeys();
        return keys.stream()
                .filter(key -> !without.contains(key.label()))
                .sorted(
                        Comparator.comparing(
                                        (UpstreamKey key) -> limited.statedNanosLeft(key, now) > 0)
                                .thenComparingLong(key -> nanosLeft(key, target, now)))
                .filter(key -> takeSecond(key, now))
                .findFirst()
                .orElse(null);
    }

    /**
     * {@return how long the upstream said that none of the keys, or nobody where it takes none, is
     * to call that target; 0 if somebody may}
     */
    public long statedNanosLeft(
            List<UpstreamKey> keys, Target target, Set<String> without, long now) {
        if (keys.isEmpty()) {
            return target.limits().nanosLeft(now);
        }
        long least = Long.MAX_VALUE;
        for (UpstreamKey key : keys) {
            if (!without.contains(key.label())) {
                least = Math.min(least, target.limitedKeys().statedNanosLeft(key, now));
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
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

    /**
     * The upstream limits the credential at this target.
     *
     * @param nanos for so long, as it said; 0 if it did not
     */
    public void limited(UpstreamKey key, Target target, long nanos, long now) {
        if (nanos > 0) {
            target.limitedKeys().stated(key, nanos, now);
            target.limits().stated(now);
        } else {
            target.limitedKeys().failed(key, 0, LONGEST, now);
        }
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
