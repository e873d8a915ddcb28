package dev.sluice.admin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.admin.AdminException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {
    private long now;
    private final SignInThrottle throttle = new SignInThrottle(() -> now);

    private int before429(String name, String address) {
        for (int count = 0; ; count++) {
            if (catchThrowable(() -> throttle.attempt(name, address)) != null) {
                return count;
            }
        }
    }

    @Test
    void aNameFromAnAddressHasTenTriesAndAnAddressFifty() {
        assertThat(before429("ada", "10.0.0.1")).isEqualTo(10);
        assertThat(before429("ADA", "10.0.0.1")).as("the same name").isZero();
        assertThat(before429("ada", "10.0.0.2")).as("a stranger locks nobody out").isEqualTo(10);
        int others = 0;
        for (int i = 0; i < 100; i++) {
            others += before429("user-" + i, "10.0.0.3");
        }
        assertThat(others).isEqualTo(50);
        now += Duration.ofMinutes(16).toNanos();
        assertThat(before429("ada", "10.0.0.1")).isEqualTo(10);
    }

    @Test
    void whatSucceededOrCouldNotBeDecidedDoesNotCount() {
        for (int i = 0; i < 300; i++) {
            throttle.attempt("ada", "10.0.0.1");
            if (i % 2 == 0) {
                throttle.succeeded("ada", "10.0.0.1");
            } else {
                throttle.undecided("ada", "10.0.0.1");
            }
        }
        assertThat(before429("ada", "10.0.0.1")).isEqualTo(10);
        assertThatThrownBy(() -> throttle.attempt("ada", "10.0.0.1"))
                .isInstanceOfSatisfying(
                        AdminException.class, late -> assertThat(late.status()).isEqualTo(429));
    }
}
