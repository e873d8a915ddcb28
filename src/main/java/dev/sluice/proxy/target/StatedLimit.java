package dev.sluice.proxy.target;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an upstream said of how long a target is not to be called. That is kept to, but for a look
 * now and then: it may have said too much. Safe for many threads.
 */
public final class StatedLimit {
    private static final long BETWEEN_LOOKS = Duration.ofSeconds(5).toNanos();

    private final AtomicLong until = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong nextLook = new AtomicLong(Long.MIN_VALUE);

    /** It was said just now, of a key or of all calls. */
    void stated(long now) {
        nextLook.set(now + BETWEEN_LOOKS);
    }

    /** It was said just now, of all calls. */
    public void stated(long nanos, long now) {
        until.accumulateAndGet(now + nanos, Math::max);
        stated(now);
    }

    /** A call was answered: it no longer holds. */
    public void answered() {
        if (until.get() != Long.MIN_VALUE) {
            until.set(Long.MIN_VALUE);
        }
    }

    /** {@return how long no call is to be made; 0 if one may} */
    long nanosLeft(long now) {
        long is = until.get();
        return is == Long.MIN_VALUE ? 0 : Math.max(0, is - now);
    }

    /** Takes the look that is due. {@return whether there was one} */
    public boolean takeLook(long now) {
        long due = nextLook.get();
        return now >= due && nextLook.compareAndSet(due, now + BETWEEN_LOOKS);
    }
}
