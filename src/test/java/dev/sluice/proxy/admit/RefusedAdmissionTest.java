package dev.sluice.proxy.admit;

import static dev.sluice.proxy.admit.TestAdmission.CHEAP;
import static dev.sluice.proxy.admit.TestAdmission.FREE_OF_PRICE;
import static dev.sluice.proxy.admit.TestAdmission.KEY;
import static dev.sluice.proxy.admit.TestAdmission.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.ledger.SpendLedger.Reserved;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call is told that does not fit. */
class RefusedAdmissionTest {
    private final TestAdmission scene = new TestAdmission();

    @Test
    void theRefusalOfARateTellsItsWindow() {
        scene.limit(KEY, Limit.perMinute(Measure.REQUESTS, 1));
        scene.admit(request(10, 10L), CHEAP).settle(Usage.provider(1, 1), Ending.COMPLETED, null);
        scene.time.advance(Duration.ofMillis(20_500));

        GatewayException refused = scene.refused(request(10, 10L), CHEAP);

        assertThat(refused.error().kind()).isEqualTo(ErrorKind.LIMITED);
        assertThat(refused.retryAfterMillis()).isEqualTo(40_500);
        assertThat(refused.headers().get("x-ratelimit-limit-requests")).isEqualTo("1");
        assertThat(refused.headers().get("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(refused.headers().get("x-ratelimit-reset-requests")).isEqualTo("40.500s");
        assertThat(refused.headers().contains("x-should-retry")).isFalse();
    }

    @Test
    void theRefusalOfABudgetNamesTheLimitWhatIsUsedAndWhenItResets() {
        scene.limit(Subject.global(), Limit.budget(Measure.MONEY, Period.MONTH, 5_000_000_000L));
        scene.admit(request(10, 10L), CHEAP)
                .settle(Usage.provider(0, 2_500_000), Ending.COMPLETED, null);

        GatewayException refused = scene.refused(request(10, 10L), CHEAP);

        assertThat(refused.error().kind()).isEqualTo(ErrorKind.BUDGET_EXHAUSTED);
        assertThat(refused.error().message())
                .contains("of this gateway", "5.00 money per month", "5.00 used")
                .contains("2026-06-01T00:00:00Z");
        assertThat(refused.headers().get("x-should-retry")).isEqualTo("false");
    }

    @Test
    void aBudgetThatOnlyRunningCallsHoldIsToBeTriedAgainSoon() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.TOTAL, 100));
        Lease running = scene.admit(request(50, 40L), CHEAP);

        GatewayException refused = scene.refused(request(50, 40L), CHEAP);
        assertThat(refused.error().kind()).isEqualTo(ErrorKind.LIMITED);
        assertThat(refused.retryAfterMillis()).isEqualTo(1000);

        running.settle(Usage.provider(5, 5), Ending.COMPLETED, null);
        scene.admit(request(50, 40L), CHEAP);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 1, 1L << 53, Long.MAX_VALUE})
    void anAbsurdLimitOfOutputNeitherOverflowsNorFits(long output) {
        scene.admit(request(10, output, 128, 3), CHEAP).settle(Usage.NONE, Ending.FAILED, null);
        assertThat(scene.ledger.reserved()).isEqualTo(new Reserved(0, 0, 0));
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, Limit.MOST_NANOS / 1_000_000));

        scene.refused(request(10, output, 128, 3), CHEAP);
    }

    @Test
    void anUnpricedModelIsRefusedWhereMoneyIsLimitedAndOnlyThere() {
        scene.admit(request(10, 10L), FREE_OF_PRICE).settle(Usage.NONE, Ending.FAILED, null);
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));

        assertThat(scene.refused(request(10, 10L), FREE_OF_PRICE).error().code())
                .isEqualTo("model_unpriced");
        Lease lease = scene.admit(request(10, 10L), FREE_OF_PRICE, CHEAP);
        assertThat(lease.takeShareFor(FREE_OF_PRICE)).isFalse();
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
    }
}
