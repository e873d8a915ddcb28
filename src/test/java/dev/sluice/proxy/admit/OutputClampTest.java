package dev.sluice.proxy.admit;

import static dev.sluice.proxy.admit.TestAdmission.CHEAP;
import static dev.sluice.proxy.admit.TestAdmission.KEY;
import static dev.sluice.proxy.admit.TestAdmission.key;
import static dev.sluice.proxy.admit.TestAdmission.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.catalog.KeyRules;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.route.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a limit of output is found that fits. */
class OutputClampTest {
    private final TestAdmission scene = new TestAdmission();

    @Test
    void aLimitOfOutputThatFitsIsWrittenWhereTheClientNamedNone() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));

        Lease lease = scene.admit(request(1000, null), CHEAP);

        assertThat(lease.maxOutputTokens()).isEqualTo(2000);
        assertThat(scene.standing().left()).isZero();
    }

    @Test
    void aLimitOfOutputFitsMoneyToTheToken() {
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_400_999L));

        assertThat(scene.admit(request(1000, null), CHEAP).maxOutputTokens()).isEqualTo(200);
    }

    @Test
    void aLimitOfOutputIsDividedAmongTheAnswers() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));

        Lease lease = scene.admit(request(1000, null, 3, 0), CHEAP);

        assertThat(lease.maxOutputTokens()).isEqualTo(666);
        assertThat(scene.standing().reserved()).isEqualTo(1000 + 3 * 666);
    }

    @Test
    void aClientsOwnLimitOfOutputIsNotChanged() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));

        assertThat(scene.refused(request(1000, 2_001L), CHEAP).error().kind())
                .isEqualTo(ErrorKind.BUDGET_EXHAUSTED);
        assertThat(scene.admit(request(1000, 2_000L), CHEAP).maxOutputTokens()).isNull();
    }

    @Test
    void aKeyMayRefuseToBeClamped() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));
        KeyRules strict = new KeyRules(null, null, List.of(), false);

        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() ->
                        scene.admission.admit(
                                key(strict),
                                new Plan(List.of(CHEAP)),
                                request(1000, null),
                                scene.time.instant()));
    }

    @Test
    void noCallIsClampedToNextToNothing() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_010));

        scene.refused(request(1000, null), CHEAP);

        assertThat(scene.ledger.reserved().calls()).isZero();
    }
}
