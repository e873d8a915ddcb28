package dev.sluice.proxy.dispatch.failure;

import dev.sluice.chat.UpstreamError;
import dev.sluice.http.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How long an upstream asks to be left alone: {@code retry-after-ms}, {@code retry-after} in
 * seconds or as a date (RFC 9110 §10.2.3), or what its body says (wire-contract §2.11).
 */
public final class RetryAfter {
    private static final long LONGEST_MILLIS = Duration.ofDays(1).toMillis();

    private RetryAfter() {}

    /** {@return the milliseconds that headers say, at most a day; null for nothing readable} */
    public static @Nullable Long millis(Headers headers, Instant now) {
        return millis(headers.get("retry-after-ms"), headers.get("retry-after"), null, now);
    }

    /** {@return the milliseconds, at most a day; null where nothing readable was said} */
    public static @Nullable Long millis(
            @Nullable String inMillis,
            @Nullable String header,
            @Nullable UpstreamError error,
            Instant now) {
        Long said = number(inMillis, 1);
        if (said == null) {
            said = number(header, 1_000);
        }
        if (said == null) {
            said = date(header, now);
        }
        if (said == null && error != null) {
            said = error.retryAfterMillis();
        }
        return said == null ? null : Math.clamp(said, 0, LONGEST_MILLIS);
    }

    private static @Nullable Long number(@Nullable String text, long unit) {
        if (text == null) {
            return null;
        }
        try {
            double value = Double.parseDouble(text.strip());
            return value >= 0
                    ? (long) Math.ceil(Math.min(value, (double) LONGEST_MILLIS) * unit)
                    : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static @Nullable Long date(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        try {
            Instant at =
                    ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
            return Math.max(0, Duration.between(now, at).toMillis());
        } catch (DateTimeException notADate) {
            return null;
        }
    }
}
