package dev.sluice.admin.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** A place in the logs, newest first: the last row that was seen. Opaque to clients. */
record LogCursor(Instant startedAt, UUID id) {

    String text() {
        String place = ChronoUnit.MICROS.between(Instant.EPOCH, startedAt) + ":" + id;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return the place, or empty for a text that {@link #text} did not make} */
    static Optional<LogCursor> parse(String text) {
        try {
            String place = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int colon = place.indexOf(':');
            if (colon < 0) {
                return Optional.empty();
            }
            long micros = Long.parseLong(place.substring(0, colon));
            return Optional.of(
                    new LogCursor(
                            Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
                            UUID.fromString(place.substring(colon + 1))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
