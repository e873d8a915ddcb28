package dev.sluice.simulator.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The {@code retry-after} header: {@code date:30} is the date in 30 seconds; all else stands as it
 * is.
 */
final class RetryAfter {
    private static final String DATE = "date:";

    private RetryAfter() {}

    static String header(String directive, Instant now) {
        if (!directive.startsWith(DATE)) {
            return directive;
        }
        try {
            long seconds = Long.parseLong(directive.substring(DATE.length()));
            Instant then = now.plus(Duration.ofSeconds(seconds));
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(then.atOffset(ZoneOffset.UTC));
        } catch (NumberFormatException notSeconds) {
            return directive;
        }
    }
}
