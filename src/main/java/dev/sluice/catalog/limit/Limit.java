package dev.sluice.catalog.limit;

import dev.sluice.catalog.price.Money;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A limit: a rate over the last minute, a budget over a span of the calendar, or calls at the same
 * time.
 *
 * @param period null for {@link Measure#CONCURRENCY}, which has none
 * @param amount how much fits; money in nano-units; 0 lets nothing pass
 * @param zone whose days, weeks and months count; without meaning for rates and concurrency
 */
public record Limit(Measure measure, @Nullable Period period, long amount, ZoneId zone) {
    /** The largest count: beyond it JSON numbers of other programs lose digits. */
    public static final long MOST = 1_000_000_000_000_000L;

    /** The largest amount of money: a thousand million units. */
    public static final long MOST_NANOS = 1_000_000_000L * Money.NANOS_PER_UNIT;

    public Limit {
        if (measure == Measure.CONCURRENCY ? period != null : period == null) {
            throw new IllegalArgumentException(
                    measure == Measure.CONCURRENCY
                            ? "a limit of concurrency has no period"
                            : "a limit of " + measure.wireName() + " needs a period");
        }
        if (measure == Measure.MONEY && period == Period.MINUTE) {
            throw new IllegalArgumentException(
                    "money is limited per day, week, month or in total, not per minute");
        }
        long most = measure == Measure.MONEY ? MOST_NANOS : MOST;
        if (amount < 0 || amount > most) {
            throw new IllegalArgumentException(
                    "a limit of " + measure.wireName() + " is from 0 to " + shown(measure, most));
        }
    }

    public static Limit perMinute(Measure measure, long amount) {
        return new Limit(measure, Period.MINUTE, amount, ZoneOffset.UTC);
    }

    public static Limit concurrency(long calls) {
        return new Limit(Measure.CONCURRENCY, null, calls, ZoneOffset.UTC);
    }

    public static Limit budget(Measure measure, Period period, long amount) {
        return new Limit(measure, period, amount, ZoneOffset.UTC);
    }

    /** {@return whether this counts over a span of the calendar, and so is remembered} */
    public boolean isBudget() {
        return period != null && period != Period.MINUTE;
    }

    /** {@return whether both count the very same, so that only the amount may differ} */
    public boolean countsLike(Limit other) {
        return measure == other.measure && period == other.period && zone.equals(other.zone);
    }

    /** {@return an amount of this limit's measure, for people} */
    public String shown(long value) {
        return shown(measure, value);
    }

    private static String shown(Measure measure, long value) {
        return measure == Measure.MONEY ? Money.text(value) : Long.toString(value);
    }

    /**
     * {@return those limits}
     *
     * @throws IllegalArgumentException if two of them count the same
     */
    public static List<Limit> distinct(List<Limit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (limits.get(i).countsLike(limits.get(j))) {
                    throw new IllegalArgumentException(
                            "two limits count the same: " + limits.get(i).name());
                }
            }
        }
        return List.copyOf(limits);
    }

    /** {@return what it counts, such as {@code tokens per minute}} */
    public String name() {
        if (period == null) {
            return "concurrent requests";
        }
        return period == Period.TOTAL
                ? measure.wireName() + " in total"
                : measure.wireName() + " per " + period.wireName();
    }
}
