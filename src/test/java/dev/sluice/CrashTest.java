package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a killed and what a stopped process leaves behind. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CrashTest {
    private static final String STREAM =
            "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String PLAIN = STREAM.replace("\"stream\":true,", "");

    @TempDir Path data;

    @Test
    void aKillAmid64CallsLosesNoDeliveredCallAndDoublesNone() throws Exception {
        Set<String> delivered = ConcurrentHashMap.newKeySet();
        try (SimulatedProvider provider =
                SimulatedProvider.start("127.0.0.1", 0, SimulatorSettings.DEFAULT)) {
            GatewayProcess gateway = GatewayProcess.start(data, Map.of());
            String key = gateway.prepare(provider.url());
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String body = (i % 2 == 0 ? PLAIN : STREAM).formatted("sim-1");
                callers.add(
                        Thread.startVirtualThread(() -> call(gateway, body, key, delivered, stop)));
            }
            GatewayProcess.await("300 delivered calls", () -> delivered.size() >= 300);
            gateway.kill();
            stop.set(true);
            for (Thread caller : callers) {
                caller.join();
            }

            GatewayProcess again = GatewayProcess.start(data, Map.of());
            try {
                GatewayProcess.await("a drained journal", () -> drained(again));
                Map<String, Integer> recorded = recorded(again);
                assertThat(recorded).containsKeys(delivered.toArray(String[]::new));
                assertThat(recorded.values()).allMatch(count -> count == 1);
            } finally {
                again.kill();
            }
        }
    }

    @Test
    void aStopLetsStreamsFinishTellsTheRestAndLosesNoRecord() throws Exception {
        try (SimulatedProvider provider =
                SimulatedProvider.start("127.0.0.1", 0, SimulatorSettings.DEFAULT)) {
            GatewayProcess gateway =
                    GatewayProcess.start(data, Map.of("SLUICE_SHUTDOWN_DEADLINE", "4s"));
            String key = gateway.prepare(provider.url());
            AtomicInteger finished = new AtomicInteger();
            AtomicInteger told = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String model =
                        i < 10 ? "sim-1!chunks=20,pace=100ms" : "sim-1!chunks=600,pace=100ms";
                callers.add(
                        Thread.startVirtualThread(() -> {
                            String body = bodyOf(gateway, STREAM.formatted(model), key);
                            finished.addAndGet(body.contains("[DONE]") ? 1 : 0);
                            told.addAndGet(body.contains("shutting_down") ? 1 : 0);
                        }));
            }
            GatewayProcess.await("20 streams", () -> running(gateway) == 20);

            gateway.process().destroy();
            int code = gateway.process().waitFor();
            for (Thread caller : callers) {
                caller.join();
            }

            assertThat(code).isIn(0, 143);
            assertThat(finished).hasValue(10);
            assertThat(told).hasValue(10);
            GatewayProcess again = GatewayProcess.start(data, Map.of());
            try {
                GatewayProcess.await("a drained journal", () -> drained(again));
                assertThat(recorded(again)).hasSize(20);
            } finally {
                again.kill();
            }
        }
    }

    private static void call(
            GatewayProcess gateway,
            String body,
            String key,
            Set<String> delivered,
            AtomicBoolean stop) {
        while (!stop.get()) {
            try {
                HttpResponse<String> answer =
                        gateway.send("POST", "/v1/chat/completions", body, key);
                delivered.add(answer.headers().firstValue("x-request-id").orElseThrow());
            } catch (IOException killed) {
                return;
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String bodyOf(GatewayProcess gateway, String body, String key) {
        try {
            return gateway.send("POST", "/v1/chat/completions", body, key).body();
        } catch (IOException cut) {
            return "cut";
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static int running(GatewayProcess gateway) {
        return metric(gateway, "sluice_calls_running ");
    }

    private static boolean drained(GatewayProcess gateway) {
        return metric(gateway, "sluice_journal_lag ") == 0;
    }

    private static int metric(GatewayProcess gateway, String name) {
        try {
            return gateway.send("GET", "/metrics", null, "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length())))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException notYet) {
            return -1;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static Map<String, Integer> recorded(GatewayProcess gateway) throws Exception {
        Map<String, Integer> counts = new HashMap<>();
        String cursor = "";
        while (true) {
            JsonNode page = gateway.admin("GET", "/admin/logs?page_size=100" + cursor, null);
            for (JsonNode item : page.path("items")) {
                counts.merge(item.path("id").asString(), 1, Integer::sum);
            }
            if (!page.path("next_cursor").isString()) {
                return counts;
            }
            cursor = "&cursor=" + page.path("next_cursor").asString();
        }
    }
}
