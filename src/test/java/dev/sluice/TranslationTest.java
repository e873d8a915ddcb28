package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client sees of a translation, besides the answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranslationTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        gateway.addUpstream("claude", "anthropic", "");
        gateway.addUpstream("chat", "openai-chat", "");
        gateway.addUpstream("lenient", "anthropic", ",\"capabilities\":{\"lenient\":true}");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private HttpResponse<String> messages(String body) throws Exception {
        return gateway.send("POST", "/v1/messages", body, Map.of("x-api-key", gateway.apiKey()));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /** {@return the record of that answer} */
    private JsonNode record(HttpResponse<String> answer) throws Exception {
        String id = answer.headers().firstValue("x-request-id").orElseThrow();
        JsonNode[] found = new JsonNode[1];
        RunningGateway.await(
                "the record",
                () -> {
                    try {
                        found[0] = gateway.admin("GET", "/admin/logs/" + id, null);
                        return found[0].path("id").asString("").equals(id);
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        return found[0];
    }

    @Test
    void whatIsLeftOutIsTold() throws Exception {
        HttpResponse<String> answer =
                gateway.chat(
                        """
                        {"model":"claude/sim-1","seed":7,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-sluice-warnings").orElse(""))
                .contains("dropped:seed");
        assertThat(answer.headers().firstValue("x-sluice-upstream")).contains("claude");
        assertThat(answer.headers().firstValue("content-type").orElse("")).contains("json");

        assertThat(record(answer).path("warnings").toString()).contains("dropped:seed");
    }

    @Test
    void aClientMayAskThatNothingIsLeftOut() throws Exception {
        HttpResponse<String> answer =
                gateway.chat(
                        """
                        {"model":"claude/sim-1","seed":7,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """,
                        "x-sluice-translation",
                        "strict");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").path("code").asString())
                .isEqualTo("unsupported_parameter");
        assertThat(json(answer).path("error").path("param").asString()).isEqualTo("seed");
    }

    @Test
    void whatWouldMakeTheAnswerWrongIsRefusedByItsOwnName() throws Exception {
        String body =
                """
                {"model":"%s/sim-1","n":3,"messages":[{"role":"user","content":"Hello"}]}
                """;
        HttpResponse<String> refused = gateway.chat(body.formatted("claude"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").path("param").asString()).isEqualTo("n");
        assertThat(gateway.chat(body.formatted("chat")).statusCode()).isEqualTo(200);
        assertThat(gateway.chat(body.formatted("lenient")).statusCode()).isEqualTo(200);
    }

    @Test
    void aRefusalIsInTheClientsDialect() throws Exception {
        HttpResponse<String> refused =
                messages(
                        """
                        {"model":"chat/sim-1","max_tokens":10,"messages":[{"role":"user","content":[
                          {"type":"search_result","source":"x","title":"t","content":[]}]}],
                         "mcp_servers":[{"type":"url","url":"http://x","name":"x"}]}
                        """);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("type").asString()).isEqualTo("error");
        assertThat(json(refused).path("error").path("type").asString())
                .isEqualTo("invalid_request_error");
    }

    @Test
    void aBodyThatMeansNothingIsRefusedWithItsPlace() throws Exception {
        HttpResponse<String> refused =
                gateway.chat(
                        """
                        {"model":"claude/sim-1","messages":[{"role":"user","content":"Hello"},
                         {"role":"tool","tool_call_id":"nobody","content":"x"}]}
                        """);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").path("param").asString()).startsWith("messages[1]");
    }

    @Test
    void anUpstreamsErrorComesInTheClientsShapeWithItsMessage() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"chat/sim-1!status=400","max_tokens":10,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").path("type").asString())
                .isEqualTo("invalid_request_error");
        HttpResponse<String> overloaded =
                messages(
                        """
                        {"model":"chat/sim-1!status=503","max_tokens":10,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """);
        assertThat(overloaded.statusCode()).isEqualTo(529);
        assertThat(json(overloaded).path("error").path("type").asString())
                .isEqualTo("overloaded_error");
    }

    @Test
    void anUpstreamsRefusedKeyIsNotTheClientsFault() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"chat/sim-1!status=401","max_tokens":10,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).doesNotContain(RunningGateway.UPSTREAM_KEY);
    }

    @Test
    void anErrorAmidTheStreamIsAnEventOfTheClientsDialect() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"chat/sim-1!chunks=8,error-after=5","max_tokens":100,"stream":true,
                         "messages":[{"role":"user","content":"one two three four five six"}]}
                        """);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("event: message_start")
                .contains("event: error\ndata: {\"type\":\"error\"")
                .doesNotContain("message_stop");
    }

    @Test
    void aStreamThatNobodyAskedForIsGathered() throws Exception {
        for (String upstream : new String[] {"chat", "claude"}) {
            HttpResponse<String> answer =
                    gateway.chat(
                            """
                            {"model":"%s/sim-1!always-stream",
                             "messages":[{"role":"user","content":"Hello"}]}
                            """
                                    .formatted(upstream));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElse("")).contains("json");
            assertThat(
                            json(answer)
                                    .path("choices")
                                    .path(0)
                                    .path("message")
                                    .path("content")
                                    .asString())
                    .isEqualTo("You wrote: Hello");
        }
    }

    @Test
    void aStreamThatWasAskedForIsMadeOfAWholeAnswer() throws Exception {
        for (String upstream : new String[] {"chat", "claude"}) {
            HttpResponse<String> answer =
                    gateway.chat(
                            """
                            {"model":"%s/sim-1!never-stream","stream":true,
                             "messages":[{"role":"user","content":"Hello"}]}
                            """
                                    .formatted(upstream));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .contains("event-stream");
            assertThat(answer.body())
                    .contains("\"content\":\"You wrote: Hello\"")
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void usageAndModelOfTheUpstreamAreRecorded() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"chat/sim-usage!input-tokens=77,output-tokens=33",
                         "max_tokens":100,"messages":[{"role":"user","content":"Hello"}]}
                        """);
        String record = record(answer).toString();
        assertThat(record).contains("sim-usage").contains("77").contains("33");
    }

    @Test
    void aLargeRequestIsTranslatedAway() throws Exception {
        String text = "word ".repeat(60_000);
        HttpResponse<String> answer =
                gateway.chat(
                        "{\"model\":\"claude/sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\""
                                + text
                                + "\"}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("word word");
    }

    @Test
    void simpleChatReachesEveryUpstream() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/chat",
                        "{\"model\":\"claude/sim-1\",\"message\":\"Hello\"}",
                        Map.of("authorization", "Bearer " + gateway.apiKey()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("reply").asString()).isEqualTo("You wrote: Hello");
    }

    @Test
    void modelsAreListedInTheShapeOfWhoeverAsks() throws Exception {
        Map<String, String> key = Map.of("x-api-key", gateway.apiKey());
        JsonNode openAi = json(gateway.send("GET", "/v1/models", null, key));
        assertThat(openAi.path("object").asString()).isEqualTo("list");

        Map<String, String> asAnthropic =
                Map.of("x-api-key", gateway.apiKey(), "anthropic-version", "2023-06-01");
        JsonNode anthropic = json(gateway.send("GET", "/v1/models", null, asAnthropic));
        assertThat(anthropic.path("has_more").isBoolean()).isTrue();
        assertThat(anthropic.path("data").path(0).path("type").asString()).isEqualTo("model");
        assertThat(anthropic.path("data").path(0).path("created_at").asString()).endsWith("Z");
        JsonNode one = json(gateway.send("GET", "/v1/models/sim-1", null, asAnthropic));
        assertThat(one.path("display_name").asString()).isEqualTo("sim-1");
    }

    @Test
    void anOperatorSeesBeforehandWhatWouldBeSentAndLost() throws Exception {
        JsonNode told =
                gateway.admin(
                                "POST",
                                "/admin/translate",
                                """
                                {"protocol":"openai-chat","body":{"model":"claude/sim-1","seed":7,
                                 "messages":[{"role":"system","content":"Be kind."},
                                             {"role":"user","content":"Hello"}]}}
                                """)
                        .path("candidates")
                        .path(0);
        assertThat(told.path("upstream").asString()).isEqualTo("claude");
        assertThat(told.path("passes_unchanged").asBoolean()).isFalse();
        assertThat(told.path("refused").isNull()).isTrue();
        assertThat(told.path("losses").toString()).contains("dropped:seed");
        assertThat(told.path("request").path("url").asString()).endsWith("/v1/messages");
        assertThat(told.path("request").path("body").path("system").toString())
                .contains("Be kind.");

        JsonNode strict =
                gateway.admin(
                                "POST",
                                "/admin/translate",
                                """
                                {"protocol":"openai-chat","strict":true,"body":{"seed":7,
                                 "model":"claude/sim-1",
                                 "messages":[{"role":"user","content":"Hello"}]}}
                                """)
                        .path("candidates")
                        .path(0);
        assertThat(strict.path("refused").path("param").asString()).isEqualTo("seed");
    }

    @Test
    void tokensAreCountedByWhoeverCanAndElseEstimated() throws Exception {
        String body =
                """
                {"model":"%s/sim-1","messages":[{"role":"user","content":"one two three"}]}
                """;
        Map<String, String> key = Map.of("x-api-key", gateway.apiKey());
        HttpResponse<String> counted =
                gateway.send("POST", "/v1/messages/count_tokens", body.formatted("claude"), key);
        assertThat(counted.statusCode()).isEqualTo(200);
        assertThat(json(counted).path("input_tokens").asInt()).isPositive();
        assertThat(counted.headers().firstValue("x-sluice-warnings")).isEmpty();

        HttpResponse<String> estimated =
                gateway.send("POST", "/v1/messages/count_tokens", body.formatted("chat"), key);
        assertThat(json(estimated).path("input_tokens").asInt()).isPositive();
        assertThat(estimated.headers().firstValue("x-sluice-warnings"))
                .contains("estimated:input_tokens");

        HttpResponse<String> gemini =
                gateway.send(
                        "POST",
                        "/v1beta/models/claude/sim-1:countTokens",
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"one two\"}]}]}",
                        Map.of("x-goog-api-key", gateway.apiKey()));
        assertThat(gemini.statusCode()).isEqualTo(200);
        assertThat(json(gemini).path("totalTokens").asInt()).isPositive();

        HttpResponse<String> responses =
                gateway.send(
                        "POST",
                        "/v1/responses/input_tokens",
                        "{\"model\":\"claude/sim-1\",\"input\":\"one two three\"}",
                        Map.of("authorization", "Bearer " + gateway.apiKey()));
        assertThat(responses.statusCode()).isEqualTo(200);
        assertThat(json(responses).path("input_tokens").asInt()).isPositive();
        assertThat(
                        gateway.send(
                                        "POST",
                                        "/v1/messages/count_tokens",
                                        "{\"model\":\"claude/sim-1\",\"messages\":7}",
                                        key)
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void geminisStreamIsOneArrayForThoseWhoDoNotAskForEvents() throws Exception {
        String body = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}";
        Map<String, String> key = Map.of("x-goog-api-key", gateway.apiKey());
        for (String upstream : new String[] {"claude", "chat"}) {
            HttpResponse<String> array =
                    gateway.send(
                            "POST",
                            "/v1beta/models/" + upstream + "/sim-1:streamGenerateContent",
                            body,
                            key);
            assertThat(array.statusCode()).isEqualTo(200);
            assertThat(array.headers().firstValue("content-type").orElse("")).contains("json");
            assertThat(JSON.readTree(array.body()).isArray()).isTrue();
            assertThat(array.body()).contains("Hello");
        }
        HttpResponse<String> unknown =
                gateway.send("POST", "/v1beta/models/chat/sim-1:sing", body, key);
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).path("error").path("status").asString()).isEqualTo("NOT_FOUND");
    }
}
