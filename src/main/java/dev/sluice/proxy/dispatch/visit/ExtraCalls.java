package dev.sluice.proxy.dispatch.visit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget of calls that are made in addition to those that clients make: a share of them, or a few
 * a second where that is more, so that it also works where there is little traffic. What is not
 * used is kept, up to a bound. Safe for many threads.
 */
public final class ExtraCalls {
    private static final long UNIT = 1_000;
    private static final int KEPT_SECONDS = 10;

    private final Allowance allowance;
    private final long perCall;
    private final long most;
    private final AtomicLong left;
    private final AtomicLong filledAt;
    private final AtomicLong earned = new AtomicLong();

    /**
     * How much there is.
     *
     * @param share of the calls, such as 0.1
     * @param perSecond so many each second where the share comes to less; what ten seconds bring is
     *     kept
     * @param keptCalls what so many calls bring is kept, if that is more
     */
    public record Allowance(double share, int perSecond, int keptCalls) {}

    /**
     * @param now in nanoseconds, monotonic
     */
    public ExtraCalls(Allowance allowance, long now) {
        this.allowance = allowance;
        this.perCall = Math.round(allowance.share() * UNIT);
        long keptSeconds = UNIT * KEPT_SECONDS * allowance.perSecond();
        this.most = Math.max(UNIT, Math.max(keptSeconds, allowance.keptCalls() * perCall));
        this.left = new AtomicLong(Math.max(UNIT, keptSeconds / 2));
        this.filledAt = new AtomicLong(now);
    }

    /** A client has made a call. */
    public void called() {
        earned.getAndAdd(perCall);
        add(perCall);
    }

    /** Takes one. {@return whether there was one} */
    public boolean take(long now) {
        fill(now);
        while (true) {
            long is = left.get();
            if (is < UNIT) {
                return false;
            }
            if (left.compareAndSet(is, is - UNIT)) {
                return true;
            }
        }
    }

    /** The call that was taken last was not made after all. */
    public void giveBack() {
        add(UNIT);
    }

    private void fill(long now) {
        long since = filledAt.get();
        long passed = Math.min(now - since, TimeUnit.SECONDS.toNanos(KEPT_SECONDS));
        long more = passed * allowance.perSecond() * UNIT / TimeUnit.SECONDS.toNanos(1);
        if (more > 0 && filledAt.compareAndSet(since, now)) {
            add(Math.max(0, more - earned.getAndSet(0)));
        }
    }

    private void add(long more) {
        left.updateAndGet(is -> Math.min(most, is + more));
    }
}
