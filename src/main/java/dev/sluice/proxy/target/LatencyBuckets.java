package dev.sluice.proxy.target;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Durations by size: four buckets to each doubling, from a millisecond to about half an hour, so
 * that a percentile is at most a quarter too high and never too low.
 */
final class LatencyBuckets {
    private static final int TO_A_DOUBLING = 4;
    private static final int DOUBLINGS = 20;
    static final int COUNT = TO_A_DOUBLING * DOUBLINGS;

    private LatencyBuckets() {}

    static int indexOf(long micros) {
        long millis = micros / 1000;
        if (millis < TO_A_DOUBLING) {
            return (int) Math.max(0, millis);
        }
        int doubling = 63 - Long.numberOfLeadingZeros(millis);
        int quarter = (int) (millis >>> (doubling - 2)) & (TO_A_DOUBLING - 1);
        return Math.min(COUNT - 1, (doubling - 1) * TO_A_DOUBLING + quarter);
    }

    /** {@return the duration below which everything in that bucket is} */
    static double upperMillis(int index) {
        if (index < TO_A_DOUBLING) {
            return index + 1.0;
        }
        int doubling = index / TO_A_DOUBLING + 1;
        int quarter = index % TO_A_DOUBLING;
        return (double) (1L << (doubling - 2)) * (TO_A_DOUBLING + quarter + 1);
    }

    /** Adds the counts of one histogram to a sum. */
    static void addTo(int[] sum, AtomicIntegerArray counts, int from) {
        for (int i = 0; i < COUNT; i++) {
            sum[i] += counts.getPlain(from + i);
        }
    }

    /** {@return the duration that the given share of all stays below; NaN of nothing} */
    static double percentile(int[] counts, double share) {
        long all = 0;
        for (int count : counts) {
            all += count;
        }
        if (all == 0) {
            return Double.NaN;
        }
        long rank = (long) Math.ceil(share * all);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return upperMillis(i);
            }
        }
        return upperMillis(counts.length - 1);
    }
}
