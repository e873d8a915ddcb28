package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A budget across {@code kill -9}: rebuilt from database and journal, to the token. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BudgetCrashTest {
    private static final long BUDGET = 60_000;
    private static final long REQUESTS = 100_000;
    private static final long OUTPUT = 60;
    private static final int CALLERS = 32;
    private static final String BODY =
            "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":60,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String DEAR = BODY.formatted("sim-1!input-tokens=90,output-tokens=60");
    private static final String SLOW = BODY.formatted("sim-1!chunks=500,pace=50ms");

    @TempDir Path data;

    @Test
    void aKillAmidTheRaceNeitherGivesTheBudgetBackNorLosesAnyOfIt() throws Exception {
        try (SimulatedProvider provider =
                SimulatedProvider.start("127.0.0.1", 0, SimulatorSettings.DEFAULT)) {
            GatewayProcess gateway = GatewayProcess.start(data, Map.of());
            String key = gateway.prepare(provider.url());
            String id =
                    gateway.admin("GET", "/admin/keys", null)
                            .path("items")
                            .path(0)
                            .path("id")
                            .asString();
            limit(gateway, id);
            killAmidCalls(gateway, key);

            GatewayProcess again = GatewayProcess.start(data, Map.of());
            try {
                assertThatItIsRebuilt(again, id);
                spendTheRest(again, key);
                JsonNode tokens = standing(again, id, "tokens");
                assertThat(tokens.path("used").asLong())
                        .isLessThanOrEqualTo(BUDGET)
                        .isGreaterThanOrEqualTo(BUDGET - DEAR.length() - OUTPUT);
                assertThat(tokens.path("reserved").asLong()).isZero();
                assertThat(tokens.path("debt").asLong()).isZero();
            } finally {
                again.kill();
            }
        }
    }

    private static void limit(GatewayProcess gateway, String key) throws Exception {
        gateway.admin(
                "PUT",
                "/admin/limits",
                """
                {"scope":"key","subject_id":"%s","limits":[
                  {"kind":"tokens","period":"month","amount":%d},
                  {"kind":"requests","period":"day","amount":%d}]}
                """
                        .formatted(key, BUDGET, REQUESTS));
    }

    /** Some calls have been answered by then, some run, and some have not got a word yet. */
    private static void killAmidCalls(GatewayProcess gateway, String key) throws Exception {
        List<Thread> callers = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < CALLERS; i++) {
            String body = i % 4 == 0 ? SLOW : BODY.formatted("sim-1");
            callers.add(Thread.startVirtualThread(() -> callOn(gateway, body, key, answered)));
        }
        GatewayProcess.await("200 answers", () -> answered.get() >= 200);
        gateway.kill();
        for (Thread caller : callers) {
            caller.join();
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

    private static void assertThatItIsRebuilt(GatewayProcess gateway, String key) throws Exception {
        JsonNode tokens = standing(gateway, key, "tokens");
        Sum recorded = recorded(gateway);
        assertThat(recorded.interrupted()).isGreaterThanOrEqualTo(CALLERS / 4);
        assertThat(tokens.path("complete").asBoolean()).isTrue();
        assertThat(tokens.path("used").asLong()).isEqualTo(recorded.tokens()).isPositive();
        assertThat(tokens.path("reserved").asLong()).isZero();
        assertThat(standing(gateway, key, "requests").path("used").asLong())
                .isEqualTo(recorded.requests());
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
                tokens += item.path("total_tokens").asLong();
                if (item.path("ending").asString().equals("interrupted")) {
                    interrupted++;
                    assertThatItIsChargedItsReservation(item);
                }
            }
            if (!page.path("next_cursor").isString()) {
                return new Sum(requests, tokens, interrupted);
            }
            cursor = "&cursor=" + page.path("next_cursor").asString();
        }
    }

    private static void assertThatItIsChargedItsReservation(JsonNode record) {
        String model = record.path("model").asString();
        assertThat(record.path("total_tokens").asLong())
                .as("%s", record)
                .isEqualTo(BODY.formatted(model).length() + OUTPUT);
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("estimated");
    }

    private static void spendTheRest(GatewayProcess gateway, String key) throws Exception {
        for (int i = 0; i < BUDGET; i++) {
            int status = gateway.send("POST", "/v1/chat/completions", DEAR, key).statusCode();
            if (status == 429) {
                return;
            }
            assertThat(status).isEqualTo(200);
        }
    }

    private static JsonNode standing(GatewayProcess gateway, String key, String kind)
            throws Exception {
        for (JsonNode item :
                gateway.admin("GET", "/admin/limits/explain?key=" + key, null).path("items")) {
            if (item.path("kind").asString().equals(kind)) {
                return item;
            }
        }
        throw new AssertionError("no limit of " + kind);
    }
}
