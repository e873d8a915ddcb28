package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What hedging gains where one call in twenty stalls, and what it costs. */
class HedgingTest {
    private static final int CALLS = 500;

    /** With it none of the first 24 calls stalls, and about one in twenty of the others does. */
    private static final int SEED = 14;

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        upstream("spare");
        for (int i = 0; i < 30; i++) {
            gateway.chat("{\"model\":\"sim-1\",\"messages\":[]}");
        }
        gateway.admin(
                "PUT",
                "/admin/limits",
                """
                {"scope":"global","limits":[
                  {"kind":"tokens","period":"total","amount":1000000000},
                  {"kind":"requests","period":"total","amount":1000000}]}
                """);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String upstream(String name) throws Exception {
        return gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","api_key":"%s","idle_timeout":3}\
                        """
                                .formatted(
                                        name, gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY))
                .path("id")
                .asString();
    }

    /** How long calls took, shortest first, and how many upstream calls were made. */
    private record Measured(List<Duration> took, long upstreamCalls) {
        Duration p99() {
            return took.get(took.size() * 99 / 100);
        }
    }

    private Measured measure(String name, String hedging) throws Exception {
        long before = gateway.simulator().sightings().count();
        List<Duration> took = new ArrayList<>(measured(name, hedging));
        try (ExecutorService few = Executors.newFixedThreadPool(4)) {
            List<Future<Duration>> running = new ArrayList<>();
            for (int i = 24; i < CALLS; i++) {
                running.add(few.submit(() -> call(name)));
            }
            for (Future<Duration> one : running) {
                took.add(one.get());
            }
        }
        took.sort(null);
        return new Measured(took, gateway.simulator().sightings().count() - before);
    }

    /**
     * Makes the model and calls it until it is known what is usual. {@return how long each took}
     */
    private List<Duration> measured(String name, String hedging) throws Exception {
        String id = upstream(name);
        gateway.admin(
                "POST",
                "/admin/models",
                """
                {"id":"%s","strategy":"priority",%s"targets":[{"upstream":"%s","model":"sim-1!stall@5%%,seed=%d,tag=%s"},
                 {"upstream":"spare","model":"sim-1","priority":1}]}\
                """
                        .formatted(name, hedging, name, SEED, name));
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            took.add(call(name));
        }
        String metrics = "/admin/upstreams/" + id + "/metrics";
        RunningGateway.await(
                "what is usual to be known",
                () -> {
                    try {
                        return gateway.admin("GET", metrics, null)
                                        .path("metrics")
                                        .path(0)
                                        .path("calls")
                                        .asInt()
                                >= 20;
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        return took;
    }

    private Duration call(String model) throws Exception {
        long began = System.nanoTime();
        var _ = ask(model);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private HttpResponse<String> ask(String model) throws Exception {
        HttpResponse<String> answer =
                gateway.chat(
                        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                                .formatted(model));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        return answer;
    }

    @Test
    @Timeout(240)
    void theSlowestCallsTakeLessThanHalfForAtMostATwentiethMoreCalls() throws Exception {
        Measured without = measure("plain", "");
        Measured with = measure("hedged", "\"hedging\":{\"at_least\":0.3,\"max_extra\":0.05},");

        assertThat(without.p99()).isGreaterThan(Duration.ofSeconds(3));
        assertThat(with.p99()).isLessThan(without.p99().dividedBy(2));
        assertThat(with.upstreamCalls()).isBetween((long) CALLS, CALLS + CALLS / 20L + 1);
        assertThatEachCallIsOneRecordAndOneSettlement();
    }

    private void assertThatEachCallIsOneRecordAndOneSettlement() throws Exception {
        gateway.records(30 + 2 * CALLS);
        long requests = 0;
        long tokens = 0;
        String cursor = "";
        while (cursor != null) {
            JsonNode page = gateway.admin("GET", "/admin/logs?page_size=100" + cursor, null);
            for (JsonNode record : page.path("items")) {
                requests++;
                tokens += record.path("total_tokens").asLong();
            }
            JsonNode next = page.path("next_cursor");
            cursor = next.isString() ? "&cursor=" + next.asString() : null;
        }
        JsonNode standings = gateway.admin("GET", "/admin/limits/explain", null).path("items");
        assertThat(requests).isEqualTo(30 + 2 * CALLS);
        assertThat(standings.path(0).path("used").asLong()).isEqualTo(tokens);
        assertThat(standings.path(1).path("used").asLong()).isEqualTo(requests);
        assertThat(standings.path(0).path("reserved").asLong()).isZero();
    }

    @Test
    void theSlowerAttemptIsStoppedAndIsInTheRecordButNotOnTheBill() throws Exception {
        measured("late", "\"hedging\":{\"at_least\":0.3,\"max_extra\":1},");
        HttpResponse<String> usual = ask("late");
        HttpResponse<String> hedged = usual;
        for (int i = 0; i < 100 && !servedBy(hedged).equals("spare"); i++) {
            hedged = ask("late");
        }
        assertThat(servedBy(usual)).isEqualTo("late");
        assertThat(servedBy(hedged)).isEqualTo("spare");
        RunningGateway.await("the slower call to be stopped", this::hasLeft);

        JsonNode record = gateway.record(requestId(hedged));
        assertThat(record.path("attempts").valueStream())
                .extracting(attempt -> attempt.path("outcome").asString())
                .containsExactlyInAnyOrder("outrun", "answered");
        assertThat(record.path("attempt_count").asInt()).isEqualTo(2);
        assertThat(record.path("total_tokens"))
                .isEqualTo(gateway.record(requestId(usual)).path("total_tokens"));
    }

    private boolean hasLeft() {
        return gateway.simulator().sightings().all().stream()
                .anyMatch(seen -> seen.outcome() == Sighting.Outcome.CLIENT_LEFT);
    }

    private static String servedBy(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-sluice-upstream").orElseThrow();
    }

    private static String requestId(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }
}
