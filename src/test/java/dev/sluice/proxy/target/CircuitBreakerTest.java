package dev.sluice.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.target.CircuitBreaker.Pass;
import dev.sluice.proxy.target.CircuitBreaker.Rules;
import dev.sluice.proxy.target.CircuitBreaker.State;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private final FakeTicker ticker = new FakeTicker();
    private final CircuitBreaker breaker = new CircuitBreaker(Rules.STANDARD);

    private long now() {
        return ticker.getAsLong();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.pass(now()), now());
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            breaker.succeeded(breaker.pass(now()), now());
        }
    }

    @Test
    void fourFailuresInARowLeaveItClosedAndTheFifthOpensIt() {
        fail(4);
        assertThat(breaker.pass(now())).isEqualTo(Pass.ORDINARY);
        fail(1);
        assertThat(breaker.state(now())).isEqualTo(State.OPEN);
        assertThat(breaker.pass(now())).isEqualTo(Pass.NONE);
        assertThat(breaker.refuses(now())).isTrue();
    }

    @Test
    void aSuccessBetweenFailuresStartsTheirCountAnew() {
        fail(4);
        succeed(1);
        fail(4);
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
    }

    @Test
    void halfOfTwentyCallsFailingOpensIt() {
        for (int i = 0; i < 9; i++) {
            succeed(1);
            fail(1);
        }
        succeed(1);
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
        fail(1);
        assertThat(breaker.state(now())).isEqualTo(State.OPEN);
    }

    @Test
    void failuresOfAnEarlierWindowDoNotCount() {
        for (int i = 0; i < 9; i++) {
            fail(1);
            succeed(1);
        }
        ticker.advanceSeconds(11);
        fail(1);
        succeed(1);
        fail(1);
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
    }

    @Test
    void afterTheCoolDownExactlyOneProbeGoesAndItsSuccessClosesIt() {
        fail(5);
        ticker.advance(Duration.ofMillis(4_999));
        assertThat(breaker.pass(now())).isEqualTo(Pass.NONE);
        ticker.advance(Duration.ofMillis(1));
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
        assertThat(breaker.pass(now())).isEqualTo(Pass.NONE);
        breaker.succeeded(Pass.PROBE, now());
        assertThat(breaker.pass(now())).isEqualTo(Pass.ORDINARY);
    }

    @Test
    void aFailedProbeDoublesTheCoolDownUpToAMinute() {
        fail(5);
        long[] expected = {5, 10, 20, 40, 60, 60};
        for (long seconds : expected) {
            assertThat(breaker.nanosLeft(now())).isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
            ticker.advanceSeconds(seconds);
            assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
            breaker.failed(Pass.PROBE, now());
        }
    }

    @Test
    void aProbeThatProvesNothingLetsTheNextOneGo() {
        fail(5);
        ticker.advanceSeconds(5);
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
        breaker.undecided(Pass.PROBE, now());
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
    }

    @Test
    void resultsOfCallsFromBeforeItOpenedChangeNothing() {
        Pass early = breaker.pass(now());
        fail(5);
        breaker.succeeded(early, now());
        assertThat(breaker.state(now())).isEqualTo(State.OPEN);
        ticker.advanceSeconds(5);
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
        breaker.failed(early, now());
        breaker.succeeded(early, now());
        assertThat(breaker.state(now())).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void whileAProbeIsSilentAnotherGoesAfterEachCoolDown() {
        fail(5);
        ticker.advanceSeconds(5);
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
        ticker.advance(Duration.ofMillis(4_999));
        assertThat(breaker.pass(now())).isEqualTo(Pass.NONE);
        assertThat(breaker.refuses(now())).isTrue();
        ticker.advance(Duration.ofMillis(1));
        assertThat(breaker.refuses(now())).isFalse();
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
        breaker.succeeded(Pass.PROBE, now());
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
        breaker.failed(Pass.PROBE, now());
        assertThat(breaker.state(now()))
                .as("the late failure of the first is one of many")
                .isEqualTo(State.CLOSED);
    }

    @Test
    void aSilentProbeThatSucceedsLateClosesIt() {
        fail(5);
        ticker.advanceSeconds(5);
        breaker.pass(now());
        ticker.advanceSeconds(5);
        assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
        breaker.failed(Pass.PROBE, now());
        breaker.succeeded(Pass.PROBE, now());
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
    }

    @Test
    void aProbeThatAnswersAndThenBreaksOpensItForTwiceAsLong() {
        fail(5);
        for (long seconds : new long[] {5, 10, 20}) {
            assertThat(breaker.nanosLeft(now())).isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
            ticker.advanceSeconds(seconds);
            assertThat(breaker.pass(now())).isEqualTo(Pass.PROBE);
            breaker.answered(Pass.PROBE);
            assertThat(breaker.pass(now())).isEqualTo(Pass.ORDINARY);
            breaker.failed(Pass.PROBE, now());
        }
    }

    @Test
    void onceACallHasSucceededABrokenProbeIsOneFailureOfMany() {
        fail(5);
        ticker.advanceSeconds(5);
        breaker.pass(now());
        breaker.answered(Pass.PROBE);
        succeed(1);
        breaker.failed(Pass.PROBE, now());
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
    }

    @Test
    void anAnswerThatIsNotWholeYetIsNoSuccess() {
        for (int i = 0; i < 5; i++) {
            Pass pass = breaker.pass(now());
            breaker.answered(pass);
            breaker.failed(pass, now());
        }
        assertThat(breaker.state(now())).isEqualTo(State.OPEN);
    }

    @Test
    void aForcedCallThatSucceedsClosesIt() {
        fail(5);
        Pass pass = breaker.force(now());
        assertThat(pass).isEqualTo(Pass.FORCED);
        breaker.succeeded(pass, now());
        assertThat(breaker.state(now())).isEqualTo(State.CLOSED);
    }

    @Test
    void forcedCallsThatFailKeepItOpenNoLonger() {
        fail(5);
        for (int i = 0; i < 20; i++) {
            breaker.failed(breaker.force(now()), now());
        }
        assertThat(breaker.nanosLeft(now())).isEqualTo(TimeUnit.SECONDS.toNanos(5));
        ticker.advanceSeconds(5);
        assertThat(breaker.force(now())).as("it is time for a probe").isEqualTo(Pass.PROBE);
        breaker.failed(Pass.PROBE, now());
        assertThat(breaker.nanosLeft(now())).isEqualTo(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void callsThatAreStoppedTogetherOpenItOnce() {
        for (int i = 0; i < 8; i++) {
            breaker.trip(now(), Duration.ofSeconds(1));
        }
        assertThat(breaker.nanosLeft(now())).isEqualTo(TimeUnit.SECONDS.toNanos(5));
        breaker.trip(now(), Duration.ofSeconds(30));
        assertThat(breaker.nanosLeft(now())).isEqualTo(TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void itCanBeTrippedForLonger() {
        breaker.trip(now(), Duration.ofSeconds(30));
        ticker.advanceSeconds(29);
        assertThat(breaker.refuses(now())).isTrue();
        ticker.advanceSeconds(1);
        assertThat(breaker.refuses(now())).isFalse();
    }

    @Test
    void ofManyThreadsOneGetsTheProbe() throws Exception {
        fail(5);
        ticker.advanceSeconds(5);
        AtomicInteger probes = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException interruption) {
                        Thread.currentThread().interrupt();
                    }
                    if (breaker.pass(now()) == Pass.PROBE) {
                        probes.incrementAndGet();
                    }
                });
            }
            start.countDown();
        }
        assertThat(probes).hasValue(1);
    }
}
