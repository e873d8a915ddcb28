package dev.sluice.catalog.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodTest {

    @ParameterizedTest
    @CsvSource({
        // an ordinary day, and one that clocks make shorter or longer
        "DAY, Europe/Berlin, 2026-07-01T12:00:00Z, 2026-06-30T22:00:00Z, 24",
        "DAY, Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 23",
        "DAY, Europe/Berlin, 2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 25",
        // a zone whose clocks skip midnight: the day begins at one
        "DAY, America/Asuncion, 2023-10-01T12:00:00Z, 2023-10-01T04:00:00Z, 23",
        // a zone off by three quarters of an hour
        "DAY, Asia/Kathmandu, 2026-01-01T00:00:00Z, 2025-12-31T18:15:00Z, 24",
        // ISO weeks begin on Monday, also over the turn of the year
        "WEEK, UTC, 2027-01-01T00:00:00Z, 2026-12-28T00:00:00Z, 168",
        "WEEK, UTC, 2026-12-28T00:00:00Z, 2026-12-28T00:00:00Z, 168",
        "WEEK, America/New_York, 2026-03-08T12:00:00Z, 2026-03-02T05:00:00Z, 167",
        "MONTH, UTC, 2028-02-29T23:59:59Z, 2028-02-01T00:00:00Z, 696",
        "MONTH, Asia/Tokyo, 2026-01-31T15:00:00Z, 2026-01-31T15:00:00Z, 672"
    })
    void aPeriodIsASpanOfTheCalendar(
            Period period, ZoneId zone, Instant moment, Instant start, long hours) {
        Period.Interval interval = period.at(moment, zone);
        assertThat(Instant.ofEpochMilli(interval.startMillis())).isEqualTo(start);
        assertThat(Duration.ofMillis(interval.endMillis() - interval.startMillis()))
                .isEqualTo(Duration.ofHours(hours));
    }

    @Test
    void theTotalIsNeverOver() {
        assertThat(Period.TOTAL.at(Instant.EPOCH, ZoneId.of("UTC")).isOver(Long.MAX_VALUE - 1))
                .isFalse();
    }
}
