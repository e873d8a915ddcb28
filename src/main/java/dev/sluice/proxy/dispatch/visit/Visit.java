package dev.sluice.proxy.dispatch.visit;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.http.Headers;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import dev.sluice.proxy.target.CircuitBreaker.Pass;
import dev.sluice.proxy.target.ConcurrencyGate;
import dev.sluice.proxy.target.KeyPool;
import dev.sluice.proxy.target.Target;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt holds at its target. It ends in exactly one way, by whichever of {@link
 * #failed}, {@link #delivered} and {@link #abandoned} comes first; the others change nothing then.
 * Belongs to the exchange's event loop.
 */
public final class Visit {
    /** A model that is not there will not be there a moment later. */
    private static final Duration MODEL_GONE = Duration.ofSeconds(30);

    private static final long LONGEST_REST_MILLIS = 300_000;
    private static final long FORBIDDEN_MILLIS = 30_000;

    private final Held held;
    private final LongSupplier ticker;
    private long began;
    private long firstAt;
    private boolean isUnderWay;
    private boolean isOver;

    /**
     * @param key null for an upstream without keys
     */
    record Held(
            Target target,
            KeyPool keys,
            ConcurrencyGate.Room room,
            Pass pass,
            @Nullable UpstreamKey key) {}

    Visit(Held held, LongSupplier ticker) {
        this.held = held;
        this.ticker = ticker;
    }

    public @Nullable UpstreamKey key() {
        return held.key();
    }

    /** The attempt is made. */
    public void begin() {
        began = ticker.getAsLong();
        isUnderWay = true;
        held.target().began();
    }

    /**
     * The upstream has begun to answer. That ends what was held against it; whether the call was a
     * success is seen when the answer has ended.
     *
     * @param isStream whether its first output counts as such
     */
    public void answered(Headers headers, boolean isStream) {
        long now = ticker.getAsLong();
        held.target().breaker().answered(held.pass());
        UpstreamKey key = held.key();
        if (key == null) {
            held.target().limits().answered();
        } else {
            held.keys().succeeded(key, held.target());
        }
        if (isStream) {
            firstAt = now;
            held.target().firstOutput(now - began, now);
        }
        double left = RateHeaders.shareLeft(headers);
        if (!Double.isNaN(left)) {
            held.target().quotaLeft(left, now);
        }
    }

    /** The answer has ended, for better or worse. */
    public void delivered(Delivery delivery) {
        if (isOver) {
            return;
        }
        long now = ticker.getAsLong();
        switch (delivery.ending()) {
            case COMPLETED -> {
                held.target()
                        .completed(
                                now - began,
                                delivery.usage().outputTotal(),
                                firstAt == 0 ? 0 : now - firstAt,
                                now);
                held.target().breaker().succeeded(Pass.ORDINARY, now);
            }
            case UPSTREAM_BROKE, TIMED_OUT, FAILED -> {
                held.target().failed(now);
                held.target().breaker().failed(held.pass(), now);
            }
            case CLIENT_LEFT, INTERRUPTED, REFUSED ->
                    held.target().breaker().undecided(held.pass(), now);
        }
        release();
    }

    /** It was not made, or the client left before it could prove anything. */
    public void abandoned() {
        if (!isOver) {
            held.target().breaker().undecided(held.pass(), ticker.getAsLong());
            release();
        }
    }

    /**
     * It was stopped, because another attempt was faster. How long it would have taken is not
     * known; that it was longer than this is noted where this alone is longer than usual.
     *
     * @param isStream whether its first output was awaited, and not the whole answer
     */
    public void outrun(boolean isStream) {
        if (isOver) {
            return;
        }
        long now = ticker.getAsLong();
        held.target().outrun(now - began, isStream, now);
        abandoned();
    }

    /** It failed before any output. */
    public void failed(FailureClass failure, @Nullable Long retryAfterMillis) {
        if (isOver) {
            return;
        }
        long now = ticker.getAsLong();
        Target target = held.target();
        switch (failure) {
            case TRANSIENT, UNKNOWN, REGION -> {
                target.failed(now);
                target.breaker().failed(held.pass(), now);
            }
            case MODEL_GONE -> {
                target.failedForGood(now);
                target.breaker().trip(now, MODEL_GONE);
            }
            case CREDENTIAL, QUOTA -> refused(target, now);
            case FORBIDDEN -> limited(target, FORBIDDEN_MILLIS, now);
            case LIMITED -> limited(target, retryAfterMillis, now);
            case CALLER, CONTEXT_OVERFLOW, CONTENT_REFUSED ->
                    target.breaker().succeeded(held.pass(), now);
        }
        release();
    }

    private void refused(Target target, long now) {
        UpstreamKey key = held.key();
        target.failed(now);
        if (key == null) {
            target.breaker().failed(held.pass(), now);
        } else {
            held.keys().refused(key, now);
            target.breaker().undecided(held.pass(), now);
        }
    }

    private void limited(Target target, @Nullable Long retryAfterMillis, long now) {
        UpstreamKey key = held.key();
        long nanos =
                retryAfterMillis == null
                        ? 0
                        : TimeUnit.MILLISECONDS.toNanos(
                                Math.min(LONGEST_REST_MILLIS, retryAfterMillis));
        target.failed(now);
        if (key != null) {
            held.keys().limited(key, target, nanos, now);
            target.breaker().undecided(held.pass(), now);
        } else if (nanos > 0) {
            target.limits().stated(nanos, now);
            target.breaker().trip(now, Duration.ofNanos(nanos));
        } else {
            target.breaker().failed(held.pass(), now);
        }
    }

    private void release() {
        isOver = true;
        held.room().close();
        if (isUnderWay) {
            held.target().over();
        }
    }
}
