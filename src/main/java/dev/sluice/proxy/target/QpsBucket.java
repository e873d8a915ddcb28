package dev.sluice.proxy.target;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** So many calls in each second (seed-contract-b §1.5). */
final class QpsBucket {
    private static final int COUNT_BITS = 24;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong secondAndCount = new AtomicLong();

    /** Takes one of at most so many. {@return whether there was one} */
    boolean take(int most, long now) {
        long second = Math.floorDiv(now, SECOND);
        while (true) {
            long is = secondAndCount.get();
            long count = is >> COUNT_BITS == second ? is & COUNT_MASK : 0;
            if (count >= most) {
                return false;
            }
            if (secondAndCount.compareAndSet(is, second << COUNT_BITS | count + 1)) {
                return true;
            }
        }
    }

    boolean isEmpty(int most, long now) {
        long is = secondAndCount.get();
        return is >> COUNT_BITS == Math.floorDiv(now, SECOND) && (is & COUNT_MASK) >= most;
    }

    static long nanosToNextSecond(long now) {
        return SECOND - Math.floorMod(now, SECOND);
    }
}
