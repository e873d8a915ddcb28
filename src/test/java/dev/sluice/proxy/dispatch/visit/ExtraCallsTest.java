package dev.sluice.proxy.dispatch.visit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.FakeTicker;
import org.junit.jupiter.api.Test;

class ExtraCallsTest {
    private final FakeTicker ticker = new FakeTicker();

    private ExtraCalls budget(double share, int perSecond, int keptCalls) {
        return new ExtraCalls(
                new ExtraCalls.Allowance(share, perSecond, keptCalls), ticker.getAsLong());
    }

    private int taken(ExtraCalls budget, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += budget.take(ticker.getAsLong()) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void underSteadyTrafficNoMoreThanTheShareIsTaken() {
        ExtraCalls budget = budget(0.05, 0, 1_000);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            budget.called();
            taken += taken(budget, 1);
        }
        assertThat(taken).isBetween(490, 501);
    }

    @Test
    void whatCalmTimesLeaveOverIsThereWhenManyAreNeededButNotMoreThanTheShareOfWhatIsKept() {
        ExtraCalls budget = budget(0.05, 0, 1_000);
        for (int i = 0; i < 400; i++) {
            budget.called();
        }
        assertThat(taken(budget, 1_000)).isEqualTo(21);
        for (int i = 0; i < 100_000; i++) {
            budget.called();
        }
        assertThat(taken(budget, 1_000)).isEqualTo(50);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        ExtraCalls budget = budget(0.05, 0, 1_000);
        assertThat(taken(budget, 2)).isEqualTo(1);
        budget.giveBack();
        assertThat(taken(budget, 2)).isEqualTo(1);
    }

    @Test
    void whereTheShareIsMoreTheFewASecondDoNotComeOnTop() {
        ExtraCalls budget = budget(0.1, 10, 100);
        int taken = 0;
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 200; i++) {
                budget.called();
                taken += taken(budget, 1);
            }
            ticker.advanceSeconds(1);
        }
        assertThat(taken).as("a tenth, and what was saved before").isBetween(1_200, 1_260);
    }

    @Test
    void aFewASecondAreThereWithoutTrafficAndTheyDoNotPileUp() {
        ExtraCalls budget = budget(0.1, 10, 100);
        assertThat(taken(budget, 1_000)).isEqualTo(50);
        ticker.advanceSeconds(1);
        assertThat(taken(budget, 1_000)).isEqualTo(10);
        ticker.advanceSeconds(3_600);
        assertThat(taken(budget, 1_000)).isEqualTo(100);
    }
}
