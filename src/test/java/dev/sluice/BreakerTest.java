package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static dev.sluice.RoutedGateway.atOnce;
import static dev.sluice.RoutedGateway.attempts;
import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** When targets are left alone and when they are tried again, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BreakerTest {
    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aDeadTargetUnderLoadFailsNoCallAndIsLeftAloneWithinASecond() throws Exception {
        String name = gateway.fresh("dead");
        String id = gateway.upstream(name, RoutedGateway.deadUrl(), GOOD_KEY, "");
        String model = gateway.model("", name + " sim-1", "spare sim-1");
        atOnce(100, () -> gateway.ask(gateway.model("", "spare sim-1"), false));

        try (ExecutorService load = Executors.newSingleThreadExecutor()) {
            long began = System.nanoTime();
            Future<List<HttpResponse<String>>> answers =
                    load.submit(() -> atOnce(1_500, () -> gateway.ask(model, false)));
            RunningGateway.await("an open breaker", () -> !isAsked(id));
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("from the first call to the open breaker, the look at it included")
                    .isLessThan(Duration.ofSeconds(1));

            assertThat(answers.get()).allMatch(answer -> answer.statusCode() == 200);
        }
        JsonNode metrics = gateway.upstream(id, "metrics");
        assertThat(metrics.path("metrics").path(0).path("calls").asInt())
                .as("only those that were under way, and probes")
                .isBetween(5, 60);
    }

    private boolean isAsked(String upstreamId) {
        return gateway.upstream(upstreamId, "health").path("open_breakers").isEmpty();
    }

    @Test
    void aTargetThatIsWellAgainIsFoundAfterOneCoolDown() throws Exception {
        String name = gateway.simulated("ill");
        String model =
                gateway.model(
                        "", name + " sim-1!status=500,fail-first=5,tag=" + name, "spare sim-1");
        for (int i = 0; i < 5; i++) {
            assertThat(servedBy(gateway.ask(model, false))).isEqualTo("spare");
        }
        long opened = System.nanoTime();
        assertThat(servedBy(gateway.ask(model, false))).isEqualTo("spare");
        RunningGateway.await(
                "the first target to be used again",
                () -> {
                    try {
                        return servedBy(gateway.ask(model, false)).equals(name);
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        assertThat(Duration.ofNanos(System.nanoTime() - opened))
                .as("a cool-down takes 5 s; the second one would take until 15 s")
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(12));
    }

    @Test
    void ifAllAreOpenTheLeastBadIsTriedAndItsSuccessClosesIt() throws Exception {
        String name = gateway.simulated("ill");
        String model = gateway.model("", name + " sim-1!status=500,fail-first=7,tag=" + name);
        int failed = 0;
        for (int i = 0; i < 7; i++) {
            failed += gateway.ask(model, false).statusCode() == 200 ? 0 : 1;
        }
        assertThat(failed).isPositive();
        HttpResponse<String> answer = gateway.ask(model, true);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(attempts(gateway.ask(model, false))).isOne();
    }

    @Test
    void aTargetThatBreaksAllItsStreamsIsLeftAlone() throws Exception {
        String name = gateway.simulated("broken");
        String model = gateway.model("", name + " sim-1!chunks=5,cut-after=3", "spare sim-1");
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            served.add(servedBy(gateway.ask(model, true)));
        }
        assertThat(served.subList(0, 5)).containsOnly(name);
        assertThat(served.subList(5, 12)).containsOnly("spare");
    }

    @Test
    void callsToALoneTargetThatFailDoNotKeepItFromOthersForLonger() throws Exception {
        String name = gateway.fresh("lone");
        String id = gateway.upstream(name, RoutedGateway.deadUrl(), GOOD_KEY, "");
        String model = gateway.model("", name + " sim-1");
        for (int i = 0; i < 8; i++) {
            gateway.ask(model, false);
        }
        JsonNode open = gateway.upstream(id, "health").path("open_breakers");
        assertThat(open.size()).as("%s", open).isOne();
        assertThat(open.path(0).path("seconds_left").asDouble(99)).isLessThanOrEqualTo(5);
    }

    @Test
    void anUpstreamWhoseHealthCheckFailsComesLast() throws Exception {
        String name = gateway.fresh("ill");
        String id =
                gateway.upstream(name, RoutedGateway.deadUrl(), GOOD_KEY, ",\"health_check\":1");
        String model = gateway.model("", name + " sim-1", "spare sim-1");
        RunningGateway.await(
                "a failed check",
                () -> gateway.upstream(id, "health").path("status").asString("").equals("down"));
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(servedBy(answer)).isEqualTo("spare");
        assertThat(attempts(answer)).isOne();
    }
}
