package dev.sluice.proxy.target;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What is known of one model at one upstream. Safe for many threads. */
public final class Target {
    /**
     * The bounds of the dynamic weight, as a factor of the configured one (seed-contract-b §1.5).
     */
    private static final double LEAST_FACTOR = 0.2;

    private static final double MOST_FACTOR = 3;
    private static final double REWARD = 0.05;

    /** After that time the factor is back at 1 by half. */
    private static final double HALF_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TargetId id;
    private final TargetMetrics metrics = new TargetMetrics();
    private final CircuitBreaker breaker;
    private final KeyRests limitedKeys = new KeyRests();
    private final StatedLimit limits = new StatedLimit();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicReference<Earned> earned = new AtomicReference<>(Earned.NOTHING);

    /** A weight factor, as it was at that moment; with time it goes back to 1. */
    private record Earned(double factor, long at) {
        static final Earned NOTHING = new Earned(1, 0);

        double factor(long now) {
            return factor == 1 || now - at <= 0
                    ? factor
                    : Math.pow(factor, Math.pow(0.5, (now - at) / HALF_LIFE_NANOS));
        }
    }

    Target(TargetId id, CircuitBreaker.Rules rules) {
        this.id = id;
        this.breaker = new CircuitBreaker(rules);
    }

    public TargetId id() {
        return id;
    }

    public CircuitBreaker breaker() {
        return breaker;
    }

    /** {@return what was measured, at most a quarter of a second ago} */
    public Measurements measurements(long now) {
        return metrics.measurements(now);
    }

    public int inFlight() {
        return inFlight.get();
    }

    /**
     * {@return by what its configured weight is multiplied after what was seen of it; what it
     * earned or lost is half forgotten after a minute}
     */
    public double weightFactor(long now) {
        return earned.get().factor(now);
    }

    public void began() {
        inFlight.incrementAndGet();
    }

    public void over() {
        inFlight.decrementAndGet();
    }

    public void firstOutput(long nanos, long now) {
        metrics.firstOutput(TimeUnit.NANOSECONDS.toMicros(nanos), now);
    }

    /**
     * A call was answered in full.
     *
     * @param streamingNanos from the first output to the end; 0 where the answer came whole
     */
    public void completed(long nanos, long outputTokens, long streamingNanos, long now) {
        metrics.completed(
                TimeUnit.NANOSECONDS.toMicros(nanos),
                outputTokens,
                TimeUnit.NANOSECONDS.toMicros(streamingNanos),
                now);
        multiplied(Double.NaN, now);
    }

    /**
     * A call was stopped because another was faster.
     *
     * @param isStream whether its first output was awaited, and not the whole answer
     */
    public void outrun(long nanos, boolean isStream, long now) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        if (micros > measurements(now).typicalMillis() * 1_000) {
            metrics.late(micros, isStream, now);
        }
    }

    /** A call failed as others may not. */
    public void failed(long now) {
        metrics.failed(now);
        multiplied(0.8, now);
    }

    /** A call failed as all others will. */
    public void failedForGood(long now) {
        metrics.failed(now);
        multiplied(0.5, now);
    }

    public void quotaLeft(double share, long now) {
        metrics.quotaLeft(share, now);
    }

    /** {@return what its upstream said of how long it is not to be called} */
    public StatedLimit limits() {
        return limits;
    }

    KeyRests limitedKeys() {
        return limitedKeys;
    }

    /** Multiplies the weight, or adds the reward for a success where that is NaN. */
    private void multiplied(double by, long now) {
        earned.updateAndGet(before -> {
            double is = before.factor(now);
            double changed = Double.isNaN(by) ? is + REWARD : is * by;
            return new Earned(Math.clamp(changed, LEAST_FACTOR, MOST_FACTOR), now);
        });
    }
}
