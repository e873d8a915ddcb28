package dev.sluice.proxy.route;

import static dev.sluice.proxy.Fixtures.id;
import static dev.sluice.proxy.Fixtures.logical;
import static dev.sluice.proxy.Fixtures.target;
import static dev.sluice.proxy.Fixtures.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Upstream;
import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.target.UpstreamState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In which order targets are tried, by strategy and by what was seen of them. */
class StrategyTest extends RoutedCalls {
    @Test
    void weightsShareOutTenThousandCallsWithinTwoPercent() {
        serving(
                upstreams("a", "b", "c"),
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
                upstreams("a", "b", "c"),
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
                upstreams("a", "b"),
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
                upstreams("a", "b", "c"),
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
                upstreams("good", "bad"),
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
                upstreams("good", "bad"),
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
        Map<String, Integer> counts = firsts("l", 1_000);
        assertThat(counts.get("good")).isGreaterThan(950);
        assertThat(counts.getOrDefault("bad", 0)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"LATENCY_FIRST", "COST_FIRST", "RELIABILITY_FIRST", "BALANCED"})
    void aNewTargetThatIsAsGoodGetsItsShare(RoutingStrategy strategy) {
        serving(
                List.of(upstream("old", "m"), upstream("new", "m")),
                logical("l", strategy, target("old", "m"), target("new", "m")));
        took("old", 60, Duration.ofMillis(200));
        assertThat(firsts("l", 1_000).get("new")).isBetween(400, 600);
    }

    @ParameterizedTest
    @EnumSource(names = {"LATENCY_FIRST", "COST_FIRST", "RELIABILITY_FIRST", "BALANCED"})
    void aTargetThatHasRecoveredIsFoundAndGetsItsShareBack(RoutingStrategy strategy) {
        serving(
                List.of(upstream("well", "m"), upstream("ill", "m")),
                logical("l", strategy, target("well", "m"), target("ill", "m")));
        for (int i = 0; i < 20; i++) {
            at("ill", "m").failed(ticker.getAsLong());
        }
        took("well", 60, Duration.ofMillis(200));
        assertThat(firsts("l", 1_000).get("ill")).isPositive();
        ticker.advanceSeconds(66);
        took("well", 20, Duration.ofMillis(200));
        assertThat(firsts("l", 1_000).get("ill")).isGreaterThan(20);
        took("ill", 20, Duration.ofMillis(200));
        assertThat(firsts("l", 1_000).get("ill")).isGreaterThan(400);
    }

    @Test
    void aNewTargetIsTakenForAsQuickAsTheOthersAreOnAverage() {
        serving(
                List.of(upstream("quick", "m"), upstream("slow", "m"), upstream("new", "m")),
                logical(
                        "l",
                        RoutingStrategy.LATENCY_FIRST,
                        target("quick", "m"),
                        target("slow", "m"),
                        target("new", "m")));
        took("quick", 20, Duration.ofMillis(200));
        took("slow", 20, Duration.ofSeconds(3));
        Map<String, Integer> counts = firsts("l", 1_000);
        assertThat(counts.get("quick")).isGreaterThan(counts.get("new"));
        assertThat(counts.get("new")).isGreaterThan(counts.get("slow"));
        assertThat(counts.get("slow")).isPositive();
    }

    @Test
    void anOpenTargetIsTriedLastAndOfThoseThatAreOpenTheOneThatIsClosedSoonest() {
        serving(
                upstreams("a", "b", "c"),
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
    void whatCannotBeToldTheWholeRequestComesLater() {
        serving(
                upstreams("a", "b"),
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
    void aProbeIsLetThroughAfterTheCoolDown() {
        serving(
                upstreams("a", "b"),
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

    @Test
    void whatAPlanAllocatesDoesNotGrowWithTraffic() {
        serving(
                upstreams("a", "b", "c"),
                logical(
                        "l",
                        RoutingStrategy.BALANCED,
                        target("a", "m"),
                        target("b", "m"),
                        target("c", "m")));
        InboundRequest request = request("l");
        took("a", 100, Duration.ofMillis(100));
        long early = bytesOfAPlan(request);
        for (int second = 0; second < 100; second++) {
            took("a", 2_000, Duration.ofMillis(second));
            took("b", 2_000, Duration.ofSeconds(second));
        }
        assertThat(bytesOfAPlan(request)).isLessThanOrEqualTo(early + early / 5);
    }

    private long bytesOfAPlan(InboundRequest request) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int plans = 20_000;
        long seen = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < plans; i++) {
            seen += router.plan(KEY, request).candidates().size();
        }
        assertThat(seen).isEqualTo(3L * plans);
        return (threads.getCurrentThreadAllocatedBytes() - before) / plans;
    }
}
