package dev.sluice.proxy.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.KeyRules;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.Rates;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.http.Headers;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.TestUpstreams;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestSink;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.proxy.ledger.SpendLedger.Reserved;
import dev.sluice.proxy.ledger.Standing;
import dev.sluice.proxy.ledger.SteppedTime;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final Candidate CHEAP = candidate(TestUpstreams.FIRST, "cheap");
    private static final Candidate DEAR = candidate(TestUpstreams.SECOND, "dear");
    private static final Candidate FREE_OF_PRICE = candidate(TestUpstreams.SECOND, "unpriced");
    private static final PriceList PRICES =
            new PriceList(List.of(price("cheap", "1", "2"), price("dear", "10", "20")));
    private static final Subject KEY = Subject.key(new UUID(1, 1));

    private final SteppedTime time = new SteppedTime(Instant.parse("2026-05-05T12:00:00Z"));
    private final MemoryLedger ledger = new MemoryLedger(time, time::nanos);
    private final Pricing pricing = new Pricing(() -> PRICES, List.of(), "USD", Map.of());
    private final Admission admission =
            new Admission(new RoomySink(), ledger, pricing, AdmissionPolicy.STANDARD);

    @Test
    void theWorstCaseOfTheDearestCandidateIsReserved() {
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));

        Lease lease = admit(request(1000, 500L), CHEAP, DEAR);

        assertThat(standing().reserved()).isEqualTo((1000 * 10 + 500 * 20) * 1000L);
        assertThat(lease.reservations())
                .containsExactly(new Opening.Reservation("key", KEY.id(), "money", 20_000_000L));
        assertThat(lease.worst().cost().nanos()).isEqualTo(20_000_000L);
        assertThat(lease.worst().usage().total()).isEqualTo(1500);
    }

    @Test
    void settlingBooksTheTruthOnceAndGivesTheRestBack() {
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));
        Lease lease = admit(request(1000, 500L), CHEAP, DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();

        Charge charge = lease.settle(Usage.provider(100, 50), Ending.COMPLETED, "cheap-2026");
        lease.settle(Usage.provider(100, 50), Ending.COMPLETED, "cheap-2026");

        assertThat(charge.cost().nanos()).isEqualTo((100 + 50 * 2) * 1000L);
        assertThat(standing().used()).isEqualTo(200_000L);
        assertThat(ledger.reserved()).isEqualTo(new Reserved(0, 0, 0));
    }

    @Test
    void aRefusedCallIsBookedAsNothing() {
        limit(KEY, Limit.budget(Measure.REQUESTS, Period.DAY, 1));
        admit(request(10, 10L), CHEAP).settle(Usage.NONE, Ending.REFUSED, null);

        assertThat(standing().used()).isZero();
        assertThat(standing().left()).isOne();
    }

    @Test
    void aCandidateThatIsTooDearIsSkipped() {
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 3_000_000L));

        Lease lease = admit(request(1000, 500L), DEAR, CHEAP);

        assertThat(lease.takeShareFor(DEAR)).isFalse();
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
        assertThat(standing().reserved()).isEqualTo(2_000_000L);
    }

    @Test
    void aLimitOfOutputThatFitsIsWrittenWhereTheClientNamedNone() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));

        Lease lease = admit(request(1000, null), CHEAP);

        assertThat(lease.maxOutputTokens()).isEqualTo(2000);
        assertThat(standing().left()).isZero();
    }

    @Test
    void aLimitOfOutputFitsMoneyToTheToken() {
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_400_999L));

        assertThat(admit(request(1000, null), CHEAP).maxOutputTokens()).isEqualTo(200);
    }

    @Test
    void aLimitOfOutputIsDividedAmongTheAnswers() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));

        Lease lease = admit(request(1000, null, 3, 0), CHEAP);

        assertThat(lease.maxOutputTokens()).isEqualTo(666);
        assertThat(standing().reserved()).isEqualTo(1000 + 3 * 666);
    }

    @Test
    void aClientsOwnLimitOfOutputIsNotChanged() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));

        assertThat(refused(request(1000, 2_001L), CHEAP).error().kind())
                .isEqualTo(ErrorKind.BUDGET_EXHAUSTED);
        assertThat(admit(request(1000, 2_000L), CHEAP).maxOutputTokens()).isNull();
    }

    @Test
    void aKeyMayRefuseToBeClamped() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 3_000));
        KeyRules strict = new KeyRules(null, null, List.of(), false);

        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() ->
                        admission.admit(
                                key(strict),
                                new Plan(List.of(CHEAP)),
                                request(1000, null),
                                time.instant()));
    }

    @Test
    void noCallIsClampedToNextToNothing() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_010));

        refused(request(1000, null), CHEAP);

        assertThat(ledger.reserved().calls()).isZero();
    }

    @Test
    void anUnpricedModelIsRefusedWhereMoneyIsLimitedAndOnlyThere() {
        admit(request(10, 10L), FREE_OF_PRICE).settle(Usage.NONE, Ending.FAILED, null);
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));

        assertThat(refused(request(10, 10L), FREE_OF_PRICE).error().code())
                .isEqualTo("model_unpriced");
        Lease lease = admit(request(10, 10L), FREE_OF_PRICE, CHEAP);
        assertThat(lease.takeShareFor(FREE_OF_PRICE)).isFalse();
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
    }

    @Test
    void anAttemptThatWasLostIsChargedAndMoreIsReservedForTheNext() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 2_000));
        Lease lease = admit(request(1000, 500L), CHEAP, DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
        lease.lost();

        assertThat(lease.takeShareFor(DEAR)).isTrue();
        assertThat(standing().reserved()).isEqualTo(1_750);
        lease.lost();
        assertThat(lease.takeShareFor(CHEAP)).isTrue();
        lease.lost();
        assertThat(lease.takeShareFor(DEAR)).isFalse();
        Charge charge = lease.settle(Usage.NONE, Ending.FAILED, null);

        assertThat(charge.usage()).isEqualTo(Usage.estimated(750, 0));
        assertThat(charge.cost().nanos()).isEqualTo((250 + 2500 + 250) * 1000L);
        assertThat(standing().used()).isEqualTo(750);
    }

    @Test
    void theRefusalOfARateTellsItsWindow() {
        limit(KEY, Limit.perMinute(Measure.REQUESTS, 1));
        admit(request(10, 10L), CHEAP).settle(Usage.provider(1, 1), Ending.COMPLETED, null);
        time.advance(Duration.ofMillis(20_500));

        GatewayException refused = refused(request(10, 10L), CHEAP);

        assertThat(refused.error().kind()).isEqualTo(ErrorKind.LIMITED);
        assertThat(refused.retryAfterMillis()).isEqualTo(40_500);
        assertThat(refused.headers().get("x-ratelimit-limit-requests")).isEqualTo("1");
        assertThat(refused.headers().get("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(refused.headers().get("x-ratelimit-reset-requests")).isEqualTo("40.500s");
        assertThat(refused.headers().contains("x-should-retry")).isFalse();
    }

    @Test
    void theRefusalOfABudgetNamesTheLimitWhatIsUsedAndWhenItResets() {
        limit(Subject.global(), Limit.budget(Measure.MONEY, Period.MONTH, 5_000_000_000L));
        admit(request(10, 10L), CHEAP).settle(Usage.provider(0, 2_500_000), Ending.COMPLETED, null);

        GatewayException refused = refused(request(10, 10L), CHEAP);

        assertThat(refused.error().kind()).isEqualTo(ErrorKind.BUDGET_EXHAUSTED);
        assertThat(refused.error().message())
                .contains("of this gateway", "5.00 money per month", "5.00 used")
                .contains("2026-06-01T00:00:00Z");
        assertThat(refused.headers().get("x-should-retry")).isEqualTo("false");
    }

    @Test
    void aBudgetThatOnlyRunningCallsHoldIsToBeTriedAgainSoon() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.TOTAL, 100));
        Lease running = admit(request(50, 40L), CHEAP);

        GatewayException refused = refused(request(50, 40L), CHEAP);
        assertThat(refused.error().kind()).isEqualTo(ErrorKind.LIMITED);
        assertThat(refused.retryAfterMillis()).isEqualTo(1000);

        running.settle(Usage.provider(5, 5), Ending.COMPLETED, null);
        admit(request(50, 40L), CHEAP);
    }

    @Test
    void anUpstreamWithoutRoomIsPassedOver() {
        limit(Subject.upstream(TestUpstreams.FIRST.id()), Limit.concurrency(0));

        Lease lease = admit(request(10, 10L), CHEAP, DEAR);

        assertThat(lease.reservedFor()).isEqualTo(DEAR);
        assertThat(lease.takeShareFor(CHEAP)).isFalse();
        assertThat(lease.takeShareFor(DEAR)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 1, 1L << 53, Long.MAX_VALUE})
    void anAbsurdLimitOfOutputNeitherOverflowsNorFits(long output) {
        admit(request(10, output, 128, 3), CHEAP).settle(Usage.NONE, Ending.FAILED, null);
        assertThat(ledger.reserved()).isEqualTo(new Reserved(0, 0, 0));
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, Limit.MOST_NANOS / 1_000_000));

        refused(request(10, output, 128, 3), CHEAP);
    }

    @Test
    void whatAnUpstreamClaimsToHaveUsedNeverOverflows() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_000));
        for (int i = 0; i < 3; i++) {
            admitUnlimited()
                    .settle(Usage.provider(Long.MAX_VALUE, Long.MAX_VALUE), Ending.COMPLETED, null);
        }
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_000));
        Lease lease = admit(request(10, 10L), CHEAP);
        lease.settle(Usage.provider(Long.MAX_VALUE, Long.MAX_VALUE), Ending.COMPLETED, null);

        assertThat(standing().debt()).isPositive();
        assertThat(standing().left()).isZero();
        refused(request(10, 10L), CHEAP);
    }

    private Lease admitUnlimited() {
        ledger.limitBy(Map.of());
        return admit(request(10, 10L), CHEAP);
    }

    @Test
    void encodedImagesCountByThePieceAndNotByTheirBytes() {
        limit(KEY, Limit.budget(Measure.TOKENS, Period.DAY, 1_000_000));
        byte[] body =
                ("{\"text\":\""
                                + "word ".repeat(100)
                                + "\",\"url\":\"data:image/png;base64,"
                                + "iVBORw0K".repeat(100_000)
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8);

        admit(request(body, 10L, 1, 1), CHEAP);
        long withImage = standing().reserved();

        assertThat(withImage).isBetween(4_096L + 500, 4_096L + 600 + 800_000 / 64 + 10);
    }

    @Test
    void aRawCallIsHeldToTheDearestModelOfItsUpstream() {
        limit(KEY, Limit.budget(Measure.MONEY, Period.DAY, 1_000_000_000L));
        Candidate raw = candidate(TestUpstreams.FIRST, "");

        Lease lease =
                admission.admitRaw(
                        key(KeyRules.NONE),
                        new RawCall(raw, RawCall.Kind.GENERATION, 1000),
                        time.instant());
        assertThat(standing().reserved()).isEqualTo((1000 * 10 + 8192 * 20) * 1000L);
        assertThat(lease.takeShareFor(raw)).isTrue();
        lease.settle(Usage.provider(100, 100), Ending.COMPLETED, "cheap");

        assertThat(standing().used()).isEqualTo((100 + 200) * 1000L);
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() ->
                        admission.admitRaw(
                                key(KeyRules.NONE),
                                new RawCall(raw, RawCall.Kind.OTHER, 1000),
                                time.instant()));
    }

    private void limit(Subject subject, Limit limit) {
        ledger.limitBy(Map.of(subject, List.of(limit)));
    }

    private Standing standing() {
        return ledger.explain(List.of(KEY)).getFirst();
    }

    private Lease admit(InboundRequest request, Candidate... candidates) {
        return admission.admit(
                key(KeyRules.NONE), new Plan(List.of(candidates)), request, time.instant());
    }

    private GatewayException refused(InboundRequest request, Candidate... candidates) {
        try {
            admit(request, candidates);
        } catch (GatewayException refusal) {
            return refusal;
        }
        throw new AssertionError("the call was admitted");
    }

    private static ApiKey key(KeyRules rules) {
        return new ApiKey(
                KEY.id(),
                "test",
                "sk-auto-test",
                new KeyDigest(1, 2, 3, 4),
                Set.of(Permission.WRITE),
                null,
                true,
                null,
                null,
                null,
                null,
                null,
                false,
                rules,
                null);
    }

    private static Candidate candidate(Upstream upstream, String model) {
        return new Candidate(upstream, model, Protocol.OPENAI_CHAT, "test");
    }

    private static InboundRequest request(int bytes, @Nullable Long output) {
        return request(bytes, output, 1, 0);
    }

    private static InboundRequest request(
            int bytes, @Nullable Long output, int answers, int media) {
        return request(new byte[bytes], output, answers, media);
    }

    private static InboundRequest request(
            byte[] body, @Nullable Long output, int answers, int media) {
        RequestPeek peek =
                new RequestPeek(
                        "m", null, false, null, false, null, null, output, null, answers, media);
        return new InboundRequest(
                "id",
                Protocol.OPENAI_CHAT,
                body,
                peek,
                "m",
                false,
                Headers.EMPTY,
                null,
                new CanonicalRequest(new OpenAiChatDialect(), body, Envelope.NONE));
    }

    private static Price price(String model, String input, String output) {
        return new Price(
                new UUID(0, 1),
                null,
                null,
                model,
                "USD",
                Rates.of(input, output),
                null,
                null,
                Instant.EPOCH,
                "operator");
    }

    private record RoomySink() implements RequestSink {
        @Override
        public boolean acceptsCalls() {
            return true;
        }

        @Override
        public Future<Void> opened(Opening opening) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> closed(RequestRecord record) {
            return Future.succeededFuture();
        }
    }
}
