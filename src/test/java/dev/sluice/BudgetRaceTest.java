package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * A thousand calls against one budget over real sockets: plain and streamed, some that fail over,
 * some whose upstreams all fail, some whose clients leave. What is spent never exceeds the budget,
 * and comes as near to it as one call's reservation.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class BudgetRaceTest {
    private static final int CALLS = 1_000;
    private static final int AT_ONCE = 100;
    private static final long OUTPUT = 60;
    private static final String BODY =
            "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":60,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    /** Of each thousand-millionth of a unit so many a token: input, then output. */
    private static final String PRICES =
            "[{\"model\":\"*\",\"provider\":\"simulator\",\"input\":\"1\",\"output\":\"2\"}]";

    private final Random random = new Random();
    private final AtomicInteger refused = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"requests, 600", "tokens, 30000", "money, 0.030000000"})
    void whatIsSpentComesUpToTheBudgetAndNeverBeyond(
            String kind, BigDecimal budget, @TempDir Path data) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        random.setSeed(seed);
        try (RunningGateway gateway = RunningGateway.in(data, Map.of("SLUICE_PRICES", PRICES))) {
            failingOver(gateway);
            String key = keyId(gateway);
            limit(gateway, key, kind, budget);

            callAllAtOnce(gateway);
            RunningGateway.await("rest", () -> isAtRest(gateway, key));
            spendTheRest(gateway);
            RunningGateway.await("rest", () -> isAtRest(gateway, key));

            BigDecimal used = amount(standing(gateway, key), "used");
            assertThat(refused).as("seed %d", seed).hasPositiveValue();
            assertThat(used).as("seed %d", seed).isLessThanOrEqualTo(budget);
            assertThat(used)
                    .as("seed %d", seed)
                    .isGreaterThanOrEqualTo(budget.subtract(largestReservation(kind)));
            assertThat(amount(standing(gateway, key), "debt")).isZero();
            assertThat(recorded(gateway, kind)).as("seed %d", seed).isEqualByComparingTo(used);
            assertThat(metric(gateway, "sluice_reserved_tokens ")).isZero();
            assertThat(metric(gateway, "sluice_reserved_cost ")).isZero();
            assertThat(metric(gateway, "sluice_leases ")).isZero();
        }
    }

    /** Two models whose first upstream mostly fails: one answers after that, one never. */
    private static void failingOver(RunningGateway gateway) throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"spare","provider":"simulator","base_url":"%s","api_key":"%s",
                 "discover_models":false}
                """
                        .formatted(gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));
        String model =
                """
                {"id":"%s","strategy":"priority","targets":[
                  {"upstream":"spare","model":"sim-1!%s@60%%,seed=3,tag=%s","priority":0},
                  {"upstream":"simulator","model":"sim-1%s","priority":1}]}
                """;
        for (String made :
                List.of(
                        model.formatted("healing", "status=500", "healing", ""),
                        model.formatted("cut", "cut-after=preamble", "cut", ""),
                        model.formatted("lost", "status=503", "lost", "!status=500"))) {
            JsonNode answer = gateway.admin("POST", "/admin/models", made);
            assertThat(answer.has("id")).as("%s", answer).isTrue();
        }
    }

    private void callAllAtOnce(RunningGateway gateway) throws Exception {
        Semaphore room = new Semaphore(AT_ONCE);
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLS; i++) {
                int kind = random.nextInt(8);
                calls.add(
                        executor.submit(() -> {
                            room.acquire();
                            try {
                                call(gateway, kind);
                            } finally {
                                room.release();
                            }
                            return null;
                        }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
    }

    private void call(RunningGateway gateway, int kind) throws Exception {
        switch (kind) {
            case 0, 1 -> count(gateway, BODY.formatted("sim-1", "false"));
            case 2 -> count(gateway, BODY.formatted("sim-1", "true"));
            case 3 -> count(gateway, BODY.formatted("healing", "true"));
            case 4 -> count(gateway, BODY.formatted("cut", "false"));
            case 5 -> count(gateway, BODY.formatted("lost", "false"));
            case 6 -> leave(gateway, BODY.formatted("simulator/sim-1!delay=200ms", "true"), 0);
            default -> leave(gateway, BODY.formatted("simulator/sim-1!pace=20ms", "true"), 300);
        }
    }

    private int count(RunningGateway gateway, String body) throws Exception {
        HttpResponse<String> answer = gateway.chat(body);
        if (answer.statusCode() == 429) {
            refused.incrementAndGet();
        }
        return answer.statusCode();
    }

    /** Sends a request, reads so many bytes of its answer, and is gone. */
    private static void leave(RunningGateway gateway, String body, int after) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\ncontent-type: application/json\r\ncontent-length: "
                        + bytes.length
                        + "\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.gateway().port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            socket.getInputStream().readNBytes(after);
        }
    }

    /** One call after the other, until one does not fit although none runs. */
    private void spendTheRest(RunningGateway gateway) throws Exception {
        for (int i = 0; i < CALLS; i++) {
            int status = count(gateway, dearest());
            if (status == 429) {
                return;
            }
            assertThat(status).isEqualTo(200);
        }
        throw new AssertionError("the budget has no end");
    }

    private static String dearest() {
        return BODY.formatted("simulator/sim-1!input-tokens=90,output-tokens=60", "false");
    }

    private static BigDecimal largestReservation(String kind) {
        long input = dearest().length();
        return switch (kind) {
            case "requests" -> BigDecimal.ONE;
            case "tokens" -> BigDecimal.valueOf(input + OUTPUT);
            default -> BigDecimal.valueOf((input + 2 * OUTPUT) * 1_000, 9);
        };
    }

    /** {@return what all records together say was used} */
    private static BigDecimal recorded(RunningGateway gateway, String kind) throws Exception {
        BigDecimal sum = BigDecimal.ZERO;
        RunningGateway.await("drained", () -> metric(gateway, "sluice_journal_lag ") == 0);
        String cursor = "";
        while (true) {
            JsonNode page = gateway.admin("GET", "/admin/logs?page_size=100" + cursor, null);
            for (JsonNode record : page.path("items")) {
                sum = sum.add(used(record, kind));
            }
            if (!page.path("next_cursor").isString()) {
                return sum;
            }
            cursor = "&cursor=" + page.path("next_cursor").asString();
        }
    }

    private static BigDecimal used(JsonNode record, String kind) {
        return switch (kind) {
            case "requests" ->
                    record.path("ending").asString().equals("refused")
                            ? BigDecimal.ZERO
                            : BigDecimal.ONE;
            case "tokens" -> BigDecimal.valueOf(record.path("total_tokens").asLong());
            default -> BigDecimal.valueOf(record.path("cost").path("nanos").asLong(0), 9);
        };
    }

    private static boolean isAtRest(RunningGateway gateway, String key) {
        return amount(standing(gateway, key), "reserved").signum() == 0
                && metric(gateway, "sluice_calls_running ") == 0;
    }

    private static double metric(RunningGateway gateway, String name) {
        try {
            return gateway.send("GET", "/metrics", null, Map.of())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void limit(RunningGateway gateway, String key, String kind, BigDecimal amount)
            throws Exception {
        JsonNode answer =
                gateway.admin(
                        "PUT",
                        "/admin/limits",
                        """
                        {"scope":"key","subject_id":"%s","limits":[
                          {"kind":"%s","period":"total","amount":%s}]}
                        """
                                .formatted(key, kind, amount.toPlainString()));
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

    private static BigDecimal amount(JsonNode standing, String field) {
        return new BigDecimal(standing.path(field).asString());
    }

    private static String keyId(RunningGateway gateway) throws Exception {
        return gateway.admin("GET", "/admin/keys", null)
                .path("items")
                .path(0)
                .path("id")
                .asString();
    }
}
