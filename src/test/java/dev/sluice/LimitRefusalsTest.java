package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a call that fits no limit is told in each protocol (wire-contract §2.11). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitRefusalsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> BODIES =
            Map.of(
                    "/v1/chat/completions",
                    "{\"model\":\"sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                    "/v1/messages",
                    "{\"model\":\"sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
                    "/v1/responses",
                    "{\"model\":\"sim-1\",\"max_output_tokens\":16,\"input\":\"Hi\"}",
                    "/v1beta/models/sim-1:generateContent",
                    "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}",
                    "/v1beta/models/sim-1:streamGenerateContent?alt=sse",
                    "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}",
                    "/v1/embeddings",
                    "{\"model\":\"sim-1\",\"input\":\"Hi\"}");
    private RunningGateway gateway;
    private String key = "";
    private String keyId = "";

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void takeAFreshKey() throws Exception {
        JsonNode made = gateway.admin("POST", "/admin/keys", "{\"name\":\"fresh\"}");
        key = made.path("key_value").asString();
        keyId = made.path("id").asString();
    }

    private void limit(String limit) throws Exception {
        JsonNode answer =
                gateway.admin(
                        "PUT",
                        "/admin/limits",
                        "{\"scope\":\"key\",\"subject_id\":\"%s\",\"limits\":[%s]}"
                                .formatted(keyId, limit));
        assertThat(answer.has("limits")).as("%s", answer).isTrue();
    }

    private HttpResponse<String> call(String path) throws Exception {
        return gateway.send(
                "POST", path, BODIES.get(path), Map.of("authorization", "Bearer " + key));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,                               /error/type,   rate_limit_error",
        "/v1/responses,                                      /error/type,   rate_limit_error",
        "/v1/embeddings,                                     /error/type,   rate_limit_error",
        "/v1/messages,                                       /error/type,   rate_limit_error",
        "/v1beta/models/sim-1:generateContent,               /error/status, RESOURCE_EXHAUSTED",
        "/v1beta/models/sim-1:streamGenerateContent?alt=sse, /error/status, RESOURCE_EXHAUSTED"
    })
    void aFullMinuteIsA429WithTheTimeAfterWhichItFits(String path, String pointer, String type)
            throws Exception {
        limit("{\"kind\":\"requests\",\"period\":\"minute\",\"amount\":1}");
        HttpResponse<String> first = call(path);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);

        HttpResponse<String> refused = call(path);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
        assertThat(JSON.readTree(refused.body()).at(pointer).asString()).isEqualTo(type);
        assertThat(refused.body()).contains("of this API key", "1 requests per minute", "1 used");
        assertThat(seconds(refused)).isBetween(50L, 61L);
        assertThat(header(refused, "x-ratelimit-limit-requests")).isEqualTo("1");
        assertThat(header(refused, "x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(header(refused, "x-ratelimit-reset-requests"))
                .matches("(5\\d|6[01])(\\.\\d+)?s");
        assertThat(header(refused, "x-should-retry")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,                               429, /error/code,   insufficient_quota",
        "/v1/responses,                                      429, /error/code,   insufficient_quota",
        "/v1/embeddings,                                     429, /error/code,   insufficient_quota",
        "/v1/messages,                                       402, /error/type,   billing_error",
        "/v1beta/models/sim-1:generateContent,               429, /error/status, RESOURCE_EXHAUSTED",
        "/v1beta/models/sim-1:streamGenerateContent?alt=sse, 429, /error/status, RESOURCE_EXHAUSTED"
    })
    void aSpentBudgetIsTheProtocolsOwnErrorUntilThePeriodEnds(
            String path, int status, String pointer, String type) throws Exception {
        limit(
                "{\"kind\":\"requests\",\"period\":\"day\",\"amount\":1,\"zone\":\"America/Santiago\"}");
        HttpResponse<String> first = call(path);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        Instant resets =
                Instant.parse(
                        gateway.admin("GET", "/admin/limits/explain?key=" + keyId, null)
                                .path("items")
                                .path(0)
                                .path("resets_at")
                                .asString());

        HttpResponse<String> refused = call(path);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(JSON.readTree(refused.body()).at(pointer).asString()).isEqualTo(type);
        assertThat(refused.body())
                .contains("of this API key", "1 requests per day", "1 used", resets.toString());
        assertThat(header(refused, "x-should-retry")).isEqualTo("false");
        long untilThen = Duration.between(Instant.now(), resets).toSeconds();
        assertThat(seconds(refused)).isBetween(untilThen - 2, untilThen + 60);
    }

    private static long seconds(HttpResponse<String> answer) {
        return Long.parseLong(header(answer, "retry-after"));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
