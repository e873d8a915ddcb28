package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts against one limit. Guarded by the ledger's monitor. */
abstract sealed class Meter permits Budget, SlidingWindow, Concurrency {
    /** The mark of what is reserved in no period. */
    static final long NOWHERE = Long.MIN_VALUE + 1;

    private Limit limit;

    Meter(Limit limit) {
        this.limit = limit;
    }

    static Meter of(Limit limit, Moment now) {
        if (limit.period() == null) {
            return new Concurrency(limit);
        }
        return switch (limit.period()) {
            case MINUTE -> new SlidingWindow(limit, now);
            case DAY, WEEK, MONTH, TOTAL -> new Budget(limit, now);
        };
    }

    final Limit limit() {
        return limit;
    }

    /** Changes how much fits; what is counted stays. */
    final void limitBy(Limit changed) {
        limit = changed;
    }

    /** Lets time pass. */
    abstract void advanceTo(Moment now);

    /** {@return whether this counts a period that began later than that moment} */
    boolean isBeyond(Instant moment) {
        return false;
    }

    /** {@return what has been used and counts now} */
    abstract long used();

    abstract long reserved();

    /** {@return what still fits; negative in debt} */
    final long left() {
        return limit.amount() - used() - reserved();
    }

    final boolean fits(long amount) {
        return amount == 0 || amount <= left();
    }

    /** Sets so much aside; {@return the mark by which it is found again} */
    abstract long reserve(long amount);

    /** Puts what was used in place of what had been reserved under that mark. */
    abstract void settle(long mark, long reserved, long used);

    /** Gives back what was reserved for an attempt that came to nothing. */
    abstract void abandon(long mark, long reserved);

    /**
     * {@return in how many milliseconds so much will fit, if nothing else happens; null if only the
     * end of running calls can help}
     */
    abstract @Nullable Long fitsInMillis(long amount, Moment now);

    /**
     * {@return when the period began; null where there is none, or it slides, or it is for ever}
     */
    @Nullable Instant since() {
        return null;
    }

    /** {@return when the period ends; null likewise} */
    @Nullable Instant resetsAt() {
        return null;
    }

    /** {@return whether what was spent is not known yet} */
    boolean isUnknown() {
        return false;
    }
}
