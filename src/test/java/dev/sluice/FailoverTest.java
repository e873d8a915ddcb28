package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How calls find their way around upstreams that fail, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String GOOD_KEY =
            "[{\"label\":\"1\",\"key\":\"" + RunningGateway.UPSTREAM_KEY + "\"}]";

    private final AtomicInteger names = new AtomicInteger();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        upstream("spare", gateway.simulatorUrl(), GOOD_KEY, "");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String upstream(String name, String url, String keys, String more) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","keys":%s%s}\
                        """
                                .formatted(name, url, keys, more));
        assertThat(made.has("id")).as("%s", made).isTrue();
        return made.path("id").asString();
    }

    private String fresh(String what) {
        return what + "-" + names.incrementAndGet();
    }

    /** Makes a model of these targets, each {@code upstream model}, tried in this order. */
    private String model(String more, String... targets) throws Exception {
        String id = fresh("model");
        List<String> all = new ArrayList<>();
        for (String target : targets) {
            String[] parts = target.split(" ", 2);
            all.add(
                    "{\"upstream\":\"%s\",\"model\":\"%s\",\"priority\":%d}"
                            .formatted(parts[0], parts[1], all.size()));
        }
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/models",
                        "{\"id\":\"%s\",\"strategy\":\"priority\",\"targets\":[%s]%s}"
                                .formatted(id, String.join(",", all), more));
        assertThat(made.has("id")).as("%s", made).isTrue();
        return id;
    }

    private HttpResponse<String> ask(String model, boolean stream, String... headers)
            throws Exception {
        return gateway.chat(
                "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello, and tell me more\"}]}"
                        .formatted(model, stream),
                headers);
    }

    private static String servedBy(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-sluice-upstream").orElse("nobody");
    }

    private List<HttpResponse<String>> atOnce(int calls, Callable<HttpResponse<String>> call)
            throws Exception {
        try (ExecutorService many = Executors.newFixedThreadPool(16)) {
            List<Future<HttpResponse<String>>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                running.add(many.submit(call));
            }
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> one : running) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    @Test
    void aDeadTargetUnderLoadFailsNoCallAndIsLeftAlone() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String name = fresh("dead");
        String id = upstream(name, "http://127.0.0.1:" + port, GOOD_KEY, "");
        String model = model("", name + " sim-1", "spare sim-1");

        List<HttpResponse<String>> answers = atOnce(1_000, () -> ask(model, false));

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        JsonNode health = gateway.admin("GET", "/admin/upstreams/" + id + "/health", null);
        assertThat(health.path("status").asString()).as("%s", health).isEqualTo("down");
        JsonNode metrics = gateway.admin("GET", "/admin/upstreams/" + id + "/metrics", null);
        assertThat(metrics.path("metrics").path(0).path("calls").asInt())
                .as("only those that were under way, and probes")
                .isBetween(5, 60);
    }

    @Test
    void anOutageOfEverythingIsNotMadeWorseByRetries() throws Exception {
        String name = fresh("out");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, "");
        String model = model("", name + " sim-1!status=503", name + " sim-2!status=503");
        long before = gateway.simulator().sightings().count();
        long began = System.nanoTime();
        int calls = 600;

        List<HttpResponse<String>> answers = atOnce(calls, () -> ask(model, false));

        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
        long made = gateway.simulator().sightings().count() - before;
        assertThat(answers).allMatch(answer -> answer.statusCode() == 503);
        assertThat(made - calls)
                .as("a tenth of the calls, ten a second, and what was saved before")
                .isLessThanOrEqualTo(calls / 10 + 10 * seconds + 200);
    }

    @Test
    void aTargetThatIsWellAgainIsFoundAfterOneCoolDown() throws Exception {
        String name = fresh("ill");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, "");
        String model =
                model("", name + " sim-1!status=500,fail-first=5,tag=" + name, "spare sim-1");
        for (int i = 0; i < 5; i++) {
            assertThat(servedBy(ask(model, false))).isEqualTo("spare");
        }
        assertThat(servedBy(ask(model, false))).isEqualTo("spare");
        RunningGateway.await(
                "the first target to be used again",
                () -> {
                    try {
                        return servedBy(ask(model, false)).equals(name);
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }

    @Test
    void aRefusedKeyMakesRoomForTheNextOneAndRests() throws Exception {
        String name = fresh("keys");
        String id =
                upstream(
                        name,
                        gateway.simulatorUrl(),
                        "[{\"label\":\"bad\",\"key\":\"sk-wrong-123456\",\"weight\":1000},{\"label\":\"good\",\"key\":\"%s\",\"weight\":0.001}]"
                                .formatted(RunningGateway.UPSTREAM_KEY),
                        "");
        String model = model("", name + " sim-1");

        HttpResponse<String> first = ask(model, false);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-sluice-attempts")).hasValue("2");
        HttpResponse<String> second = ask(model, true);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.headers().firstValue("x-sluice-attempts")).hasValue("1");
        JsonNode health = gateway.admin("GET", "/admin/upstreams/" + id + "/health", null);
        assertThat(health.path("resting_keys").path(0).path("label").asString()).isEqualTo("bad");
    }

    @Test
    void aRawCallUsesTheKeyThatDoesNotRest() throws Exception {
        String name = fresh("keys");
        upstream(
                name,
                gateway.simulatorUrl(),
                "[{\"label\":\"bad\",\"key\":\"sk-wrong-123456\",\"weight\":1000},{\"label\":\"good\",\"key\":\"%s\",\"weight\":0.001}]"
                        .formatted(RunningGateway.UPSTREAM_KEY),
                "");
        Map<String, String> headers =
                Map.of("authorization", "Bearer " + gateway.apiKey(), "x-upstream-name", name);
        assertThat(gateway.send("GET", "/proxy/v1/models", null, headers).statusCode())
                .isEqualTo(502);
        assertThat(gateway.send("GET", "/proxy/v1/models", null, headers).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSessionStaysAndMovesWithAFailover() throws Exception {
        String ill = fresh("ill");
        upstream(ill, gateway.simulatorUrl(), GOOD_KEY, "");
        String model = model("", ill + " sim-1!status=500,fail-first=1,tag=" + ill, "spare sim-1");

        assertThat(servedBy(ask(model, false, "x-session-id", "s"))).isEqualTo("spare");
        for (int i = 0; i < 5; i++) {
            assertThat(servedBy(ask(model, true, "x-session-id", "s"))).isEqualTo("spare");
        }
        assertThat(servedBy(ask(model, false, "x-session-id", "another"))).isEqualTo(ill);
        JsonNode sessions = gateway.admin("GET", "/admin/sessions", null);
        assertThat(sessions.path("items").toString()).contains("\"s\"", "\"another\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-after", "error-after", "end-after"})
    void aBreakAtEveryEventEndsInSuccessOrATypedError(String how) throws Exception {
        String name = fresh("breaks");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, "");
        int rescued = 0;
        for (int at = 0; at < 12; at++) {
            String model =
                    model(
                            "",
                            name + " sim-1!chunks=8," + how + "=" + at + ",tag=" + name + at,
                            "spare sim-1");
            HttpResponse<String> answer = ask(model, true);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            boolean whole = answer.body().contains("\"finish_reason\":\"stop\"");
            assertThat(whole || answer.body().contains("\"error\""))
                    .as("%s=%d: %s", how, at, answer.body())
                    .isTrue();
            rescued += servedBy(answer).equals("spare") ? 1 : 0;
        }
        assertThat(rescued).as("a break before any output is rescued").isBetween(1, 3);
    }

    @Test
    void callsWaitForRoomAndAreToldWhenThereIsNone() throws Exception {
        String name = fresh("small");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, ",\"max_concurrency\":1");
        String quick = model("", name + " sim-1!delay=100ms");
        assertThat(atOnce(8, () -> ask(quick, false)))
                .allMatch(answer -> answer.statusCode() == 200);

        String slow = model("", name + " sim-1!delay=6s");
        List<HttpResponse<String>> answers = atOnce(2, () -> ask(slow, false));
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnlyOnce(200, 503);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 503)
                .allMatch(answer -> answer.headers().firstValue("retry-after").isPresent());
    }

    @Test
    void aFullUpstreamIsPassedByWhereAnotherHasRoom() throws Exception {
        String name = fresh("small");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, ",\"max_concurrency\":1");
        String model = model("", name + " sim-1!delay=1s", "spare sim-1");
        List<HttpResponse<String>> answers = atOnce(6, () -> ask(model, false));
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers)
                .extracting(FailoverTest::servedBy)
                .contains(name, "spare")
                .filteredOn(by -> by.equals("spare"))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void anUnusuallyLateTargetIsHedgedAndBothAttemptsAreInTheRecord() throws Exception {
        String name = fresh("late");
        String id = upstream(name, gateway.simulatorUrl(), GOOD_KEY, ",\"idle_timeout\":20");
        String model =
                model(
                        ",\"hedging\":{\"at_least\":0.3,\"max_extra\":1}",
                        name + " sim-1!stall@10%,seed=4,tag=" + name,
                        "spare sim-1");
        // With that seed none of the first 24 calls stalls, and five of the others do.
        int hedged = 0;
        String lastHedged = "";
        for (int i = 0; i < 60; i++) {
            if (i == 24) {
                awaitCalls(id, 20);
            }
            long began = System.nanoTime();
            HttpResponse<String> answer = ask(model, true);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
            if (servedBy(answer).equals("spare")) {
                hedged++;
                lastHedged = answer.headers().firstValue("x-request-id").orElseThrow();
                assertThat(took).isLessThan(Duration.ofSeconds(10));
            }
        }
        assertThat(hedged).isBetween(5, 25);
        String record = "/admin/logs/" + lastHedged;
        RunningGateway.await(
                "a record of both attempts",
                () -> {
                    try {
                        String text = gateway.admin("GET", record, null).toString();
                        return text.contains("\"outrun\"") && text.contains("\"answered\"");
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }

    /** What is measured is shown a quarter of a second late. */
    private void awaitCalls(String upstreamId, int calls) throws Exception {
        RunningGateway.await(
                "so many calls in the metrics",
                () -> {
                    try {
                        String path = "/admin/upstreams/" + upstreamId + "/metrics";
                        JsonNode metrics = gateway.admin("GET", path, null).path("metrics");
                        return metrics.path(0).path("calls").asInt() >= calls;
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }

    @Test
    void anUpstreamWhoseHealthCheckFailsComesLast() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String name = fresh("ill");
        String id = upstream(name, "http://127.0.0.1:" + port, GOOD_KEY, ",\"health_check\":1");
        String model = model("", name + " sim-1", "spare sim-1");
        RunningGateway.await(
                "a failed check",
                () -> {
                    try {
                        JsonNode health =
                                gateway.admin("GET", "/admin/upstreams/" + id + "/health", null);
                        return health.path("status").asString("").equals("down");
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        HttpResponse<String> answer = ask(model, false);
        assertThat(servedBy(answer)).isEqualTo("spare");
        assertThat(answer.headers().firstValue("x-sluice-attempts")).hasValue("1");
    }

    @Test
    void whatIsTooLongGoesToTheFallbackForThat() throws Exception {
        try (SaysTooLong tooLong = new SaysTooLong()) {
            String name = fresh("short");
            upstream(name, tooLong.url(), GOOD_KEY, "");
            String spare = model("", "spare sim-1");
            String alone = model("", name + " m", name + " m2");
            HttpResponse<String> refused = ask(alone, false);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(refused.body()).path("error").path("code").asString())
                    .isEqualTo("context_length_exceeded");
            assertThat(tooLong.calls.get()).as("nobody else is asked in vain").isOne();

            String withFallback =
                    model(
                            ",\"context_overflow_fallbacks\":[\"" + spare + "\"]",
                            name + " m",
                            name + " m2");
            assertThat(servedBy(ask(withFallback, true))).isEqualTo("spare");
        }
    }

    @Test
    void aDeadlineEndsAllAttemptsTogether() throws Exception {
        String name = fresh("silent");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, "");
        String model =
                model(
                        ",\"attempt_timeout\":0.5,\"deadline\":1.2",
                        name + " sim-1!hang",
                        name + " sim-mini!hang",
                        name + " sim-2!hang",
                        name + " sim-3!hang");
        long began = System.nanoTime();
        HttpResponse<String> answer = ask(model, false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    @Test
    void theTrailIsInTheRecordAndTheAnswerNamesWhoServedIt() throws Exception {
        String name = fresh("ill");
        upstream(name, gateway.simulatorUrl(), GOOD_KEY, "");
        String model = model("", name + " sim-1!status=503", "spare sim-1");
        HttpResponse<String> answer = ask(model, false);
        assertThat(servedBy(answer)).isEqualTo("spare");
        assertThat(answer.headers().firstValue("x-sluice-model")).hasValue("sim-1");
        assertThat(answer.headers().firstValue("x-sluice-attempts")).hasValue("2");
        RunningGateway.await(
                "the record",
                () -> {
                    try {
                        return gateway.admin("GET", "/admin/logs?page_size=100", null)
                                .toString()
                                .contains(name + "=target > spare=target");
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }

    /** An upstream that finds everything too long. */
    private static final class SaysTooLong implements AutoCloseable {
        private static final byte[] BODY =
                "{\"error\":{\"message\":\"maximum context length is 8 tokens\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}"
                        .getBytes(StandardCharsets.UTF_8);
        private final AtomicInteger calls = new AtomicInteger();
        private final HttpServer server;

        SaysTooLong() throws Exception {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.createContext(
                    "/",
                    exchange -> {
                        calls.incrementAndGet();
                        exchange.getRequestBody().readAllBytes();
                        exchange.getResponseHeaders().add("content-type", "application/json");
                        exchange.sendResponseHeaders(400, BODY.length);
                        exchange.getResponseBody().write(BODY);
                        exchange.close();
                    });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
