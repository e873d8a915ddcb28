package dev.sluice.http.outbound;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A point in time that is moved more often than it is reached: moving it later costs a field, and
 * the timer looks again when it fires. Belongs to one event loop.
 */
final class Deadline {
    private final EventExecutor loop;
    private final LongSupplier ticker;
    private final Runnable onPassed;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;
    private long dueNanos;
    private boolean set;

    Deadline(EventExecutor loop, LongSupplier ticker, Runnable onPassed) {
        this.loop = loop;
        this.ticker = ticker;
        this.onPassed = onPassed;
    }

    void setAfter(Duration duration) {
        long now = ticker.getAsLong();
        dueNanos = now + duration.toNanos();
        set = true;
        if (timer != null && timerNanos - dueNanos <= 0) {
            return;
        }
        schedule(now);
    }

    /** Nothing is due any more; the timer may still fire once, to no effect. */
    void suspend() {
        set = false;
    }

    void cancel() {
        set = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule(long now) {
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = dueNanos;
        timer = loop.schedule(this::fire, Math.max(0, dueNanos - now), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        timer = null;
        if (!set) {
            return;
        }
        long now = ticker.getAsLong();
        if (dueNanos - now > 0) {
            schedule(now);
            return;
        }
        set = false;
        onPassed.run();
    }
}
