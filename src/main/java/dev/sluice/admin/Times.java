package dev.sluice.admin;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/** Times as clients write them. */
public final class Times {

    private Times() {}

    /**
     * {@return the instant that an ISO 8601 text names, to the microsecond} Without a zone it is
     * UTC; a date alone is its first moment. Empty for what is neither.
     */
    public static Optional<Instant> parse(String text) {
        // A plus sign that was not encoded in a query has become a space.
        String time = text.strip().replace(' ', text.indexOf('T') > 0 ? '+' : 'T');
        try {
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(
                            time, OffsetDateTime::from, LocalDateTime::from);
            Instant instant =
                    parsed instanceof OffsetDateTime offset
                            ? offset.toInstant()
                            : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            return Optional.of(instant.truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException _) {
            return parseDate(time);
        }
    }

    private static Optional<Instant> parseDate(String text) {
        try {
            return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
