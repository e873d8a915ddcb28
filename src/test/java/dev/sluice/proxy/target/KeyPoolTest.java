package dev.sluice.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Secret;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyPoolTest {
    private static final UpstreamKey A = Fixtures.key("a");
    private static final UpstreamKey B = Fixtures.key("b");

    private final FakeTicker ticker = new FakeTicker();
    private final KeyPool pool = new KeyPool();
    private final Target target =
            new Target(new TargetId(Fixtures.id("u"), "m"), CircuitBreaker.Rules.STANDARD);
    private final Target other =
            new Target(new TargetId(Fixtures.id("u"), "other"), CircuitBreaker.Rules.STANDARD);

    private @Nullable UpstreamKey choose(List<UpstreamKey> keys, double point) {
        return pool.choose(keys, target, new KeyPool.Draw(point, ticker.getAsLong()), Set.of());
    }

    private long statedSecondsLeft(List<UpstreamKey> keys) {
        long now = ticker.getAsLong();
        return TimeUnit.NANOSECONDS.toSeconds(pool.statedNanosLeft(keys, target, Set.of(), now));
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    private long secondsLeft(UpstreamKey key) {
        return TimeUnit.NANOSECONDS.toSeconds(pool.nanosLeft(key, target, ticker.getAsLong()));
    }

    @Test
    void keysAreDrawnByWeightAndTheSameDrawGivesTheSameKey() {
        List<UpstreamKey> keys =
                List.of(
                        new UpstreamKey("one", new Secret("x"), 1, null),
                        new UpstreamKey("three", new Secret("y"), 3, null));
        Map<String, Integer> counts = new HashMap<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 10_000; i++) {
            double point = random.nextDouble();
            UpstreamKey key = choose(keys, point);
            assertThat(choose(keys, point)).isEqualTo(key);
            counts.merge(key == null ? "none" : key.label(), 1, Integer::sum);
        }
        assertThat(counts.get("one")).isBetween(2_300, 2_700);
        assertThat(counts.get("three")).isBetween(7_300, 7_700);
    }

    @Test
    void aRefusedKeyRestsHalfAMinuteThenLongerForAllModels() {
        pool.refused(A, ticker.getAsLong());
        assertThat(secondsLeft(A)).isEqualTo(30);
        assertThat(choose(List.of(A, B), 0)).isEqualTo(B);
        assertThat(pool.nanosLeft(A, other, ticker.getAsLong())).isPositive();
        for (int i = 0; i < 9; i++) {
            ticker.advanceSeconds(60);
            pool.refused(A, ticker.getAsLong());
        }
        assertThat(secondsLeft(A)).isEqualTo(32);
        ticker.advanceSeconds(32);
        assertThat(choose(List.of(A), 0)).isEqualTo(A);
    }

    @Test
    void aLimitedKeyRestsTwiceAsLongEachTimeAndOnlyForThatModel() {
        long[] expected = {2, 4, 8, 16, 32, 32};
        for (long seconds : expected) {
            pool.limited(A, target, 0, ticker.getAsLong());
            assertThat(secondsLeft(A)).isEqualTo(seconds);
            assertThat(pool.nanosLeft(A, other, ticker.getAsLong())).isZero();
            ticker.advanceSeconds(seconds);
        }
    }

    @Test
    void callsThatAreLimitedTogetherAreOneFailure() {
        for (int i = 0; i < 8; i++) {
            pool.limited(A, target, 0, ticker.getAsLong());
            pool.refused(B, ticker.getAsLong());
        }
        assertThat(secondsLeft(A)).isEqualTo(2);
        assertThat(secondsLeft(B)).isEqualTo(30);
        pool.limited(A, target, seconds(20), ticker.getAsLong());
        assertThat(secondsLeft(A)).as("the upstream knows better").isEqualTo(20);
    }

    @Test
    void aLimitedKeyRestsAsLongAsTheUpstreamSays() {
        pool.limited(A, target, seconds(45), ticker.getAsLong());
        assertThat(secondsLeft(A)).isEqualTo(45);
        pool.limited(B, target, seconds(300), ticker.getAsLong());
        assertThat(secondsLeft(B)).isEqualTo(300);
    }

    @Test
    void aSuccessEndsTheRestAndItsCount() {
        pool.limited(A, target, 0, ticker.getAsLong());
        ticker.advanceSeconds(2);
        pool.limited(A, target, 0, ticker.getAsLong());
        assertThat(secondsLeft(A)).isEqualTo(4);
        pool.succeeded(A, target);
        assertThat(secondsLeft(A)).isZero();
        pool.limited(A, target, 0, ticker.getAsLong());
        assertThat(secondsLeft(A)).isEqualTo(2);
    }

    @Test
    void aNewSecretUnderAnOldLabelDoesNotRest() {
        pool.refused(A, ticker.getAsLong());
        UpstreamKey renewed = new UpstreamKey("a", new Secret("another"), 1, null);
        assertThat(choose(List.of(renewed), 0)).isEqualTo(renewed);
    }

    @Test
    void aKeyCarriesNoMoreThanItsCallsASecond() {
        UpstreamKey slow = new UpstreamKey("slow", new Secret("s"), 1, 2);
        assertThat(choose(List.of(slow), 0)).isEqualTo(slow);
        assertThat(choose(List.of(slow), 0)).isEqualTo(slow);
        assertThat(choose(List.of(slow), 0)).isNull();
        assertThat(pool.hasOne(List.of(slow), target, ticker.getAsLong())).isFalse();
        assertThat(choose(List.of(slow, B), 0)).isEqualTo(B);
        ticker.advanceSeconds(1);
        assertThat(choose(List.of(slow), 0)).isEqualTo(slow);
    }

    @Test
    void ifAllRestTheOneThatRestsShortestIsTheLeastBad() {
        pool.limited(A, target, seconds(20), ticker.getAsLong());
        pool.limited(B, target, seconds(10), ticker.getAsLong());
        assertThat(choose(List.of(A, B), 0.5)).isNull();
        assertThat(pool.leastBad(List.of(A, B), target, Set.of(), ticker.getAsLong())).isEqualTo(B);
        assertThat(pool.leastBad(List.of(A, B), target, Set.of("b"), ticker.getAsLong()))
                .isEqualTo(A);
    }

    @Test
    void theLeastBadKeyTooCarriesNoMoreThanItsCallsASecond() {
        UpstreamKey slow = new UpstreamKey("slow", new Secret("s"), 1, 1);
        pool.limited(slow, target, 0, ticker.getAsLong());
        assertThat(leastBad(slow)).isEqualTo(slow);
        assertThat(leastBad(slow)).isNull();
        ticker.advanceSeconds(1);
        assertThat(leastBad(slow)).isEqualTo(slow);
    }

    private @Nullable UpstreamKey leastBad(UpstreamKey... keys) {
        return pool.leastBad(List.of(keys), target, Set.of(), ticker.getAsLong());
    }

    @Test
    void whatTheUpstreamSaidHoldsWhileNoKeyIsFreeOfIt() {
        pool.limited(A, target, seconds(20), ticker.getAsLong());
        assertThat(statedSecondsLeft(List.of(A))).isEqualTo(20);
        assertThat(statedSecondsLeft(List.of(A, B))).isZero();
        pool.limited(B, target, 0, ticker.getAsLong());
        assertThat(statedSecondsLeft(List.of(A, B))).as("it did not say").isZero();
        assertThat(leastBad(A, B)).isEqualTo(B);
        pool.limited(B, target, seconds(10), ticker.getAsLong());
        assertThat(statedSecondsLeft(List.of(A, B))).isEqualTo(10);
        pool.succeeded(B, target);
        assertThat(statedSecondsLeft(List.of(A, B))).isZero();
    }

    @Test
    void whileTheUpstreamTakesNoCallsALookIsTakenEveryFiveSeconds() {
        target.limits().stated(seconds(30), ticker.getAsLong());
        assertThat(statedSecondsLeft(List.of())).isEqualTo(30);
        assertThat(target.limits().takeLook(ticker.getAsLong())).isFalse();
        ticker.advanceSeconds(5);
        assertThat(target.limits().takeLook(ticker.getAsLong())).isTrue();
        assertThat(target.limits().takeLook(ticker.getAsLong())).isFalse();
        target.limits().answered();
        assertThat(statedSecondsLeft(List.of())).isZero();
    }
}
