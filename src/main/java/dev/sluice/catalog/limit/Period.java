package dev.sluice.catalog.limit;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The time over which a limit counts. All but the minute, which slides, are spans of the calendar
 * in some time zone, and follow from the clock alone: nothing has to run for one to end.
 */
public enum Period {
    /** The last sixty seconds, at any moment. */
    MINUTE,
    DAY,
    /** From Monday on (ISO 8601). */
    WEEK,
    MONTH,
    /** For ever. */
    TOTAL;

    /**
     * From the start up to and without the end, in milliseconds of the epoch. A day of a zone that
     * changes its clocks has 23 or 25 hours.
     */
    public record Interval(long startMillis, long endMillis) {
        public static final Interval ALWAYS = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);

        public boolean isOver(long millis) {
            return millis >= endMillis;
        }
    }

    /** {@return the span of the calendar in which that moment lies} */
    public Interval at(Instant moment, ZoneId zone) {
        LocalDate day = LocalDate.ofInstant(moment, zone);
        return switch (this) {
            case MINUTE -> throw new IllegalStateException("a minute slides: it has no beginning");
            case DAY -> interval(day, day.plusDays(1), zone);
            case WEEK -> {
                LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield interval(monday, monday.plusWeeks(1), zone);
            }
            case MONTH -> {
                LocalDate first = day.withDayOfMonth(1);
                yield interval(first, first.plusMonths(1), zone);
            }
            case TOTAL -> Interval.ALWAYS;
        };
    }

    private static Interval interval(LocalDate from, LocalDate to, ZoneId zone) {
        return new Interval(
                from.atStartOfDay(zone).toInstant().toEpochMilli(),
                to.atStartOfDay(zone).toInstant().toEpochMilli());
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Period> named(String wireName) {
        return Arrays.stream(values())
                .filter(period -> period.wireName().equals(wireName))
                .findFirst();
    }
}
