package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What gateways have got wrong between their sockets (wire-contract §3), seen from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayPitfallsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        upstream("chat", "simulator", "\"openai-chat\"", "");
        upstream("responses", "simulator", "\"openai-responses\"", "");
        upstream("claude", "simulator", "\"anthropic\"", "");
        upstream("spare", "simulator", "\"anthropic\"", "");
        upstream("gemini", "simulator", "\"gemini\"", "");
        upstream("both", "simulator", "\"openai-chat\",\"openai-responses\"", "");
        upstream("vendor", "deepseek", "\"openai-chat\"", "");
        upstream(
                "elsewhere",
                "bedrock",
                "\"anthropic\"",
                ",\"capabilities\":{\"betas\":\"known-1\",\"cacheTtl\":false}");
    }

    private void upstream(String name, String provider, String protocols, String more)
            throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"%s","base_url":"%s","api_key":"%s",
                         "protocols":[%s],"discover_models":false%s}
                        """
                                .formatted(
                                        name,
                                        provider,
                                        gateway.simulatorUrl(),
                                        RunningGateway.UPSTREAM_KEY,
                                        protocols,
                                        more));
        assertThat(made.has("id")).as("%s", made).isTrue();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private HttpResponse<String> chat(String model, boolean stream) throws Exception {
        return gateway.chat(
                "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello, and tell me more\"}]}"
                        .formatted(model, stream));
    }

    private HttpResponse<String> messages(String body, String... headers) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("x-api-key", gateway.apiKey()));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return gateway.send("POST", "/v1/messages", body, all);
    }

    private static String message(String model, boolean stream) {
        return "{\"model\":\"%s\",\"max_tokens\":100,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello, and tell me more\"}]}"
                .formatted(model, stream);
    }

    private JsonNode record(HttpResponse<String> answer) throws Exception {
        return gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private Sighting seen() {
        return gateway.simulator().sightings().all().getLast();
    }

    @ParameterizedTest
    @CsvSource({"chat, 502, 502", "responses, 502, 502", "claude, 503, 529", "gemini, 503, 529"})
    void aFailureAfterThePreambleAloneIsAStatusAndNoStream(
            String upstream, int toChat, int toMessages) throws Exception {
        String model = upstream + "/sim-1!error-after=preamble,error=529";
        HttpResponse<String> asChat = chat(model, true);
        HttpResponse<String> asMessages = messages(message(model, true));

        assertThat(asChat.statusCode()).isEqualTo(toChat);
        assertThat(asMessages.statusCode()).isEqualTo(toMessages);
        for (HttpResponse<String> answer : List.of(asChat, asMessages)) {
            assertThat(answer.headers().firstValue("content-type").orElse("")).contains("json");
            assertThat(JSON.readTree(answer.body()).path("error").isObject()).isTrue();
        }
    }

    @Test
    void nothingOfAFailedAttemptsPreambleReachesTheClient() throws Exception {
        gateway.admin(
                "POST",
                "/admin/models",
                """
                {"id":"twice","strategy":"priority","targets":[
                 {"upstream":"claude","model":"sim-1!error-after=preamble,error=529","priority":0},
                 {"upstream":"spare","model":"sim-1","priority":1}]}
                """);

        HttpResponse<String> answer = messages(message("twice", true));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-sluice-upstream")).contains("spare");
        assertThat(answer.body())
                .containsOnlyOnce("event: message_start")
                .containsOnlyOnce("event: message_stop");
    }

    @ParameterizedTest
    @CsvSource({"claude, cut-after", "claude, end-after", "chat, cut-after", "gemini, end-after"})
    void aCutStreamIsAnErrorToTheClientAndTheUpstreamsInTheRecord(String upstream, String fault)
            throws Exception {
        HttpResponse<String> answer =
                messages(message(upstream + "/sim-1!chunks=8," + fault + "=preamble+2", true));

        assertThat(answer.body()).contains("event: error\n").doesNotContain("message_stop");
        assertThat(record(answer).path("ending").asString()).isEqualTo("upstream_broke");
    }

    @ParameterizedTest
    @ValueSource(strings = {"groq", "openrouter", "vllm", "flat", "bare"})
    void everyShapeOfAnErrorInAStreamIsOne(String shape) throws Exception {
        String fault = "/sim-1!chunks=8,error-shape=" + shape + ",error-after=";

        assertThat(chat("chat" + fault + "0", true).statusCode()).isGreaterThanOrEqualTo(500);
        HttpResponse<String> amid = messages(message("chat" + fault + "4", true));
        assertThat(amid.body()).contains("event: error\n").doesNotContain("message_stop");
    }

    @Test
    void whatPassesKeepsItsNamesCommentsPaddingAndLineEnds() throws Exception {
        String model = "sim-1!crlf,comments,padding,chunks=3,drip=7/1ms";
        HttpResponse<String> direct =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(gateway.simulatorUrl() + "/v1/messages"))
                                        .header("x-api-key", RunningGateway.UPSTREAM_KEY)
                                        .header("anthropic-version", "2023-06-01")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        message(model, true)))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> through = messages(message("claude/" + model, true));

        assertThat(through.body())
                .isEqualTo(direct.body())
                .contains("event: message_start\r\n", "\r\n\r\n");
        assertThat(seen().headers().get("accept-encoding")).isEqualTo("identity");
    }

    @ParameterizedTest
    @CsvSource({"chat, false", "chat, true", "claude, false", "claude, true"})
    void aCompressedAnswerIsReadableHoweverItTravels(String upstream, boolean stream)
            throws Exception {
        HttpResponse<String> answer = chat(upstream + "/sim-1!gzip", stream);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(answer.body()).contains("Hello").contains("\"choices\"");
    }

    @Test
    void theFirstEventOfAMessageSaysAnEstimateOfTheInput() throws Exception {
        String body = messages(message("chat/sim-1", true)).body();
        String start = body.substring(body.indexOf("data: ") + 6, body.indexOf("\n\n"));

        assertThat(JSON.readTree(start).at("/message/usage/input_tokens").asInt()).isPositive();
    }

    @Test
    void toolsWithAnAmountOfReasoningGoToResponses() throws Exception {
        String body =
                """
                {"model":"both/gpt-5.4","reasoning_effort":"%s","messages":[{"role":"user","content":"Hello"}],
                 "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}
                """;
        assertThat(gateway.chat(body.formatted("high")).statusCode()).isEqualTo(200);
        assertThat(seen().target()).isEqualTo("/v1/responses");
        assertThat(JSON.readTree(seen().bodyText()).at("/reasoning/effort").asString(""))
                .isEqualTo("high");

        assertThat(gateway.chat(body.formatted("none")).statusCode()).isEqualTo(200);
        assertThat(seen().target()).isEqualTo("/v1/chat/completions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "responses", "claude", "gemini"})
    void howLongToWaitIsHandedOnPlain(String upstream) throws Exception {
        for (HttpResponse<String> answer :
                List.of(
                        chat(upstream + "/sim-1!status=429,retry-after=7", false),
                        messages(message(upstream + "/sim-1!status=429,retry-after=7", true)))) {
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("retry-after")).contains("7");
        }
    }

    @Test
    void betasGoToAnthropicAndElsewhereOnlyThoseThatAreKnownThere() throws Exception {
        messages(message("claude/sim-1", false), "anthropic-beta", "known-1,other-2");
        assertThat(seen().headers().get("anthropic-beta")).isEqualTo("known-1,other-2");

        HttpResponse<String> some =
                messages(message("elsewhere/sim-1", false), "anthropic-beta", "known-1,other-2");
        assertThat(seen().headers().get("anthropic-beta")).isEqualTo("known-1");
        assertThat(some.headers().firstValue("x-sluice-warnings"))
                .contains("dropped:anthropic-beta");

        messages(message("elsewhere/sim-1", false), "anthropic-beta", "other-2");
        assertThat(seen().headers().get("anthropic-beta")).isNull();
        HttpResponse<String> strict =
                messages(
                        message("elsewhere/sim-1", false),
                        "anthropic-beta",
                        "other-2",
                        "x-sluice-translation",
                        "strict");
        assertThat(strict.statusCode()).isEqualTo(400);
    }

    @Test
    void whatPassesToAVendorIsInItsOwnWords() throws Exception {
        String body =
                "{\"model\":\"vendor/sim-1\",\"max_completion_tokens\":50,\"messages\":[{\"role\":\"developer\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"x\"}]}";
        assertThat(gateway.chat(body).statusCode()).isEqualTo(200);
        assertThat(seen().bodyText())
                .isEqualTo(
                        body.replace("vendor/", "")
                                .replace("developer", "system")
                                .replace("max_completion_tokens", "max_tokens"));

        String marked =
                "{\"model\":\"elsewhere/sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]}]}";
        assertThat(messages(marked).statusCode()).isEqualTo(200);
        assertThat(seen().bodyText())
                .isEqualTo(marked.replace("elsewhere/", "").replace(",\"ttl\":\"1h\"", ""));
    }

    @Test
    void anAnswerThatReachedItsLimitIsNoFailureInTheRecord() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"responses/sim-1!finish=length,input-tokens=20,output-tokens=9\",\"stream\":true,\"input\":\"Hello\"}",
                        Map.of("authorization", "Bearer " + gateway.apiKey()));

        assertThat(answer.body()).contains("event: response.incomplete");
        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("prompt_tokens").asInt()).isEqualTo(20);
        assertThat(record.path("completion_tokens").asInt()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "claude"})
    void usageThatGrowsInEveryEventIsRecordedOnce(String upstream) throws Exception {
        String model =
                upstream
                        + "/sim-1!chunks=5,usage=cumulative,input-tokens=200,cached-tokens=60,output-tokens=90";
        for (HttpResponse<String> answer :
                List.of(chat(model, true), messages(message(model, true)))) {
            JsonNode record = record(answer);
            assertThat(record.path("prompt_tokens").asInt()).isEqualTo(200);
            assertThat(record.path("completion_tokens").asInt()).isEqualTo(90);
            assertThat(record.path("usage").toString()).contains("60");
        }
    }

    @Test
    void anAnswerBegunByTheClientIsRefusedByItsPlace() throws Exception {
        HttpResponse<String> refused =
                gateway.chat(
                        "{\"model\":\"claude/claude-sonnet-4-6\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"Sure: \"}]}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(refused.body()).at("/error/param").asString(""))
                .isEqualTo("messages[1]");
    }
}
