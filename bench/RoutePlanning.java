import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Fallbacks;
import dev.sluice.catalog.LogicalModel.Hedging;
import dev.sluice.catalog.LogicalModel.Patience;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.http.Headers;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.DiscoveredModels;
import dev.sluice.proxy.route.Planner;
import dev.sluice.proxy.route.ProtocolChoice.Chosen;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.memory.LocalMemory;
import dev.sluice.proxy.route.memory.StickySessions;
import dev.sluice.proxy.route.rank.Assessor;
import dev.sluice.proxy.route.rank.Ranking;
import dev.sluice.proxy.route.rank.Turns;
import dev.sluice.proxy.target.CircuitBreaker;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.TargetId;
import dev.sluice.proxy.target.Targets;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What it costs to plan a call's route among ten candidates, by strategy: CPU time of one thread, and the bytes it allocates. Run it with
 * {@code java -cp 'target/classes:target/lib/*' bench/RoutePlanning.java}.
 */
public final class RoutePlanning {
    private static final int CANDIDATES = 10;
    private static final int ROUNDS = 6;
    private static final int CALLS = 200_000;

    private RoutePlanning() {}

    public static void main(String[] args) {
        Targets targets = new Targets(System::nanoTime, CircuitBreaker.Rules.STANDARD);
        Catalogs catalogs = new Catalogs(Catalog.EMPTY);
        Router router = router(targets, catalogs);
        ApiKey key = key();
        List<Upstream> upstreams = new ArrayList<>();
        for (int i = 0; i < CANDIDATES; i++) {
            upstreams.add(upstream(i));
        }
        InboundRequest request = request();
        System.out.println("| strategy | µs a plan | bytes a plan |\n|---|---|---|");
        for (RoutingStrategy strategy : RoutingStrategy.values()) {
            catalogs.replace(Catalog.of(1, List.of(key), upstreams).withLogicalModels(List.of(model(strategy, upstreams))));
            double best = Double.MAX_VALUE;
            long bytes = 0;
            for (int round = 0; round < ROUNDS; round++) {
                measure(targets, upstreams);
                long before = cpu();
                long allocated = allocated();
                int seen = 0;
                for (int i = 0; i < CALLS; i++) {
                    seen += router.plan(key, request).candidates().size();
                }
                best = Math.min(best, (cpu() - before) / 1000.0 / CALLS);
                bytes = (allocated() - allocated) / CALLS;
                if (seen != CALLS * CANDIDATES) {
                    throw new IllegalStateException("candidates were lost");
                }
            }
            System.out.printf("| %s | %.2f | %d |%n", strategy.wireName(), best, bytes);
        }
    }

    private static Router router(Targets targets, Catalogs catalogs) {
        LocalMemory memory = new LocalMemory(targets, new StickySessions(Clock.systemUTC(), StickySessions.Bounds.STANDARD));
        Assessor assessor = new Assessor(targets, memory, (upstream, _) -> upstream.preference().weight());
        Planner planner =
                new Planner(
                        (asked, _, _) -> Optional.of(new Chosen(asked.protocol(), 0)), memory, assessor, new Ranking(new Turns()), System::nanoTime);
        return new Router(catalogs, new DiscoveredModels(), planner);
    }

    /** Some calls at each, so that there is something to weigh. */
    private static void measure(Targets targets, List<Upstream> upstreams) {
        SplittableRandom random = new SplittableRandom(1);
        for (Upstream upstream : upstreams) {
            Target target = targets.target(new TargetId(upstream.id(), "m"));
            for (int i = 0; i < 50; i++) {
                target.completed(random.nextLong(3_000_000_000L), 10, 0, System.nanoTime());
            }
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static LogicalModel model(RoutingStrategy strategy, List<Upstream> upstreams) {
        return new LogicalModel(
                "logical",
                null,
                null,
                Set.of(),
                true,
                strategy,
                upstreams.stream().map(upstream -> new LogicalModel.Target(upstream.id(), "m", 1, 0, null)).toList(),
                Fallbacks.NONE,
                Patience.STANDARD,
                Hedging.OFF,
                false);
    }

    private static Upstream upstream(int number) {
        Duration minute = Duration.ofMinutes(1);
        return new Upstream(
                new UUID(1, number),
                "upstream-" + number,
                "openai",
                List.of(Protocol.OPENAI_CHAT),
                URI.create("http://127.0.0.1:9"),
                Upstream.Paths.STANDARD,
                List.of(new UpstreamKey("1", new Secret("sk-1"), 1, null)),
                List.of(),
                false,
                null,
                false,
                new Upstream.Timeouts(minute, minute, minute, minute),
                Upstream.Preference.NEUTRAL,
                Upstream.Limits.NONE,
                Map.of(),
                Set.of(),
                Capabilities.STANDARD,
                true);
    }

    private static ApiKey key() {
        return new ApiKey(
                new UUID(9, 9), "bench", "sk-auto-bench", new KeyDigest(1, 2, 3, 4), Set.of(Permission.WRITE), null, true, null, null, null, null, null, false);
    }

    private static InboundRequest request() {
        byte[] body = new byte[0];
        return new InboundRequest(
                new UUID(5, 77).toString(),
                Protocol.OPENAI_CHAT,
                body,
                new RequestPeek("logical", null, false, null, false, null, null, null, null, 1, 0),
                "logical",
                false,
                Headers.EMPTY,
                null,
                new CanonicalRequest(new OpenAiChatDialect(), body, Envelope.NONE));
    }
}
