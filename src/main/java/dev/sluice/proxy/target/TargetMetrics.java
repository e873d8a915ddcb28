package dev.sluice.proxy.target;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last minute of one target, in six slots that are used in turn. Updates take no lock; while a
 * slot changes hands, which it does every ten seconds, a few may be lost. What is read is at most a
 * quarter of a second old.
 */
final class TargetMetrics {
    static final int SLOTS = 6;
    static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long NEVER = Long.MIN_VALUE;

    private static final int CALLS = 0;
    private static final int FAILURES = 1;
    private static final int TOKENS = 2;
    private static final int TOKEN_MICROS = 3;
    private static final int COUNTERS = 4;

    private final AtomicLongArray epochs = new AtomicLongArray(SLOTS);
    private final AtomicLongArray counters = new AtomicLongArray(SLOTS * COUNTERS);
    private final AtomicIntegerArray first = new AtomicIntegerArray(SLOTS * LatencyBuckets.COUNT);
    private final AtomicIntegerArray total = new AtomicIntegerArray(SLOTS * LatencyBuckets.COUNT);
    private final AtomicLong quotaSaidAt = new AtomicLong(NEVER);
    private volatile double quotaLeft = Double.NaN;
    private volatile Read read = new Read(NEVER, Measurements.NONE);

    private record Read(long at, Measurements measurements) {}

    TargetMetrics() {
        for (int i = 0; i < SLOTS; i++) {
            epochs.setPlain(i, NEVER);
        }
    }

    void firstOutput(long micros, long now) {
        first.getAndIncrement(slot(now) * LatencyBuckets.COUNT + LatencyBuckets.indexOf(micros));
    }

    /** Notes a time of which it is only known that it would have been longer. */
    void late(long micros, boolean isStream, long now) {
        AtomicIntegerArray times = isStream ? first : total;
        times.getAndIncrement(slot(now) * LatencyBuckets.COUNT + LatencyBuckets.indexOf(micros));
    }

    void failed(long now) {
        int slot = slot(now) * COUNTERS;
        counters.getAndIncrement(slot + CALLS);
        counters.getAndIncrement(slot + FAILURES);
    }

    /**
     * @param streamingMicros from the first output to the end; 0 where the answer came whole
     */
    void completed(long micros, long outputTokens, long streamingMicros, long now) {
        int slot = slot(now);
        total.getAndIncrement(slot * LatencyBuckets.COUNT + LatencyBuckets.indexOf(micros));
        counters.getAndIncrement(slot * COUNTERS + CALLS);
        if (outputTokens > 1 && streamingMicros > 0) {
            counters.getAndAdd(slot * COUNTERS + TOKENS, outputTokens);
            counters.getAndAdd(slot * COUNTERS + TOKEN_MICROS, streamingMicros);
        }
    }

    /** Notes what the upstream said of the operator's rate limit, which holds for a minute. */
    void quotaLeft(double share, long now) {
        quotaLeft = share;
        quotaSaidAt.setRelease(now);
    }

    Measurements measurements(long now) {
        Read last = read;
        if (last.at() != NEVER && now - last.at() < FRESH_NANOS) {
            return last.measurements();
        }
        Measurements fresh = sum(now);
        read = new Read(now, fresh);
        return fresh;
    }

    private Measurements sum(long now) {
        long epoch = now / SLOT_NANOS;
        long[] sums = new long[COUNTERS];
        int[] firsts = new int[LatencyBuckets.COUNT];
        int[] totals = new int[LatencyBuckets.COUNT];
        for (int slot = 0; slot < SLOTS; slot++) {
            long of = epochs.get(slot);
            if (of != NEVER && of > epoch - SLOTS && of <= epoch) {
                for (int i = 0; i < COUNTERS; i++) {
                    sums[i] += counters.getPlain(slot * COUNTERS + i);
                }
                LatencyBuckets.addTo(firsts, first, slot * LatencyBuckets.COUNT);
                LatencyBuckets.addTo(totals, total, slot * LatencyBuckets.COUNT);
            }
        }
        return measurements(sums, firsts, totals, now);
    }

    private Measurements measurements(long[] sums, int[] firsts, int[] totals, long now) {
        long saidAt = quotaSaidAt.getAcquire();
        boolean quotaHolds = saidAt != NEVER && now - saidAt < SLOTS * SLOT_NANOS;
        return new Measurements(
                sums[CALLS],
                sums[FAILURES],
                sums[CALLS] == 0 ? 0 : Math.min(1, (double) sums[FAILURES] / sums[CALLS]),
                Arrays.stream(firsts).asLongStream().sum(),
                LatencyBuckets.percentile(firsts, 0.5),
                LatencyBuckets.percentile(firsts, 0.95),
                Arrays.stream(totals).asLongStream().sum(),
                LatencyBuckets.percentile(totals, 0.5),
                LatencyBuckets.percentile(totals, 0.95),
                LatencyBuckets.percentile(totals, 0.99),
                sums[TOKEN_MICROS] == 0 ? Double.NaN : sums[TOKENS] * 1e6 / sums[TOKEN_MICROS],
                quotaHolds ? quotaLeft : Double.NaN);
    }

    /** {@return the slot of this moment, emptied if it was that of an older one} */
    private int slot(long now) {
        long epoch = now / SLOT_NANOS;
        int slot = (int) Math.floorMod(epoch, (long) SLOTS);
        long of = epochs.get(slot);
        if (of < epoch && epochs.compareAndSet(slot, of, epoch)) {
            for (int i = 0; i < COUNTERS; i++) {
                counters.set(slot * COUNTERS + i, 0);
            }
            for (int i = 0; i < LatencyBuckets.COUNT; i++) {
                first.set(slot * LatencyBuckets.COUNT + i, 0);
                total.set(slot * LatencyBuckets.COUNT + i, 0);
            }
        }
        return slot;
    }
}
