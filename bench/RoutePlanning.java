package dev.sluice.bench;

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
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.http.Headers;
import dev.sluice.proxy.CanonicalRequest;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.DiscoveredModels;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Planner;
import dev.sluice.proxy.route.ProtocolChoice.Chosen;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.memory.LocalMemory;
import dev.sluice.proxy.route.memory.StickySessions;
import dev.sluice.proxy.route.rank.Assessor;
import dev.sluice.proxy.route.rank.Ranking;
import dev.sluice.proxy.route.rank.Turns;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.proxy.state.ReferenceStore;
import dev.sluice.proxy.target.CircuitBreaker;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.TargetId;
import dev.sluice.proxy.target.Targets;
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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to plan a call's route among ten candidates, by strategy, and to note what was seen of a call, by one thread and by as many as
 * there are processors: times by JMH (the median hardly minds a busy machine), and with {@code -prof gc} the bytes that are allocated, after little traffic and after much. Run by
 * {@code bench/routing}.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RoutePlanning {
    private static final int CANDIDATES = 10;

    /** A router over ten upstreams, each of which has been called so often. */
    @State(Scope.Benchmark)
    public static class Planned {
        @Param({"BALANCED", "LATENCY_FIRST", "COST_FIRST", "RELIABILITY_FIRST", "WEIGHTED", "ROUND_ROBIN", "LEAST_BUSY", "PRIORITY"})
        RoutingStrategy strategy;

        @Param({"50", "50000"})
        int traffic;

        private final InboundRequest request = request();
        private final ApiKey key = key();
        private Router router;

        @Setup
        public void prepare() {
            Targets targets = new Targets(System::nanoTime, CircuitBreaker.Rules.STANDARD);
            List<Upstream> upstreams = new ArrayList<>();
            for (int i = 0; i < CANDIDATES; i++) {
                upstreams.add(upstream(i));
            }
            Catalogs catalogs =
                    new Catalogs(Catalog.of(1, List.of(key), upstreams).withLogicalModels(List.of(model(strategy, upstreams))));
            router = router(targets, catalogs);
            measure(targets, upstreams, traffic);
        }
    }

    /** One target that all threads share. */
    @State(Scope.Benchmark)
    public static class Shared {
        final Target target = new Targets(System::nanoTime, CircuitBreaker.Rules.STANDARD).target(new TargetId(new UUID(1, 1), "m"));
    }

    @Benchmark
    public Plan plan(Planned planned) {
        return planned.router.plan(planned.key, planned.request);
    }

    @Benchmark
    @Threads(1)
    public void noteByOneThread(Shared shared) {
        note(shared.target);
    }

    @Benchmark
    @Threads(Threads.MAX)
    public void noteByAllThreads(Shared shared) {
        note(shared.target);
    }

    private static void note(Target target) {
        long now = System.nanoTime();
        target.began();
        target.firstOutput(20_000_000, now);
        target.completed(400_000_000, 10, 380_000_000, now);
        target.breaker().succeeded(CircuitBreaker.Pass.ORDINARY, now);
        target.over();
    }

    private static Router router(Targets targets, Catalogs catalogs) {
        LocalMemory memory = new LocalMemory(targets, new StickySessions(Clock.systemUTC(), StickySessions.Bounds.STANDARD));
        Assessor assessor = new Assessor(targets, memory, (upstream, _) -> upstream.preference().weight());
        Planner planner =
                new Planner(
                        (asked, _, _) -> Optional.of(new Chosen(asked.protocol(), 0)), memory, assessor, new Ranking(new Turns()), System::nanoTime);
        KeptReferences none = new KeptReferences(1, ReferenceStore.NONE, Clock.systemUTC());
        return new Router(catalogs, new DiscoveredModels(), Router.Rules.NONE, planner, none);
    }

    /** Some calls at each, so that there is something to weigh. */
    private static void measure(Targets targets, List<Upstream> upstreams, int traffic) {
        SplittableRandom random = new SplittableRandom(1);
        for (Upstream upstream : upstreams) {
            Target target = targets.target(new TargetId(upstream.id(), "m"));
            for (int i = 0; i < traffic; i++) {
                target.completed(random.nextLong(3_000_000_000L), 10, 0, System.nanoTime());
            }
        }
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
