package dev.sluice.proxy.admit;

import static dev.sluice.proxy.admit.TestAdmission.CHEAP;
import static dev.sluice.proxy.admit.TestAdmission.DEAR;
import static dev.sluice.proxy.admit.TestAdmission.KEY;
import static dev.sluice.proxy.admit.TestAdmission.candidate;
import static dev.sluice.proxy.admit.TestAdmission.key;
import static dev.sluice.proxy.admit.TestAdmission.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.catalog.KeyRules;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.TestUpstreams;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.ledger.SpendLedger.Reserved;
import dev.sluice.proxy.route.Candidate;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a call reserves before it starts, and what is booked when it has ended. */
class AdmissionTest {
    private final TestAdmission scene = new TestAdmission();

    @Test
    void theWorstCaseOfTheDearestCandidateIsReserved() {
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));

        Lease lease = scene.admit(request(1000, 500L), CHEAP, DEAR);

        assertThat(scene.standing().reserved()).isEqualTo((1000 * 10 + 500 * 20) * 1000L);
        assertThat(lease.reservations())
                .containsExactly(new Opening.Reservation("key", KEY.id(), "money", 20_000_000L));
        assertThat(lease.worst().cost().nanos()).isEqualTo(20_000_000L);
        assertThat(lease.worst().usage().total()).isEqualTo(1500);
    }

    @Test
    void settlingBooksTheTruthOnceAndGivesTheRestBack() {
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));
        Lease lease = scene.admit(request(1000, 500L), CHEAP, DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();

        Charge charge = lease.settle(Usage.provider(100, 50), Ending.COMPLETED, "cheap-2026");
        lease.settle(Usage.provider(100, 50), Ending.COMPLETED, "cheap-2026");

        assertThat(charge.cost().nanos()).isEqualTo((100 + 50 * 2) * 1000L);
        assertThat(scene.standing().used()).isEqualTo(200_000L);
        assertThat(scene.ledger.reserved()).isEqualTo(new Reserved(0, 0, 0));
    }

    @Test
    void aRefusedCallIsBookedAsNothing() {
        scene.limit(KEY, Limit.budget(Measure.REQUESTS, Period.DAY, 1));
        scene.admit(request(10, 10L), CHEAP).settle(Usage.NONE, Ending.REFUSED, null);

        assertThat(scene.standing().used()).isZero();
        assertThat(scene.standing().left()).isOne();
    }

    @Test
    void aCandidateThatIsTooDearIsSkipped() {
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 3_000_000L));

        Lease lease = scene.admit(request(1000, 500L), DEAR, CHEAP);

        assertThat(lease.takeShareFor(DEAR)).isFalse();
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
        assertThat(scene.standing().reserved()).isEqualTo(2_000_000L);
    }

    @Test
    void whereTheSlowerOfTwoIsBilledTooBothMustFit() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 2_000));
        Lease lease = scene.admit(request(1000, 500L), CHEAP, DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();

        assertThat(lease.takeShareBeside(DEAR, CHEAP)).isTrue();
        assertThat(scene.standing().reserved()).isEqualTo(1_750);
        lease.lost(CHEAP);
        assertThat(lease.takeShareFor(DEAR)).isTrue();
        Charge charge = lease.settle(Usage.estimated(10, 20), Ending.COMPLETED, null);

        assertThat(charge.usage().total()).isEqualTo(250 + 30);
        assertThat(scene.standing().used()).isEqualTo(280);
        assertThat(scene.standing().reserved()).isZero();
    }

    @Test
    void anAttemptBesideAnotherIsNotMadeWhereOnlyOneFits() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_600));
        Lease lease = scene.admit(request(1000, 500L), CHEAP, DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();

        assertThat(lease.takeShareBeside(DEAR, CHEAP)).isFalse();
        assertThat(lease.takeShareFor(DEAR)).isTrue();
    }

    @Test
    void anAttemptThatWasLostIsChargedAndMoreIsReservedForTheNext() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 2_000));
        Lease lease = scene.admit(request(1000, 500L), CHEAP, DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
        lease.lost(CHEAP);

        assertThat(lease.takeShareFor(DEAR)).isTrue();
        assertThat(scene.standing().reserved()).isEqualTo(1_750);
        lease.lost(DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
        lease.lost(CHEAP);
        assertThat(lease.takeShareFor(DEAR)).isFalse();
        Charge charge = lease.settle(Usage.NONE, Ending.FAILED, null);

        assertThat(charge.usage()).isEqualTo(Usage.estimated(750, 0));
        assertThat(charge.cost().nanos()).isEqualTo((250 + 2500 + 250) * 1000L);
        assertThat(scene.standing().used()).isEqualTo(750);
    }

    @Test
    void anUpstreamWithoutRoomIsPassedOver() {
        scene.limit(Subject.upstream(TestUpstreams.FIRST.id()), Limit.concurrency(0));

        Lease lease = scene.admit(request(10, 10L), CHEAP, DEAR);

        assertThat(lease.reservedFor()).isEqualTo(DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isFalse();
        assertThat(lease.takeShareFor(DEAR)).isTrue();
    }

    @Test
    void whatAnUpstreamClaimsToHaveUsedNeverOverflows() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_000));
        for (int i = 0; i < 3; i++) {
            admitUnlimited()
                    .settle(Usage.provider(Long.MAX_VALUE, Long.MAX_VALUE), Ending.COMPLETED, null);
        }
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_000));
        Lease lease = scene.admit(request(10, 10L), CHEAP);
        lease.settle(Usage.provider(Long.MAX_VALUE, Long.MAX_VALUE), Ending.COMPLETED, null);

        assertThat(scene.standing().debt()).isPositive();
        assertThat(scene.standing().left()).isZero();
        scene.refused(request(10, 10L), CHEAP);
    }

    private Lease admitUnlimited() {
        scene.ledger.limitBy(Map.of());
        return scene.admit(request(10, 10L), CHEAP);
    }

    @Test
    void encodedImagesCountByThePieceAndNotByTheirBytes() {
        scene.limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_000_000));
        byte[] body =
                ("{\"text\":\""
                                + "word ".repeat(100)
                                + "\",\"url\":\"data:image/png;base64,"
                                + "iVBORw0K".repeat(100_000)
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8);

        scene.admit(request(body, 10L, 1, 1), CHEAP);
        long withImage = scene.standing().reserved();

        assertThat(withImage).isBetween(4_096L + 500, 4_096L + 600 + 800_000 / 64 + 10);
    }

    @Test
    void aRawCallIsHeldToTheDearestModelOfItsUpstream() {
        scene.limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));
        Candidate raw = candidate(TestUpstreams.FIRST, "");

        Lease lease =
                scene.admission.admitRaw(
                        key(KeyRules.NONE),
                        new RawCall(raw, RawCall.Kind.GENERATION, 1000),
                        scene.time.instant());
        assertThat(scene.standing().reserved()).isEqualTo((1000 * 10 + 8192 * 20) * 1000L);
        assertThat(lease.takeShareFor(raw)).isTrue();
        lease.settle(Usage.provider(100, 100), Ending.COMPLETED, "cheap");

        assertThat(scene.standing().used()).isEqualTo((100 + 200) * 1000L);
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() ->
                        scene.admission.admitRaw(
                                key(KeyRules.NONE),
                                new RawCall(raw, RawCall.Kind.OTHER, 1000),
                                scene.time.instant()));
    }
}
