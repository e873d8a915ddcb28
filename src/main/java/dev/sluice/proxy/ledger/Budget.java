package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.price.Money;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was spent and is reserved in the current period. A period never opens again: a clock that
 * goes back stays in the period it had reached, and a call that ends after its period has ended
 * changes nothing any more.
 */
final class Budget extends Meter {
    /** Beyond that sums stop, far below where a long would turn over. */
    private static final long CEILING = Long.MAX_VALUE / 4;

    private final Period period;
    private Period.Interval interval;
    private long spent;
    private long reserved;
    private @Nullable Instant unknownBefore;

    Budget(Limit limit, Moment now) {
        super(limit);
        this.period = Objects.requireNonNull(limit.period(), "a budget has a period");
        this.interval = period.at(now.instant(), limit.zone());
        this.unknownBefore = now.instant();
    }

    @Override
    void advanceTo(Moment now) {
        if (interval.isOver(now.instant().toEpochMilli())) {
            interval = period.at(now.instant(), limit().zone());
            spent = 0;
            reserved = 0;
            unknownBefore = null;
        }
    }

    @Override
    boolean isBeyond(Instant moment) {
        return moment.toEpochMilli() < interval.startMillis();
    }

    Period.Interval interval() {
        return interval;
    }

    @Override
    long used() {
        return spent;
    }

    @Override
    long reserved() {
        return reserved;
    }

    @Override
    long reserve(long amount) {
        reserved += amount;
        return interval.startMillis();
    }

    @Override
    void settle(long mark, long held, long used) {
        if (mark == interval.startMillis()) {
            reserved -= held;
            spend(used);
        }
    }

    @Override
    void abandon(long mark, long held) {
        settle(mark, held, 0);
    }

    /** Books what a call used for which nothing is reserved here, if it began in this period. */
    void book(Instant begun, long used) {
        if (markOf(begun) == interval.startMillis()) {
            spend(used);
        }
    }

    /** {@return the mark under which a call that began then is booked} */
    long markOf(Instant begun) {
        long millis = begun.toEpochMilli();
        return millis >= interval.startMillis() && millis < interval.endMillis()
                ? interval.startMillis()
                : NOWHERE;
    }

    /** Puts what was used in place of what had been booked under that mark. */
    void correct(long mark, long booked, long used) {
        if (mark == interval.startMillis()) {
            spent = Math.max(0, spent - booked);
            spend(used);
        }
    }

    private void spend(long amount) {
        spent = Math.min(Money.plus(spent, amount), CEILING);
    }

    /**
     * {@return the moment before which this budget does not know what was spent, or null if it
     * knows all}
     */
    @Nullable Instant unknownBefore() {
        return unknownBefore;
    }

    /** Adds what had been spent in the period of that beginning before this budget was there. */
    void prime(long intervalStart, long spentBefore) {
        if (intervalStart == interval.startMillis() && unknownBefore != null) {
            spend(spentBefore);
            unknownBefore = null;
        }
    }

    @Override
    @Nullable Long fitsInMillis(long amount, Moment now) {
        if (period == Period.TOTAL || amount > limit().amount()) {
            return null;
        }
        boolean onlyReserved = spent <= limit().amount() - amount;
        return onlyReserved
                ? null
                : Math.max(1, interval.endMillis() - now.instant().toEpochMilli());
    }

    @Override
    boolean isUnknown() {
        return unknownBefore != null;
    }

    @Override
    @Nullable Instant since() {
        return period == Period.TOTAL ? null : Instant.ofEpochMilli(interval.startMillis());
    }

    @Override
    @Nullable Instant resetsAt() {
        return period == Period.TOTAL ? null : Instant.ofEpochMilli(interval.endMillis());
    }
}
