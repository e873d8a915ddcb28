package dev.sluice.proxy.dispatch.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.UpstreamError;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private static @Nullable Long millis(
            @Nullable String inMillis, @Nullable String header, @Nullable Long body) {
        return RetryAfter.millis(
                inMillis, header, new UpstreamError(429, null, null, "x", null, body), NOW);
    }

    @Test
    void secondsDatesMillisecondsAndBodiesAreRead() {
        assertThat(millis(null, "2", null)).isEqualTo(2_000);
        assertThat(millis(null, "0.5", null)).isEqualTo(500);
        assertThat(millis("1500", "2", null)).isEqualTo(1_500);
        assertThat(millis(null, "Mon, 04 May 2026 10:00:30 GMT", null)).isEqualTo(30_000);
        assertThat(millis(null, "Mon, 04 May 2026 09:00:00 GMT", null)).isZero();
        assertThat(millis(null, null, 36_000L)).isEqualTo(36_000);
        assertThat(millis(null, "soon", 7L)).isEqualTo(7);
    }

    @Test
    void nonsenseIsNothingAndNothingIsLongerThanADay() {
        assertThat(millis(null, "soon", null)).isNull();
        assertThat(millis("NaN", "-4", null)).isNull();
        assertThat(millis(null, null, null)).isNull();
        assertThat(millis(null, "1e300", null)).isEqualTo(Duration.ofDays(1).toMillis());
    }
}
