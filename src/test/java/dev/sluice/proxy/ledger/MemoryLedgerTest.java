package dev.sluice.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemoryLedgerTest {
    private static final Subject KEY = Subject.key(new UUID(1, 1));
    private static final Subject ORGANIZATION = Subject.organization(new UUID(2, 2));
    private static final Subject FIRST = Subject.upstream(new UUID(3, 1));
    private static final Subject SECOND = Subject.upstream(new UUID(3, 2));

    private final SteppedTime time = new SteppedTime(Instant.parse("2026-03-10T12:00:00Z"));
    private final MemoryLedger ledger = new MemoryLedger(time, time::nanos);

    @Test
    void allScopesAreReservedOrNone() {
        ledger.limitBy(
                Map.of(
                        KEY, List.of(budget(Measure.TOKENS, 1000)),
                        ORGANIZATION, List.of(budget(Measure.TOKENS, 100)),
                        FIRST, List.of(Limit.concurrency(5))));

        Decision.Shortage shortage = refused(reserve(Amounts.ofCall(200, 0)));

        assertThat(shortage.subject()).isEqualTo(ORGANIZATION);
        assertThat(ledger.explain(List.of(KEY, ORGANIZATION, FIRST)))
                .allSatisfy(standing -> assertThat(standing.reserved()).isZero());
        assertThat(ledger.reserved().calls()).isZero();
    }

    @Test
    void aLimitOfNAdmitsNAndNotOneMore() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.REQUESTS, 3))));
        for (int i = 0; i < 3; i++) {
            ledger.settle(granted(reserve(Amounts.ofCall(1, 0))), Amounts.ofCall(1, 0));
        }

        Decision.Shortage shortage = refused(reserve(Amounts.ofCall(1, 0)));

        assertThat(shortage.used()).isEqualTo(3);
        assertThat(shortage.resetsAt()).isEqualTo(Instant.parse("2026-03-11T00:00:00Z"));
        assertThat(shortage.fitsInMillis()).isEqualTo(Duration.ofHours(12).toMillis());
    }

    @Test
    void whatWasReservedAndNotUsedIsGivenBack() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.MONEY, 1000))));
        Hold hold = granted(reserve(Amounts.ofCall(10, 900)));
        assertThat(refused(reserve(Amounts.ofCall(10, 200))).onlyReserved()).isTrue();

        ledger.settle(hold, Amounts.ofCall(10, 100));
        ledger.settle(hold, Amounts.ofCall(10, 100));

        assertThat(standing(KEY).used()).isEqualTo(100);
        assertThat(standing(KEY).left()).isEqualTo(900);
        assertThat(ledger.reserved()).isEqualTo(new SpendLedger.Reserved(0, 0, 0));
    }

    @Test
    void useBeyondTheReservationIsDebtAndShown() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 100))));
        ledger.settle(granted(reserve(Amounts.ofCall(90, 0))), Amounts.ofCall(150, 0));

        assertThat(standing(KEY).debt()).isEqualTo(50);
        assertThat(standing(KEY).left()).isZero();
        assertThat(refused(reserve(Amounts.ofCall(1, 0))).used()).isEqualTo(150);
    }

    @Test
    void aMinuteSlidesAndNeverHoldsMoreThanItsLimit() {
        ledger.limitBy(Map.of(KEY, List.of(Limit.perMinute(Measure.REQUESTS, 2))));
        ledger.settle(granted(reserve(Amounts.ofCall(1, 0))), Amounts.ofCall(1, 0));
        time.advance(Duration.ofSeconds(30));
        ledger.settle(granted(reserve(Amounts.ofCall(1, 0))), Amounts.ofCall(1, 0));
        time.advance(Duration.ofSeconds(29));

        Decision.Shortage shortage = refused(reserve(Amounts.ofCall(1, 0)));
        assertThat(shortage.fitsInMillis()).isBetween(1L, 2_000L);

        time.advance(Duration.ofMillis(Objects.requireNonNull(shortage.fitsInMillis()) - 1));
        refused(reserve(Amounts.ofCall(1, 0)));
        time.advance(Duration.ofMillis(1));
        granted(reserve(Amounts.ofCall(1, 0)));
        refused(reserve(Amounts.ofCall(1, 0)));
    }

    @Test
    void callsAtTheSameTimeAreLimitedAndFreedWhenTheyEnd() {
        ledger.limitBy(Map.of(KEY, List.of(Limit.concurrency(1))));
        Hold running = granted(reserve(Amounts.ofCall(1, 0)));

        assertThat(refused(reserve(Amounts.ofCall(1, 0))).fitsInMillis()).isNull();

        ledger.settle(running, Amounts.NOTHING);
        granted(reserve(Amounts.ofCall(1, 0)));
    }

    @Test
    void aPeriodEndsByTheClockInItsOwnZone() {
        Limit daily = new Limit(Measure.TOKENS, Period.DAY, 100, ZoneId.of("America/Los_Angeles"));
        ledger.limitBy(Map.of(KEY, List.of(daily)));
        ledger.settle(granted(reserve(Amounts.ofCall(100, 0))), Amounts.ofCall(100, 0));

        time.set(Instant.parse("2026-03-11T06:59:59Z"));
        assertThat(refused(reserve(Amounts.ofCall(1, 0))).resetsAt())
                .isEqualTo(Instant.parse("2026-03-11T07:00:00Z"));

        time.set(Instant.parse("2026-03-11T07:00:00Z"));
        granted(reserve(Amounts.ofCall(100, 0)));
    }

    @Test
    void aClockThatGoesBackOpensNoPeriodAgain() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 100))));
        time.set(Instant.parse("2026-03-11T00:00:01Z"));
        ledger.settle(granted(reserve(Amounts.ofCall(100, 0))), Amounts.ofCall(100, 0));

        time.set(Instant.parse("2026-03-10T23:59:59Z"));

        refused(reserve(Amounts.ofCall(1, 0)));
    }

    @Test
    void aCallThatOutlivesItsPeriodIsNotBookedInTheNext() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 100))));
        Hold hold = granted(reserve(Amounts.ofCall(80, 0)));
        time.set(Instant.parse("2026-03-11T00:00:00Z"));
        Hold next = granted(reserve(Amounts.ofCall(100, 0)));

        ledger.settle(hold, Amounts.ofCall(80, 0));

        assertThat(standing(KEY).used()).isZero();
        assertThat(standing(KEY).reserved()).isEqualTo(100);
        ledger.settle(next, Amounts.ofCall(1, 0));
        assertThat(standing(KEY).used()).isEqualTo(1);
    }

    @Test
    void aLowerLimitHoldsForTheNextCallAndForgetsNothing() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 100))));
        ledger.settle(granted(reserve(Amounts.ofCall(60, 0))), Amounts.ofCall(60, 0));

        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 50))));

        assertThat(standing(KEY).debt()).isEqualTo(10);
        refused(reserve(Amounts.ofCall(1, 0)));
        ledger.limitBy(Map.of());
        granted(reserve(Amounts.ofCall(1_000_000, 0)));
    }

    @Test
    void anotherAttemptIsHeldToItsOwnUpstreamsLimits() {
        ledger.limitBy(
                Map.of(
                        FIRST, List.of(budget(Measure.TOKENS, 100)),
                        SECOND, List.of(budget(Measure.TOKENS, 10))));
        Hold hold = granted(reserve(Amounts.ofCall(50, 0)));

        assertThat(ledger.redirect(hold, new Subject[] {SECOND})).isFalse();
        assertThat(standing(FIRST).reserved()).isZero();
        assertThat(ledger.redirect(hold, new Subject[] {FIRST})).isTrue();
        ledger.settle(hold, Amounts.ofCall(20, 0));

        assertThat(standing(FIRST).used()).isEqualTo(20);
        assertThat(standing(SECOND).used()).isZero();
    }

    @Test
    void moreIsReservedForARunningCallOnlyWhereItFits() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 100), Limit.concurrency(1))));
        Hold hold = granted(reserve(Amounts.ofCall(50, 0)));

        assertThat(ledger.extend(hold, new Amounts(0, 51, 0))).isFalse();
        assertThat(ledger.extend(hold, new Amounts(0, 50, 0))).isTrue();
        assertThat(standing(KEY).reserved()).isEqualTo(100);
        ledger.settle(hold, Amounts.ofCall(90, 0));

        assertThat(standing(KEY).used()).isEqualTo(90);
        assertThat(standing(KEY).reserved()).isZero();
    }

    @Test
    void aForgottenCallIsChargedWhatItHeldAndCorrectedIfItEndsAfterAll() {
        ledger.limitBy(Map.of(KEY, List.of(budget(Measure.TOKENS, 100))));
        Hold forgotten = granted(reserve(Amounts.ofCall(70, 0)));
        time.advance(Duration.ofHours(2));

        assertThat(ledger.expire(time.instant().minus(Duration.ofHours(1)))).isOne();
        assertThat(standing(KEY).used()).isEqualTo(70);
        assertThat(ledger.reserved().calls()).isZero();

        ledger.settle(forgotten, Amounts.ofCall(5, 0));
        ledger.settle(forgotten, Amounts.ofCall(5, 0));
        assertThat(standing(KEY).used()).isEqualTo(5);
    }

    private Decision reserve(Amounts amounts) {
        return ledger.reserve(
                new SpendLedger.Claim(
                        new Subject[] {Subject.global(), ORGANIZATION, KEY},
                        new Subject[] {FIRST},
                        amounts,
                        time.instant()));
    }

    private Standing standing(Subject subject) {
        return ledger.explain(List.of(subject)).getFirst();
    }

    private static Limit budget(Measure measure, long amount) {
        return Limit.budget(measure, Period.DAY, amount);
    }

    private static Hold granted(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Granted.class);
        return ((Decision.Granted) decision).hold();
    }

    private static Decision.Shortage refused(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Shortage.class);
        return (Decision.Shortage) decision;
    }
}
