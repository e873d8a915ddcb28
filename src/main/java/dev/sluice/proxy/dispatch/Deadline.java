package dev.sluice.proxy.dispatch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How long a client still waits for an answer to begin, all attempts together. */
final class Deadline {
    private final Duration all;
    private final LongSupplier ticker;
    private final long startedAt;

    /**
     * @param all from now on
     */
    Deadline(Duration all, LongSupplier ticker) {
        this.all = all;
        this.ticker = ticker;
        this.startedAt = ticker.getAsLong();
    }

    boolean isOver() {
        return millisLeft() <= 0;
    }

    long millisLeft() {
        return all.toMillis() - TimeUnit.NANOSECONDS.toMillis(ticker.getAsLong() - startedAt);
    }

    /** {@return that duration, or what is left if that is less} */
    Duration atMost(Duration duration) {
        long left = Math.max(1, millisLeft());
        return duration.toMillis() <= left ? duration : Duration.ofMillis(left);
    }
}
