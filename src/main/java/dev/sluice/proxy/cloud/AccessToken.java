package dev.sluice.proxy.cloud;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An access token, and until when it is good, by the monotonic clock.
 *
 * @param renewAt when it has lived three quarters of its life, in nanoseconds as the other
 * @param endsAt a little before its end, so that it does not end on its way
 */
record AccessToken(String value, long renewAt, long endsAt) {
    private static final long MOST_MARGIN = TimeUnit.SECONDS.toNanos(30);

    static AccessToken of(String value, Duration life, long now) {
        long nanos = life.toNanos();
        long margin = Math.min(MOST_MARGIN, nanos / 10);
        return new AccessToken(value, now + nanos / 4 * 3, now + nanos - margin);
    }

    boolean isGood(long now) {
        return now - endsAt < 0;
    }

    boolean isDue(long now) {
        return now - renewAt >= 0;
    }

    @Override
    public String toString() {
        return "***";
    }
}
