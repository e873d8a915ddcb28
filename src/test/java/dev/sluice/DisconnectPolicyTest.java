package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What a call is charged whose upstream does not say, or has not said yet when it is cut: exactly
 * one record, and exactly what stands in it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisconnectPolicyTest {
    /** Each of these is more tokens than bytes divided by four say. */
    private static final String WORDS = "\u6f22\u5b57\u4eee\u540d\u3000".repeat(40);

    private RunningGateway gateway;
    private String key = "";
    private String keyId = "";

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        for (String protocol : List.of("openai-chat", "openai-responses", "anthropic", "gemini")) {
            JsonNode made =
                    gateway.admin(
                            "POST",
                            "/admin/upstreams",
                            """
                            {"name":"%1$s","provider":"simulator","base_url":"%2$s","api_key":"%3$s",
                             "protocols":["%1$s"],"discover_models":false}
                            """
                                    .formatted(
                                            protocol,
                                            gateway.simulatorUrl(),
                                            RunningGateway.UPSTREAM_KEY));
            assertThat(made.has("id")).as("%s", made).isTrue();
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void takeAFreshKeyWithABudget() throws Exception {
        JsonNode made = gateway.admin("POST", "/admin/keys", "{\"name\":\"fresh\"}");
        key = made.path("key_value").asString();
        keyId = made.path("id").asString();
        gateway.admin(
                "PUT",
                "/admin/limits",
                """
                {"scope":"key","subject_id":"%s","limits":[
                  {"kind":"tokens","period":"total","amount":100000000},
                  {"kind":"requests","period":"total","amount":1000000}]}
                """
                        .formatted(keyId));
    }

    @ParameterizedTest
    @CsvSource({
        "openai-chat,      openai-chat, false", "openai-chat,      openai-chat, true",
        "openai-chat,      gemini,      false", "openai-chat,      anthropic,   true",
        "openai-responses, openai-responses, true", "anthropic, anthropic, false",
        "anthropic,        gemini,      true", "anthropic, openai-chat, true"
    })
    void whatAnUpstreamDoesNotReportIsCountedAndMarked(
            String client, String upstream, boolean stream) throws Exception {
        String model = upstream + "/sim-1!usage=missing";
        RunningGateway.await(
                "an estimate by a vocabulary",
                () -> {
                    JsonNode usage = record(send(client, model, stream)).path("usage");
                    assertThat(usage.path("origin").asString()).isEqualTo("estimated");
                    return isAbout(usage.path("input_tokens").asLong())
                            && isAbout(usage.path("output_tokens").asLong());
                });
        assertThatTheBudgetIsWhatTheRecordsSay();
    }

    /** The words are two hundred, and five tokens to four of them; the answer says them again. */
    private static boolean isAbout(long tokens) {
        return tokens > 190 && tokens < 330;
    }

    @ParameterizedTest
    @CsvSource({"openai-chat", "openai-responses", "anthropic"})
    void aClientThatLeavesIsChargedForWhatItGot(String protocol) throws Exception {
        String model = protocol + "/sim-1!chunks=200,chunk-bytes=100,pace=20ms";
        leaveAfter(protocol, model, 6_000);

        RunningGateway.await("a record", () -> records().size() == 1);
        JsonNode record = records().getFirst();
        assertThat(record.path("ending").asString()).isEqualTo("client_left");
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("estimated");
        assertThat(record.path("usage").path("output_tokens").asLong()).isBetween(50L, 5_000L);
        assertThatTheBudgetIsWhatTheRecordsSay();
    }

    @Test
    void aClientThatLeavesBeforeAnyOutputIsChargedTheInputAtMost() throws Exception {
        leaveAfter("openai-chat", "openai-chat/sim-1!delay=2s", 0);

        RunningGateway.await("a record", () -> records().size() == 1);
        JsonNode record = records().getFirst();
        assertThat(record.path("ending").asString()).isEqualTo("client_left");
        assertThat(record.path("usage").path("output_tokens").asLong()).isZero();
        assertThatTheBudgetIsWhatTheRecordsSay();
    }

    @Test
    void anUpstreamThatBreaksAmidItsAnswerIsChargedForWhatItSaid() throws Exception {
        HttpResponse<String> answer =
                send("anthropic", "anthropic/sim-1!chunks=50,chunk-bytes=100,cut-after=40", true);

        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("upstream_broke");
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("estimated");
        assertThat(record.path("usage").path("output_tokens").asLong()).isGreaterThan(100);
        assertThatTheBudgetIsWhatTheRecordsSay();
    }

    @Test
    void anAttemptThatWasLostAndOneThatAnsweredAreOneRecordAndOneSettlement() throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/models",
                        """
                        {"id":"second-try","strategy":"priority","targets":[
                          {"upstream":"anthropic","model":"sim-1!cut-after=preamble","priority":0},
                          {"upstream":"openai-chat","model":"sim-1","priority":1}]}
                        """);
        assertThat(made.has("id")).as("%s", made).isTrue();

        HttpResponse<String> answer = send("openai-chat", "second-try", true);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode record = record(answer);
        assertThat(record.path("attempts").size()).isEqualTo(2);
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("estimated");
        assertThat(records()).hasSize(1);
        assertThatTheBudgetIsWhatTheRecordsSay();
    }

    private HttpResponse<String> send(String protocol, String model, boolean stream) {
        try {
            HttpResponse<String> answer =
                    gateway.send(
                            "POST",
                            path(protocol),
                            body(protocol, model, stream),
                            Map.of("authorization", "Bearer " + key));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer;
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void leaveAfter(String protocol, String model, int bytes) throws IOException {
        byte[] body = body(protocol, model, true).getBytes(StandardCharsets.UTF_8);
        String head =
                "POST "
                        + path(protocol)
                        + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + key
                        + "\r\ncontent-type: application/json\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), gateway.gateway().port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            if (bytes == 0) {
                int before = gateway.simulator().sightings().all().size();
                awaitSighting(before);
            }
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(bytes)).hasSize(bytes);
        }
    }

    private void awaitSighting(int before) {
        try {
            RunningGateway.await(
                    "the upstream's call",
                    () ->
                            gateway.simulator().sightings().all().stream()
                                    .anyMatch(seen -> seen.bodyText().contains("delay=2s")));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        assertThat(before).isNotNegative();
    }

    private static String path(String protocol) {
        return switch (protocol) {
            case "openai-responses" -> "/v1/responses";
            case "anthropic" -> "/v1/messages";
            default -> "/v1/chat/completions";
        };
    }

    private static String body(String protocol, String model, boolean stream) {
        String said =
                protocol.equals("openai-responses")
                        ? "\"input\":\"%s\"".formatted(WORDS)
                        : "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]".formatted(WORDS);
        String limit = protocol.equals("anthropic") ? "\"max_tokens\":20000," : "";
        return "{\"model\":\"%s\",\"stream\":%s,%s%s}".formatted(model, stream, limit, said);
    }

    private JsonNode record(HttpResponse<String> answer) {
        try {
            return gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private List<JsonNode> records() {
        try {
            List<JsonNode> own = new ArrayList<>();
            for (JsonNode record :
                    gateway.admin("GET", "/admin/logs?page_size=100", null).path("items")) {
                if (record.path("api_key_id").asString("").equals(keyId)) {
                    own.add(record);
                }
            }
            return own;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void assertThatTheBudgetIsWhatTheRecordsSay() throws Exception {
        JsonNode standings =
                gateway.admin("GET", "/admin/limits/explain?key=" + keyId, null).path("items");
        long tokens = records().stream().mapToLong(one -> one.path("total_tokens").asLong()).sum();

        assertThat(standings.path(0).path("used").asLong()).isEqualTo(tokens);
        assertThat(standings.path(0).path("reserved").asLong()).isZero();
        assertThat(standings.path(1).path("used").asLong()).isEqualTo(records().size());
    }
}
