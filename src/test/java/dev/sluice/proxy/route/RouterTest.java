package dev.sluice.proxy.route;

import static dev.sluice.proxy.Fixtures.apiKey;
import static dev.sluice.proxy.Fixtures.id;
import static dev.sluice.proxy.Fixtures.logical;
import static dev.sluice.proxy.Fixtures.target;
import static dev.sluice.proxy.Fixtures.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.LogicalModel.Fallbacks;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.target.TargetId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class RouterTest extends RoutedCalls {
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
                upstreams("a"),
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
        serving(upstreams("a"), logical("l", RoutingStrategy.PRIORITY, target("gone", "m")));
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
                upstreams("a", "b", "c"),
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
    void aSessionStaysWhereItIsBoundWhileNothingStandsInTheWay() {
        serving(
                upstreams("a", "b"),
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
                upstreams("a", "b"),
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
        serving(upstreams("a"));
        assertThatThrownBy(() -> router.plan(KEY, request("m", "x-session-id", "s".repeat(129))))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("at most 128 bytes");
    }

    @Test
    void requestsThatBeginAlikeGoTogetherWhereAffinityIsAskedFor() {
        serving(
                upstreams("a", "b", "c"),
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
                upstreams("a", "b"),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        target("a", "m", 1, 0, "us"),
                        target("b", "m", 1, 1, "eu")));
        assertThat(names(request("l", "x-sluice-region", "EU"))).containsExactly("b", "a");
        assertThat(names(request("l", "x-sluice-region", "moon"))).containsExactly("a", "b");
    }

    @Test
    void aSessionStaysWithTheFallbackThatServedItUntilSomethingStandsInItsWay() {
        serving(
                List.of(upstream("a", "m"), upstream("b", "m"), upstream("c", "m")),
                logical(
                        "l",
                        RoutingStrategy.PRIORITY,
                        new Fallbacks(List.of("spare"), List.of("long"), List.of()),
                        target("a", "m")),
                logical("spare", RoutingStrategy.PRIORITY, target("b", "m")),
                logical("long", RoutingStrategy.PRIORITY, target("c", "m")));
        memory.bind(new SessionKey(KEY.id(), "s"), "l", new TargetId(id("b"), "m"));
        assertThat(names(request("l", "x-session-id", "s"))).containsExactly("b", "a", "c");
        assertThat(names(request("l", "x-session-id", "another"))).containsExactly("a", "b", "c");

        open("b", 60);
        assertThat(names(request("l", "x-session-id", "s"))).containsExactly("a", "b", "c");

        memory.bind(new SessionKey(KEY.id(), "s"), "l", new TargetId(id("c"), "m"));
        assertThat(names(request("l", "x-session-id", "s")))
                .as("who is there for what is too long waits for that")
                .containsExactly("a", "b", "c");
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
}
