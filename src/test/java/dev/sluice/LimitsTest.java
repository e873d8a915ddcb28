package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Limits as clients and operators meet them: over real sockets, and across a kill. */
class LimitsTest {
    private static final int CALLERS = 1_000;
    private static final long BUDGET = 40_000;
    private static final String BODY =
            "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":60,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    @TempDir Path data;

    @Test
    void aThousandCallersSpendABudgetToItsEndAndNeverMore() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            String key = keyId(gateway.admin("GET", "/admin/keys", null));
            limit(gateway, key, "tokens", "total", Long.toString(BUDGET));
            AtomicInteger refused = new AtomicInteger();
            runCallers(gateway, refused);
            RunningGateway.await(
                    "rest", () -> standing(gateway, key).path("reserved").asLong() == 0);

            String dear =
                    BODY.formatted("simulator/sim-1!input-tokens=90,output-tokens=60", "false");
            for (int i = 0; i < 2_000; i++) {
                int status = gateway.chat(dear).statusCode();
                if (status == 429) {
                    break;
                }
                assertThat(status).isEqualTo(200);
            }

            JsonNode standing = standing(gateway, key);
            assertThat(refused.get()).isPositive();
            assertThat(standing.path("used").asLong())
                    .isLessThanOrEqualTo(BUDGET)
                    .isGreaterThan(BUDGET - dear.length() - 60);
            assertThat(standing.path("reserved").asLong()).isZero();
            assertThat(standing.path("debt").asLong()).isZero();
        }
    }

    /** Plain and streamed calls, some whose upstream fails, some whose client leaves. */
    private static void runCallers(RunningGateway gateway, AtomicInteger refused) throws Exception {
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                int kind = i % 5;
                calls.add(
                        executor.submit(() -> {
                            switch (kind) {
                                case 0, 1 ->
                                        count(gateway, BODY.formatted("sim-1", "false"), refused);
                                case 2 -> count(gateway, BODY.formatted("sim-1", "true"), refused);
                                case 3 ->
                                        count(
                                                gateway,
                                                BODY.formatted(
                                                        "simulator/sim-1!status=500", "false"),
                                                refused);
                                default -> leave(gateway);
                            }
                            return null;
                        }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }

    private static void count(RunningGateway gateway, String body, AtomicInteger refused)
            throws Exception {
        if (gateway.chat(body).statusCode() == 429) {
            refused.incrementAndGet();
        }
    }

    /** Sends a request for a long stream and does not wait for its answer. */
    private static void leave(RunningGateway gateway) throws IOException {
        byte[] body =
                BODY.formatted("simulator/sim-1!delay=200ms", "true")
                        .getBytes(StandardCharsets.UTF_8);
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.gateway().port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
        }
    }

    @Test
    void afterAKillEverythingThatWasUsedIsKnownToTheToken() throws Exception {
        try (SimulatedProvider provider =
                SimulatedProvider.start("127.0.0.1", 0, SimulatorSettings.DEFAULT)) {
            GatewayProcess gateway = GatewayProcess.start(data, Map.of());
            String key = gateway.prepare(provider.url());
            String id = keyId(gateway.admin("GET", "/admin/keys", null));
            String limits =
                    """
                    {"scope":"key","subject_id":"%s","limits":[
                      {"kind":"tokens","period":"month","amount":1000000},
                      {"kind":"requests","period":"day","amount":100000}]}
                    """
                            .formatted(id);
            gateway.admin("PUT", "/admin/limits", limits);
            List<Thread> callers = new ArrayList<>();
            AtomicInteger answered = new AtomicInteger();
            for (int i = 0; i < 32; i++) {
                String model = i % 4 == 0 ? "sim-1!chunks=500,pace=50ms" : "sim-1";
                String body = BODY.formatted(model, "true");
                callers.add(Thread.startVirtualThread(() -> callOn(gateway, body, key, answered)));
            }
            RunningGateway.await("200 answers", () -> answered.get() >= 200);
            gateway.kill();
            for (Thread caller : callers) {
                caller.join();
            }

            GatewayProcess again = GatewayProcess.start(data, Map.of());
            try {
                JsonNode items =
                        again.admin("GET", "/admin/limits/explain?key=" + id, null).path("items");
                Sum recorded = recorded(again);
                assertThat(recorded.interrupted()).isGreaterThanOrEqualTo(8);
                assertThat(of(items, "tokens").path("used").asLong()).isEqualTo(recorded.tokens());
                assertThat(of(items, "requests").path("used").asLong())
                        .isEqualTo(recorded.requests());
                assertThat(of(items, "tokens").path("reserved").asLong()).isZero();
                assertThat(of(items, "tokens").path("complete").asBoolean()).isTrue();
            } finally {
                again.kill();
            }
        }
    }

    private record Sum(long requests, long tokens, long interrupted) {}

    private static Sum recorded(GatewayProcess gateway) throws Exception {
        long requests = 0;
        long tokens = 0;
        long interrupted = 0;
        String cursor = "";
        while (true) {
            JsonNode page = gateway.admin("GET", "/admin/logs?page_size=100" + cursor, null);
            for (JsonNode item : page.path("items")) {
                requests += item.path("ending").asString().equals("refused") ? 0 : 1;
                interrupted += item.path("ending").asString().equals("interrupted") ? 1 : 0;
                tokens += item.path("total_tokens").asLong();
            }
            if (!page.path("next_cursor").isString()) {
                return new Sum(requests, tokens, interrupted);
            }
            cursor = "&cursor=" + page.path("next_cursor").asString();
        }
    }

    private static void callOn(
            GatewayProcess gateway, String body, String key, AtomicInteger answered) {
        try {
            while (true) {
                gateway.send("POST", "/v1/chat/completions", body, key);
                answered.incrementAndGet();
            }
        } catch (IOException killed) {
            // The gateway is gone.
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void refusalsSayWhoseLimitItIsAndWhenToComeBack() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            String key = keyId(gateway.admin("GET", "/admin/keys", null));
            limit(gateway, key, "requests", "minute", "1");
            assertThat(gateway.chat(BODY.formatted("sim-1", "false")).statusCode()).isEqualTo(200);

            HttpResponse<String> limited = gateway.chat(BODY.formatted("sim-1", "true"));

            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.body())
                    .contains("rate_limit_error", "rate_limit_exceeded", "of this API key");
            assertThat(Long.parseLong(header(limited, "retry-after"))).isBetween(30L, 61L);
            assertThat(header(limited, "x-ratelimit-limit-requests")).isEqualTo("1");
            assertThat(header(limited, "x-ratelimit-remaining-requests")).isEqualTo("0");

            limit(gateway, key, "requests", "day", "1");
            HttpResponse<String> spent = gateway.chat(BODY.formatted("sim-1", "false"));
            assertThat(spent.statusCode()).isEqualTo(429);
            assertThat(spent.body()).contains("insufficient_quota", "1 used", "resets at");
            assertThat(header(spent, "x-should-retry")).isEqualTo("false");

            limit(gateway, key, "requests", "day", "3");
            assertThat(gateway.chat(BODY.formatted("sim-1", "false")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aLimitOfOutputThatFitsIsWrittenAndTold() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            String key = keyId(gateway.admin("GET", "/admin/keys", null));
            limit(gateway, key, "tokens", "day", "1000");
            String body =
                    "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

            HttpResponse<String> answer = gateway.chat(body);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(gateway.simulator().sightings().all().getLast().bodyText())
                    .contains("\"max_completion_tokens\":" + (1000 - body.length()));
            assertThat(gateway.records(1).path(0).path("warnings").toString())
                    .contains("clamped:max_tokens");
        }
    }

    private static void limit(
            RunningGateway gateway, String key, String kind, String period, String amount)
            throws Exception {
        String limits =
                """
                {"scope":"key","subject_id":"%s","limits":[{"kind":"%s","period":"%s","amount":%s}]}
                """
                        .formatted(key, kind, period, amount);
        JsonNode answer = gateway.admin("PUT", "/admin/limits", limits);
        assertThat(answer.path("limits").size()).as("%s", answer).isOne();
    }

    private static JsonNode standing(RunningGateway gateway, String key) {
        try {
            return gateway.admin("GET", "/admin/limits/explain?key=" + key, null)
                    .path("items")
                    .path(0);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static JsonNode of(JsonNode items, String kind) {
        for (JsonNode item : items) {
            if (item.path("kind").asString().equals(kind)) {
                return item;
            }
        }
        throw new AssertionError("no limit of " + kind + " in " + items);
    }

    private static String keyId(JsonNode keys) {
        return keys.path("items").path(0).path("id").asString();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
