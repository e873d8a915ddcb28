package dev.sluice.proxy.route;

import static dev.sluice.proxy.Fixtures.apiKey;
import static dev.sluice.proxy.Fixtures.id;
import static dev.sluice.proxy.Fixtures.logical;
import static dev.sluice.proxy.Fixtures.target;
import static dev.sluice.proxy.Fixtures.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.LogicalModel.Fallbacks;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.ProtocolChoice.Chosen;
import dev.sluice.proxy.route.memory.LocalMemory;
import dev.sluice.proxy.route.memory.SessionKey;
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
import dev.sluice.proxy.target.UpstreamState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final ApiKey KEY = apiKey();

    private final FakeTicker ticker = new FakeTicker();
    private final Catalogs catalogs = new Catalogs(Catalog.EMPTY);
    private final DiscoveredModels discovered = new DiscoveredModels();
    private final Targets targets = new Targets(ticker, CircuitBreaker.Rules.STANDARD);
    private final LocalMemory memory =
            new LocalMemory(
                    targets, new StickySessions(Clock.systemUTC(), StickySessions.Bounds.STANDARD));
    private final Map<String, Double> prices = new HashMap<>();
    private final Map<String, Integer> losses = new HashMap<>();
    private final SplittableRandom random = new SplittableRandom(7);
    private final Router router =
            new Router(
                    catalogs,
                    discovered,
                    List.of(),
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

    private void serving(List<Upstream> upstreams, LogicalModel... models) {
        catalogs.replace(Catalog.of(1, List.of(KEY), upstreams).withLogicalModels(List.of(models)));
    }

    private List<String> names(InboundRequest request) {
        return names(router.plan(KEY, request));
    }

    private static List<String> names(Plan plan) {
        return plan.candidates().stream().map(candidate -> candidate.upstream().name()).toList();
    }

    private InboundRequest request(@Nullable String model, String... headers) {
        return Fixtures.request(new UUID(1, random.nextLong()), model, headers);
    }

    private Map<String, Integer> firsts(String model, int calls) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < calls; i++) {
            counts.merge(names(request(model)).getFirst(), 1, Integer::sum);
        }
        return counts;
    }

    private Target at(String upstream, String model) {
        return targets.target(new TargetId(id(upstream), model));
    }

    private void took(String upstream, int calls, Duration each) {
        for (int i = 0; i < calls; i++) {
            at(upstream, "m").completed(each.toNanos(), 10, 0, ticker.getAsLong());
        }
        ticker.advance(Duration.ofMillis(300));
    }

    private void open(String upstream, long seconds) {
        at(upstream, "m").breaker().trip(ticker.getAsLong(), Duration.ofSeconds(seconds));
    }

    @Test
    void aLogicalModelGoesBeforeAnUpstreamsOwnOfTheSameName() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "other")),
                logical("m", RoutingStrategy.PRIORITY, target("b", "other")));
        assertThat(names(request("m"))).containsExactly("b");
    }

    @Test
    void upstreamsThatServeTheSameIdFormATransientModelByConfigurationAndByDiscovery() {
        Upstream asked = Fixtures.discovering(upstream("c"));
        serving(List.of(upstream("a", "m"), upstream("b", "other"), asked));
        discovered.put(asked.id(), List.of(new UpstreamModel("m", null)));
        assertThat(names(request("m"))).containsExactlyInAnyOrder("a", "c");
        assertThat(names(request("a/m"))).containsExactly("a");
        assertThat(names(request("nobody/m"))).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void aDisabledModelIsRefusedThoughAnUpstreamServesItsId() {
        serving(
                List.of(upstream("a", "m")),
                Fixtures.disabled(logical("m", RoutingStrategy.PRIORITY, target("a", "m"))));
        assertRefused(KEY, "m", 404, "disabled");
    }

    @Test
    void aKeyThatMayUseNobodyIsToldSoOnlyOfWhatIsNoSecret() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "n")),
                logical("l", RoutingStrategy.PRIORITY, target("a", "m")));
        assertRefused(apiKey("b"), "l", 403, "may not use any upstream");
        assertRefused(apiKey("b"), "m", 404, "does not exist or this API key may not use it");
    }

    @Test
    void aKeyThatMayAskForFewModelsSeesNoOthers() {
        serving(List.of(upstream("a", "m", "n")));
        ApiKey narrow = Fixtures.withModels(KEY, Set.of("m"));
        assertThat(router.plan(narrow, request("m")).candidates()).hasSize(1);
        assertRefused(narrow, "n", 404, "does not exist or this API key may not use it");
        assertRefused(narrow, "a/n", 404, "does not exist or this API key may not use it");
        assertThat(router.models(narrow)).containsOnlyKeys("m");
    }

    @Test
    void aLogicalModelWithoutActiveUpstreamsIsUnavailable() {
        serving(
                List.of(upstream("a", "m")),
                logical("l", RoutingStrategy.PRIORITY, target("gone", "m")));
        assertRefused(KEY, "l", 503, "No upstreams available for logical model 'l'");
    }

    private void assertRefused(ApiKey key, String model, int status, String text) {
        assertThatThrownBy(() -> router.plan(key, request(model)))
                .asInstanceOf(InstanceOfAssertFactories.type(GatewayException.class))
                .satisfies(refused -> {
                    assertThat(refused.error().kind().status()).isEqualTo(status);
                    assertThat(refused.error().message()).contains(text);
                });
    }

    @Test
    void theSameRequestInTheSameStateGoesTheSameWay() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                logical(
                        "l",
                        RoutingStrategy.BALANCED,
                        target("a", "m"),
                        target("b", "m"),
                        target("c", "m")));
        for (int i = 0; i < 100; i++) {
            InboundRequest request = request("l");
            assertThat(names(request)).isEqualTo(names(request));
        }
    }

    @Test
    void weightsShareOutTenThousandCallsWithinTwoPercent() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                logical(
                        "l",
                        RoutingStrategy.WEIGHTED,
                        target("a", "m", 5, 0, null),
                        target("b", "m", 3, 0, null),
                        target("c", "m", 2, 0, null)));
        Map<String, Integer> counts = firsts("l", 10_000);
        assertThat(counts.get("a")).isCloseTo(5_000, within(200));
        assertThat(counts.get("b")).isCloseTo(3_000, within(200));
        assertThat(counts.get("c")).isCloseTo(2_000, within(200));
    }

    @Test
    void roundRobinGivesEachItsTurnAndALookTakesNone() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                logical(
                        "l",
                        RoutingStrategy.ROUND_ROBIN,
                        target("a", "m"),
                        target("b", "m"),
                        target("c", "m")));
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            router.decide(Fixtures.rehearsal("l"));
            firsts.add(names(request("l")).getFirst());
        }
        assertThat(firsts).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void theLessBusyOfTwoGoesFirst() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m")),
                logical("l", RoutingStrategy.LEAST_BUSY, target("a", "m"), target("b", "m")));
        at("a", "m").began();
        assertThat(firsts("l", 100)).containsOnly(Map.entry("b", 100));
        at("b", "m").began();
        at("b", "m").began();
        assertThat(firsts("l", 100)).containsOnly(Map.entry("a", 100));
    }

    @Test
    void priorityGoesBeforeWeight() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m", 100, 2, null),
                        target("b", "m", 1, 1, null),
                        target("c", "m", 2, 1, null)));
        assertThat(names(request("l"))).containsExactly("c", "b", "a");
    }

    @Test
    void theCheapTheQuickAndTheReliableArePreferredByTheirStrategies() {
        serving(
                List.of(upstream("good", "m"), upstream("bad", "m")),
                logical(
                        "cost",
                        RoutingStrategy.COST_FIRST,
                        target("good", "m"),
                        target("bad", "m")),
                logical(
                        "latency",
                        RoutingStrategy.LATENCY_FIRST,
                        target("good", "m"),
                        target("bad", "m")));
        prices.put("good", 1.0);
        prices.put("bad", 10.0);
        assertThat(firsts("cost", 1_000).get("good")).isGreaterThan(850);
        prices.clear();
        took("good", 20, Duration.ofMillis(200));
        took("bad", 20, Duration.ofSeconds(4));
        assertThat(firsts("latency", 1_000).get("good")).isGreaterThan(850).isLessThan(1_000);
    }

    @Test
    void whatFailsLosesWeightButIsNeverLost() {
        serving(
                List.of(upstream("good", "m"), upstream("bad", "m")),
                logical(
                        "l",
                        RoutingStrategy.RELIABILITY_FIRST,
                        target("good", "m"),
                        target("bad", "m")));
        took("good", 50, Duration.ofMillis(100));
        for (int i = 0; i < 50; i++) {
            at("bad", "m").failed(ticker.getAsLong());
        }
        ticker.advance(Duration.ofMillis(300));
        assertThat(names(request("l"))).containsExactly("good", "bad");
        assertThat(firsts("l", 1_000).get("good")).isGreaterThan(950);
    }

    @Test
    void anOpenTargetIsTriedLastAndOfThoseThatAreOpenTheOneThatIsClosedSoonest() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m", 1, 0, null),
                        target("b", "m", 1, 1, null),
                        target("c", "m", 1, 2, null)));
        open("a", 60);
        assertThat(names(request("l"))).containsExactly("b", "c", "a");
        open("b", 120);
        open("c", 30);
        assertThat(names(request("l"))).containsExactly("c", "a", "b");
    }

    @Test
    void anUnhealthyUpstreamAndAFullOneComeAfterTheOthers() {
        serving(
                List.of(
                        upstream(
                                "full",
                                Upstream.Preference.NEUTRAL,
                                new Upstream.Limits(null, 1),
                                "m"),
                        upstream("ill", "m"),
                        upstream("well", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("ill", "m", 1, 0, null),
                        target("full", "m", 1, 1, null),
                        target("well", "m", 1, 2, null)));
        targets.upstream(id("ill"))
                .checked(new UpstreamState.Health(false, null, null, null, "down"));
        assertThat(targets.upstream(id("full")).gate().enter(new Upstream.Limits(null, 1)))
                .isNotNull();
        assertThat(names(request("l"))).containsExactly("well", "full", "ill");
    }

    @Test
    void aSessionStaysWhereItIsBoundWhileNothingStandsInTheWay() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m")),
                logical("l", RoutingStrategy.WEIGHTED, target("a", "m"), target("b", "m")));
        memory.bind(new SessionKey(KEY.id(), "s"), "l", new TargetId(id("b"), "m"));
        for (int i = 0; i < 50; i++) {
            assertThat(names(request("l", "x-session-id", "s"))).containsExactly("b", "a");
        }
        assertThat(router.plan(KEY, request("l", "x-session-id", "s")).trail())
                .startsWith("b=session");
        open("b", 60);
        assertThat(names(request("l", "x-session-id", "s"))).containsExactly("a", "b");
    }

    @Test
    void aSessionOfAnotherKeyIsAnotherSession() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m"),
                        target("b", "m", .5, 0, null)));
        memory.bind(new SessionKey(id("somebody else"), "s"), "l", new TargetId(id("b"), "m"));
        assertThat(names(request("l", "x-session-id", "s"))).containsExactly("a", "b");
    }

    @Test
    void aSessionsNameHasABound() {
        serving(List.of(upstream("a", "m")));
        assertThatThrownBy(() -> router.plan(KEY, request("m", "x-session-id", "s".repeat(129))))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("at most 128 bytes");
    }

    @Test
    void requestsThatBeginAlikeGoTogetherWhereAffinityIsAskedFor() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                Fixtures.withAffinity(
                        logical(
                                "l",
                                RoutingStrategy.WEIGHTED,
                                target("a", "m"),
                                target("b", "m"),
                                target("c", "m"))));
        Map<String, Integer> counts = new HashMap<>();
        for (int conversation = 0; conversation < 300; conversation++) {
            String beginning = ("conversation " + conversation).repeat(400);
            String first =
                    names(Fixtures.saying(new UUID(1, random.nextLong()), "l", beginning + "one"))
                            .getFirst();
            String second =
                    names(Fixtures.saying(new UUID(1, random.nextLong()), "l", beginning + "two"))
                            .getFirst();
            assertThat(second).isEqualTo(first);
            counts.merge(first, 1, Integer::sum);
        }
        assertThat(counts.values()).allMatch(count -> count > 60);
    }

    @Test
    void aWishedRegionGoesFirst() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m", 1, 0, "us"),
                        target("b", "m", 1, 1, "eu")));
        assertThat(names(request("l", "x-sluice-region", "EU"))).containsExactly("b", "a");
        assertThat(names(request("l", "x-sluice-region", "moon"))).containsExactly("a", "b");
    }

    @Test
    void whatCannotBeToldTheWholeRequestComesLater() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m", 1, 0, null),
                        target("b", "m", 1, 1, null)));
        losses.put("a", 999);
        assertThat(names(request("l"))).containsExactly("a", "b");
        losses.put("a", ProtocolChoice.WRONG);
        assertThat(names(request("l"))).containsExactly("b", "a");
    }

    @Test
    void fallbacksFollowEachForItsUseAndHaveNoneThemselves() {
        serving(
                List.of(
                        upstream("a", "m"),
                        upstream("b", "m"),
                        upstream("c", "m"),
                        upstream("d", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        new Fallbacks(List.of("spare", "unknown"), List.of("long"), List.of()),
                        target("a", "m")),
                logical(
                        "spare",
                        RoutingStrategy.PRIORITY,
                        new Fallbacks(List.of("long"), List.of(), List.of()),
                        target("a", "m"),
                        target("b", "m", .5, 0, null)),
                logical("long", RoutingStrategy.PRIORITY, target("c", "m")));
        Plan plan = router.plan(KEY, request("l"));
        assertThat(names(plan)).containsExactly("a", "b", "c");
        assertThat(plan.candidates())
                .extracting(Candidate::use)
                .containsExactly(
                        Candidate.Use.ALWAYS, Candidate.Use.ALWAYS, Candidate.Use.CONTEXT_OVERFLOW);
        assertThat(plan.trail()).isEqualTo("a=target > b=target > overflow:c=target");
    }

    @Test
    void aProbeIsLetThroughAfterTheCoolDown() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m", 1, 0, null),
                        target("b", "m", 1, 1, null)));
        open("a", 1);
        assertThat(names(request("l"))).containsExactly("b", "a");
        ticker.advance(Duration.ofNanos(TimeUnit.SECONDS.toNanos(6)));
        assertThat(names(request("l"))).containsExactly("a", "b");
    }
}
