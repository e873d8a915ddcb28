package dev.sluice.proxy.admit;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.KeyRules;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.Rates;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.http.Headers;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.TestUpstreams;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestSink;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.proxy.ledger.Standing;
import dev.sluice.proxy.ledger.SteppedTime;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An admission over a ledger of its own, two priced models and one without a price. */
final class TestAdmission {
    static final Candidate CHEAP = candidate(TestUpstreams.FIRST, "cheap");
    static final Candidate DEAR = candidate(TestUpstreams.SECOND, "dear");
    static final Candidate FREE_OF_PRICE = candidate(TestUpstreams.SECOND, "unpriced");
    private static final PriceList PRICES =
            new PriceList(List.of(price("cheap", "1", "2"), price("dear", "10", "20")));
    static final Subject KEY = Subject.key(new UUID(1, 1));

    final SteppedTime time = new SteppedTime(Instant.parse("2026-05-05T12:00:00Z"));
    final MemoryLedger ledger = new MemoryLedger(time, time::nanos);
    private final Pricing pricing = new Pricing(() -> PRICES, List.of(), "USD", Map.of());
    final Admission admission =
            new Admission(new RoomySink(), ledger, pricing, AdmissionPolicy.STANDARD);

    void limit(Subject subject, Limit limit) {
        ledger.limitBy(Map.of(subject, List.of(limit)));
    }

    Standing standing() {
        return ledger.explain(List.of(KEY)).getFirst();
    }

    Lease admit(InboundRequest request, Candidate... candidates) {
        return admission.admit(
                key(KeyRules.NONE), new Plan(List.of(candidates)), request, time.instant());
    }

    GatewayException refused(InboundRequest request, Candidate... candidates) {
        try {
            admit(request, candidates);
        } catch (GatewayException refusal) {
            return refusal;
        }
        throw new AssertionError("the call was admitted");
    }

    static ApiKey key(KeyRules rules) {
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

    static Candidate candidate(Upstream upstream, String model) {
        return new Candidate(upstream, model, Protocol.OPENAI_CHAT, "test");
    }

    static InboundRequest request(int bytes, @Nullable Long output) {
        return request(bytes, output, 1, 0);
    }

    static InboundRequest request(int bytes, @Nullable Long output, int answers, int media) {
        return request(new byte[bytes], output, answers, media);
    }

    static InboundRequest request(byte[] body, @Nullable Long output, int answers, int media) {
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
