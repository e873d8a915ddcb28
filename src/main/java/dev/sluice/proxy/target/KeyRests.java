package dev.sluice.proxy.target;

import dev.sluice.catalog.UpstreamKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which credentials rest after failures, by label: 2^n seconds after the n-th in a row, from 2 to
 * 32 (seed-contract-b §1.5). Those of calls that were under way together are one. A new secret
 * under an old label starts afresh.
 */
final class KeyRests {
    private static final int LONGEST_DOUBLING = 5;
    private static final long NANOS_BELOW_A_SECOND = TimeUnit.SECONDS.toNanos(1) - 1;

    private final ConcurrentHashMap<String, Rest> rests = new ConcurrentHashMap<>();

    /**
     * @param stated until when the upstream said that there is to be no call; before {@code until}
     *     if it said nothing
     */
    private record Rest(int secretHash, int failures, long until, long stated) {
        Rest rest(long longer) {
            return new Rest(secretHash, failures, longer, stated);
        }

        Rest statedUntil(long said) {
            return new Rest(secretHash, failures, until, later(stated, said));
        }
    }

    /** {@return how long the key still rests; 0 if it does not} */
    long nanosLeft(UpstreamKey key, long now) {
        Rest rest = of(key);
        return rest == null ? 0 : Math.max(0, rest.until() - now);
    }

    /** {@return how long the upstream said that the key is not to be used; 0 if it did not} */
    long statedNanosLeft(UpstreamKey key, long now) {
        Rest rest = of(key);
        return rest == null ? 0 : Math.max(0, rest.stated() - now);
    }

    /** Lets it rest. The bounds are those of the rest in seconds. */
    void failed(UpstreamKey key, long atLeast, long atMost, long now) {
        rests.compute(
                key.label(),
                (_, before) -> {
                    int secret = key.secret().hashCode();
                    boolean again = before != null && before.secretHash() == secret;
                    if (again && before.until() - now > 0) {
                        long until = now + TimeUnit.SECONDS.toNanos(Math.min(atLeast, atMost));
                        return before.rest(later(before.until(), until));
                    }
                    int failures = again ? before.failures() + 1 : 1;
                    long doubled = 1L << Math.min(failures, LONGEST_DOUBLING);
                    long seconds = Math.min(Math.max(doubled, atLeast), atMost);
                    long until = now + TimeUnit.SECONDS.toNanos(seconds);
                    return new Rest(secret, failures, until, now);
                });
    }

    /** Lets it rest for as long as the upstream said. */
    void stated(UpstreamKey key, long nanos, long now) {
        failed(
                key,
                TimeUnit.NANOSECONDS.toSeconds(nanos + NANOS_BELOW_A_SECOND),
                Long.MAX_VALUE,
                now);
        rests.computeIfPresent(key.label(), (_, rest) -> rest.statedUntil(now + nanos));
    }

    void succeeded(UpstreamKey key) {
        if (!rests.isEmpty()) {
            rests.remove(key.label());
        }
    }

    private @Nullable Rest of(UpstreamKey key) {
        if (rests.isEmpty()) {
            return null;
        }
        Rest rest = rests.get(key.label());
        return rest == null || rest.secretHash() != key.secret().hashCode() ? null : rest;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
