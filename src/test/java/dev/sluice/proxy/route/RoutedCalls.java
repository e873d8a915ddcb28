package dev.sluice.proxy.route;

import static dev.sluice.proxy.Fixtures.apiKey;
import static dev.sluice.proxy.Fixtures.id;
import static dev.sluice.proxy.Fixtures.upstream;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Upstream;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.ProtocolChoice.Chosen;
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
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A router over a catalogue, and what there is to be asked of it. */
abstract class RoutedCalls {
    static final ApiKey KEY = apiKey();

    final FakeTicker ticker = new FakeTicker();
    final Catalogs catalogs = new Catalogs(Catalog.EMPTY);
    final DiscoveredModels discovered = new DiscoveredModels();
    final Targets targets = new Targets(ticker, CircuitBreaker.Rules.STANDARD);
    final LocalMemory memory =
            new LocalMemory(
                    targets, new StickySessions(Clock.systemUTC(), StickySessions.Bounds.STANDARD));
    final Map<String, Double> prices = new HashMap<>();
    final Map<String, Integer> losses = new HashMap<>();
    final SplittableRandom random = new SplittableRandom(7);
    final Router router =
            new Router(
                    catalogs,
                    discovered,
                    Router.Rules.NONE,
                    new Planner(
                            (request, upstream, _) ->
                                    Optional.of(
                                            new Chosen(
                                                    request.protocol(),
                                                    losses.getOrDefault(upstream.name(), 0))),
                            memory,
                            new Assessor(
                                    targets,
                                    memory,
                                    (upstream, _) ->
                                            prices.getOrDefault(upstream.name(), Double.NaN)),
                            new Ranking(new Turns()),
                            ticker),
                    new KeptReferences(1, ReferenceStore.NONE, Clock.systemUTC()));

    void serving(List<Upstream> upstreams, LogicalModel... models) {
        catalogs.replace(Catalog.of(1, List.of(KEY), upstreams).withLogicalModels(List.of(models)));
    }

    /** {@return upstreams of those names, each of which serves {@code m}} */
    static List<Upstream> upstreams(String... names) {
        return Stream.of(names).map(name -> upstream(name, "m")).toList();
    }

    List<String> names(InboundRequest request) {
        return names(router.plan(KEY, request));
    }

    static List<String> names(Plan plan) {
        return plan.candidates().stream().map(candidate -> candidate.upstream().name()).toList();
    }

    InboundRequest request(@Nullable String model, String... headers) {
        return Fixtures.request(new UUID(1, random.nextLong()), model, headers);
    }

    Map<String, Integer> firsts(String model, int calls) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < calls; i++) {
            counts.merge(names(request(model)).getFirst(), 1, Integer::sum);
        }
        return counts;
    }

    Target at(String upstream, String model) {
        return targets.target(new TargetId(id(upstream), model));
    }

    void took(String upstream, int calls, Duration each) {
        for (int i = 0; i < calls; i++) {
            at(upstream, "m").completed(each.toNanos(), 10, 0, ticker.getAsLong());
        }
        ticker.advance(Duration.ofMillis(300));
    }

    void open(String upstream, long seconds) {
        at(upstream, "m").breaker().trip(ticker.getAsLong(), Duration.ofSeconds(seconds));
    }
}
