package dev.sluice.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TargetMetricsTest {
    private final FakeTicker ticker = new FakeTicker();
    private final Target target =
            new Target(new TargetId(Fixtures.id("a"), "m"), CircuitBreaker.Rules.STANDARD);

    private Measurements measured() {
        ticker.advance(Duration.ofMillis(251));
        return target.measurements(ticker.getAsLong());
    }

    private void complete(long millis) {
        target.completed(TimeUnit.MILLISECONDS.toNanos(millis), 0, 0, ticker.getAsLong());
    }

    @Test
    void nothingIsKnownOfATargetThatWasNeverCalled() {
        Measurements measured = measured();
        assertThat(measured.calls()).isZero();
        assertThat(measured.errorRate()).isZero();
        assertThat(measured.totalP95Millis()).isNaN();
        assertThat(measured.typicalWorstMillis()).isNaN();
    }

    @Test
    void aCallThatWasStoppedCountsWhereItWasAlreadyLongerThanUsualAndIsNoCallOtherwise() {
        for (int i = 0; i < 9; i++) {
            target.firstOutput(TimeUnit.MILLISECONDS.toNanos(100), ticker.getAsLong());
        }
        ticker.advance(Duration.ofMillis(251));
        target.outrun(TimeUnit.MILLISECONDS.toNanos(20), true, ticker.getAsLong());
        assertThat(measured().firstSamples()).isEqualTo(9);

        target.outrun(TimeUnit.MILLISECONDS.toNanos(900), true, ticker.getAsLong());
        Measurements measured = measured();
        assertThat(measured.firstSamples()).isEqualTo(10);
        assertThat(measured.firstP95Millis()).isGreaterThanOrEqualTo(900);
        assertThat(measured.calls()).isZero();
    }

    @Test
    void percentilesAreAtMostAQuarterTooHighAndNeverTooLow() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 20; round++) {
            Target fresh = new Target(target.id(), CircuitBreaker.Rules.STANDARD);
            double[] millis = new double[500];
            for (int i = 0; i < millis.length; i++) {
                millis[i] = Math.exp(random.nextDouble(Math.log(4), Math.log(600_000)));
                fresh.firstOutput((long) (millis[i] * 1e6), ticker.getAsLong());
            }
            Arrays.sort(millis);
            Measurements measured = fresh.measurements(ticker.getAsLong());
            double exact = millis[474];
            assertThat(measured.firstP95Millis())
                    .as("seed 7, round " + round)
                    .isGreaterThanOrEqualTo(exact)
                    .isLessThanOrEqualTo(exact * 1.25 + 1);
            assertThat(measured.firstSamples()).isEqualTo(500);
        }
    }

    @Test
    void whatIsOlderThanAMinuteIsForgotten() {
        complete(100);
        target.failed(ticker.getAsLong());
        assertThat(measured().errorRate()).isEqualTo(0.5);
        ticker.advanceSeconds(45);
        complete(200);
        assertThat(measured().calls()).isEqualTo(3);
        ticker.advanceSeconds(20);
        Measurements later = measured();
        assertThat(later.calls()).isEqualTo(1);
        assertThat(later.errorRate()).isZero();
        ticker.advanceSeconds(61);
        assertThat(measured().calls()).isZero();
    }

    @Test
    void tokensASecondComeFromStreamsAlone() {
        target.completed(
                TimeUnit.SECONDS.toNanos(3), 200, TimeUnit.SECONDS.toNanos(2), ticker.getAsLong());
        complete(10);
        assertThat(measured().tokensPerSecond()).isCloseTo(100, within(0.01));
    }

    @Test
    void theDynamicWeightFallsAndRisesWithinItsBounds() {
        assertThat(target.weightFactor(ticker.getAsLong())).isEqualTo(1);
        target.failed(ticker.getAsLong());
        assertThat(target.weightFactor(ticker.getAsLong())).isCloseTo(0.8, within(1e-9));
        target.failedForGood(ticker.getAsLong());
        assertThat(target.weightFactor(ticker.getAsLong())).isCloseTo(0.4, within(1e-9));
        complete(1);
        assertThat(target.weightFactor(ticker.getAsLong())).isCloseTo(0.45, within(1e-9));
        for (int i = 0; i < 100; i++) {
            complete(1);
        }
        assertThat(target.weightFactor(ticker.getAsLong())).isEqualTo(3);
        for (int i = 0; i < 100; i++) {
            target.failed(ticker.getAsLong());
        }
        assertThat(target.weightFactor(ticker.getAsLong())).isEqualTo(0.2);
    }

    @Test
    void whatATargetEarnedOrLostIsForgottenByHalfEachMinute() {
        for (int i = 0; i < 20; i++) {
            target.failed(ticker.getAsLong());
        }
        ticker.advanceSeconds(60);
        assertThat(target.weightFactor(ticker.getAsLong())).isCloseTo(Math.sqrt(0.2), within(1e-9));
        ticker.advanceSeconds(600);
        assertThat(target.weightFactor(ticker.getAsLong())).isBetween(0.99, 1.0);
        for (int i = 0; i < 100; i++) {
            complete(1);
        }
        ticker.advanceSeconds(60);
        assertThat(target.weightFactor(ticker.getAsLong())).isCloseTo(Math.sqrt(3), within(1e-9));
    }

    @Test
    void whatTheUpstreamSaysOfItsLimitHoldsForAMinute() {
        target.quotaLeft(0.1, ticker.getAsLong());
        assertThat(measured().quotaLeft()).isEqualTo(0.1);
        ticker.advanceSeconds(60);
        assertThat(measured().quotaLeft()).isNaN();
    }

    @Test
    void manyThreadsLoseNothingWithinOneSlot() {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> {
                    for (int n = 0; n < 10_000; n++) {
                        complete(n % 1000);
                    }
                });
            }
        }
        assertThat(measured().calls()).isEqualTo(40_000);
        assertThat(target.measurements(ticker.getAsLong()).totalSamples()).isEqualTo(40_000);
    }
}
