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
        return measured(name, hedging, "spare");
    }

    private List<Duration> measured(String name, String hedging, String spare) throws Exception {
        String id = upstream(name);
        gateway.admin(
                "POST",
                "/admin/models",
                """
                {"id":"%s","strategy":"priority",%s"targets":[{"upstream":"%s","model":"sim-1!stall@5%%,seed=%d,tag=%s"},
                 {"upstream":"%s","model":"sim-1","priority":1}]}\
                """
                        .formatted(name, hedging, name, SEED, name, spare));
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            took.add(call(name));
        }
        RunningGateway.await(
                "what is usual to be known", () -> metrics(id).path("calls").asInt() >= 20);
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
        HttpResponse<String> hedged = hedged("late", "spare");
        assertThat(servedBy(usual)).isEqualTo("late");
        RunningGateway.await("the slower call to be stopped", this::hasLeft);

        JsonNode record = gateway.record(requestId(hedged));
        assertThat(record.path("attempts").valueStream())
                .extracting(attempt -> attempt.path("outcome").asString())
                .containsExactlyInAnyOrder("outrun", "answered");
        assertThat(record.path("attempt_count").asInt()).isEqualTo(2);
        assertThat(record.path("total_tokens"))
                .isEqualTo(gateway.record(requestId(usual)).path("total_tokens"));
    }

    @Test
    void theSlowerAttemptIsBilledItsInputWhereTheModelSaysSo() throws Exception {
        measured("late", "\"hedging\":{\"at_least\":0.3,\"max_extra\":1,\"bill\":\"both\"},");
        JsonNode usual = gateway.record(requestId(ask("late")));
        JsonNode hedged = gateway.record(requestId(hedged("late", "spare")));

        assertThat(hedged.path("completion_tokens")).isEqualTo(usual.path("completion_tokens"));
        assertThat(hedged.path("prompt_tokens").asLong())
                .isGreaterThan(usual.path("prompt_tokens").asLong());
        JsonNode standings = gateway.admin("GET", "/admin/limits/explain", null).path("items");
        assertThat(standings.path(0).path("reserved").asLong()).isZero();
    }

    @Test
    void anUpstreamOfAnotherProtocolIsAskedBesideOneThatIsLate() throws Exception {
        gateway.addUpstream("claude", "anthropic", "");
        measured("late", "\"hedging\":{\"at_least\":0.3,\"max_extra\":1},", "claude");
        HttpResponse<String> hedged = hedged("late", "claude");
        assertThat(hedged.body()).contains("chat.completion.chunk");
    }

    @Test
    void anAttemptThatWasOutrunCountsInTheLatencyOfItsTarget() throws Exception {
        String id = upstream("slow");
        gateway.admin(
                "POST",
                "/admin/models",
                """
                {"id":"slow","strategy":"priority","hedging":{"at_least":1,"max_extra":1},
                 "targets":[{"upstream":"slow","model":"sim-1!stall@15%,seed=14,tag=slow"},
                 {"upstream":"spare","model":"sim-1","priority":1}]}\
                """);
        callMany("slow", 30);
        RunningGateway.await(
                "what is usual to be known", () -> metrics(id).path("calls").asInt() >= 28);
        callMany("slow", 100);
        RunningGateway.await("those that were stopped to be seen", () -> worstMillis(id) >= 1_000);
    }

    private void callMany(String model, int calls) throws Exception {
        try (ExecutorService few = Executors.newFixedThreadPool(8)) {
            List<Future<Duration>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                running.add(few.submit(() -> call(model)));
            }
            for (Future<Duration> one : running) {
                var _ = one.get();
            }
        }
    }

    /** {@return the 95th percentile of the time to first output; NaN if nothing is known} */
    private double worstMillis(String upstream) {
        return metrics(upstream).path("first_output_p95_ms").asDouble(Double.NaN);
    }

    private JsonNode metrics(String upstream) {
        try {
            return gateway.admin("GET", "/admin/upstreams/" + upstream + "/metrics", null)
                    .path("metrics")
                    .path(0);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** {@return an answer for which another target was faster} */
    private HttpResponse<String> hedged(String model, String spare) throws Exception {
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> answer = ask(model);
            if (servedBy(answer).equals(spare)) {
                return answer;
            }
        }
        throw new AssertionError("none of 100 calls was late");
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
