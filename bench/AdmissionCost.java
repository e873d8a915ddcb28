import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.Rates;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestSink;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.admit.AdmissionPolicy;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.authenticate.FailedAttempts;
import dev.sluice.proxy.authenticate.SignedInUsers;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What it costs to know a key, to hold its call to ten limits in six scopes, and to settle it: CPU time of one thread, among 100,000
 * keys. Run it with {@code java -XX:+UseSerialGC -cp 'target/classes:target/lib/*' bench/AdmissionCost.java}.
 */
public final class AdmissionCost {
    private static final int KEYS = 100_000;
    private static final int ROUNDS = 8;
    private static final int CALLS = 300_000;
    private static final UUID ORGANIZATION = new UUID(2, 1);
    private static final UUID USER = new UUID(3, 1);

    private AdmissionCost() {}

    public static void main(String[] args) {
        DigestKey digestKey = new DigestKey(new byte[32]);
        Upstream upstream = upstream();
        long before = heap();
        Catalogs catalogs = new Catalogs(Catalog.of(1, keys(digestKey), List.of(upstream)));
        System.out.printf("%,d keys: %d bytes each%n", KEYS, (heap() - before) / KEYS);
        changeOne(catalogs, digestKey);
        Clock clock = Clock.systemUTC();
        Authenticator authenticator =
                new Authenticator(catalogs, digestKey, null, new FailedAttempts(System::nanoTime), SignedInUsers.NONE, clock);
        MemoryLedger ledger = new MemoryLedger(clock, System::nanoTime);
        ledger.limitBy(tenLimits(upstream));
        PriceList prices = new PriceList(List.of(price()));
        Admission admission =
                new Admission(new Sink(), ledger, new Pricing(() -> prices, List.of(), "USD", Map.of()), AdmissionPolicy.STANDARD);
        Candidate candidate = new Candidate(upstream, "model", Protocol.OPENAI_CHAT, "bench");
        Plan plan = new Plan(List.of(candidate));
        Exchange exchange = exchange(text(42));
        for (int round = 0; round < ROUNDS; round++) {
            long known = cpu();
            for (int i = 0; i < CALLS; i++) {
                authenticator.authenticate(exchange, Permission.WRITE);
            }
            ApiKey key = authenticator.authenticate(exchange, Permission.WRITE);
            long admitted = cpu();
            for (int i = 0; i < CALLS; i++) {
                Lease lease = admission.admit(key, plan, request(), clock.instant());
                lease.takeShareFor(candidate);
                lease.settle(Usage.provider(300, 100), Ending.COMPLETED, null);
            }
            long settled = cpu();
            System.out.printf(
                    "authenticate %.2f us, admit and settle %.2f us, together %.2f us%n",
                    micros(known, admitted), micros(admitted, settled), micros(known, settled));
        }
        System.out.println("left reserved: " + ledger.reserved());
    }

    private static List<ApiKey> keys(DigestKey digestKey) {
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(key(i, digestKey));
        }
        return keys;
    }

    private static void changeOne(Catalogs catalogs, DigestKey digestKey) {
        int changes = 20_000;
        for (int round = 0; round < 3; round++) {
            long began = cpu();
            for (int i = 0; i < changes; i++) {
                catalogs.apply(new Change.KeyPut(key(i, digestKey)));
            }
            System.out.printf("a change of one key: %.2f us%n", (cpu() - began) / 1000.0 / changes);
        }
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private static double micros(long from, long to) {
        return (to - from) / 1000.0 / CALLS;
    }

    private static long cpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Map<Subject, List<Limit>> tenLimits(Upstream upstream) {
        return Map.of(
                Subject.global(), List.of(Limit.budget(Measure.MONEY, Period.MONTH, Limit.MOST_NANOS)),
                Subject.organization(ORGANIZATION),
                        List.of(
                                Limit.budget(Measure.REQUESTS, Period.MONTH, Limit.MOST),
                                Limit.budget(Measure.TOKENS, Period.MONTH, Limit.MOST),
                                Limit.budget(Measure.MONEY, Period.MONTH, Limit.MOST_NANOS)),
                Subject.user(USER), List.of(Limit.budget(Measure.TOKENS, Period.DAY, Limit.MOST)),
                Subject.key(new UUID(1, 42)),
                        List.of(
                                Limit.perMinute(Measure.REQUESTS, Limit.MOST),
                                Limit.perMinute(Measure.TOKENS, Limit.MOST),
                                Limit.concurrency(1000)),
                Subject.upstream(upstream.id()), List.of(Limit.concurrency(1000)),
                Subject.model("model"), List.of(Limit.budget(Measure.TOKENS, Period.TOTAL, Limit.MOST)));
    }

    private static String text(int number) {
        return "sk-auto-%043d".formatted(number);
    }

    private static ApiKey key(int number, DigestKey digestKey) {
        return new ApiKey(
                new UUID(1, number), "key", "sk-auto-", digestKey.digest(text(number)), Set.of(Permission.WRITE), null, true, null,
                null, null, USER, ORGANIZATION, false);
    }

    private static Upstream upstream() {
        Duration minute = Duration.ofMinutes(1);
        return new Upstream(
                new UUID(4, 1), "upstream", "openai", List.of(Protocol.OPENAI_CHAT), URI.create("http://127.0.0.1:9"),
                Upstream.Paths.STANDARD, List.of(), List.of(), false, null, true,
                new Upstream.Timeouts(minute, minute, minute, minute), Upstream.Preference.NEUTRAL, Upstream.Limits.NONE, Map.of(),
                Set.of(), Capabilities.STANDARD, true);
    }

    private static Price price() {
        return new Price(
                new UUID(5, 1), null, null, "model", "USD", Rates.of("0.25", "2"), null, 16_384L, Instant.EPOCH, "operator");
    }

    private static InboundRequest request() {
        RequestPeek peek = new RequestPeek("model", null, false, null, false, null, null, null, null, 1, 0);
        byte[] body = new byte[2048];
        CanonicalRequest canonical = new CanonicalRequest(new OpenAiChatDialect(), body, Envelope.NONE);
        return new InboundRequest("id", Protocol.OPENAI_CHAT, body, peek, "model", false, Headers.EMPTY, null, canonical);
    }

    private static Exchange exchange(String key) {
        Headers headers = Headers.of("host", "gateway", "authorization", "Bearer " + key, "content-type", "application/json");
        return (Exchange)
                Proxy.newProxyInstance(
                        Exchange.class.getClassLoader(),
                        new Class<?>[] {Exchange.class},
                        (_, method, _) -> switch (method.getName()) {
                            case "headers" -> headers;
                            case "clientAddress" -> "127.0.0.1";
                            case "path" -> "/v1/chat/completions";
                            default -> null;
                        });
    }

    private record Sink() implements RequestSink {
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
