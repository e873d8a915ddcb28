package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.simulator.delivery.Sighting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Embeddings, images, sound and the like, asked for in JSON, from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskEndpointsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SPEECH =
            "{\"model\":\"sim-1\",\"voice\":\"alloy\",\"input\":\"Hello there\"}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
        http.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embeddings         | {\"model\":\"M\",\"input\":[\"some words\",\"and more\"]}     | 5 | 0",
                "completions        | {\"model\":\"M\",\"prompt\":\"Say it\"}                       | 2 | 5",
                "rerank             | {\"model\":\"M\",\"query\":\"a b\",\"documents\":[\"b c\"]}   | 2 | 0",
                "images/generations | {\"n\":2, \"prompt\":\"a red house\", \"model\" : \"M\" }     | 3 | 544"
            })
    void anAnswerIsTheUpstreamsToTheByteAndItsUsageIsRecorded(
            String path, String body, long input, long output) throws Exception {
        String asked = body.replace("\"M\"", "\"simulator/sim-1\"");
        HttpResponse<String> through = post(path, asked);
        HttpResponse<String> direct = direct(path, asked.replace("simulator/", ""));

        assertThat(through.statusCode()).as(through.body()).isEqualTo(200);
        assertThat(withoutTime(through.body())).isEqualTo(withoutTime(direct.body()));
        assertThat(seen().getFirst().bodyText()).isEqualTo(asked.replace("simulator/", ""));
        JsonNode record = record(through);
        assertThat(record.path("path").asString()).isEqualTo("/v1/" + path);
        assertThat(record.path("protocol").isNull()).isTrue();
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
        assertThat(record.path("usage").path("input_tokens").asLong()).isEqualTo(input);
        assertThat(record.path("usage").path("output_tokens").asLong()).isEqualTo(output);
    }

    @Test
    void usageThatTheUpstreamDoesNotReportIsEstimatedAndMarked() throws Exception {
        HttpResponse<String> answer =
                post("moderations", "{\"model\":\"sim-1\",\"input\":\"I will kill the process\"}");

        assertThat(JSON.readTree(answer.body()).path("results").path(0).path("flagged").asBoolean())
                .isTrue();
        assertThat(record(answer).path("usage").path("origin").asString()).isEqualTo("estimated");
    }

    @Test
    void theUsageOfAnAnswerTooLargeToHoldIsReadAsItPasses() throws Exception {
        String texts = "\"x\",".repeat(399) + "\"x\"";
        HttpResponse<String> answer =
                post(
                        "embeddings",
                        "{\"model\":\"sim-1\",\"dimensions\":1024,\"input\":[" + texts + "]}");

        assertThat(answer.body().length()).isGreaterThan(2 << 20);
        assertThat(JSON.readTree(answer.body()).path("data")).hasSize(400);
        JsonNode usage = record(answer).path("usage");
        assertThat(usage.path("origin").asString()).isEqualTo("provider");
        assertThat(usage.path("input_tokens").asLong()).isEqualTo(400);
    }

    @Test
    void soundIsHeardAsItComes() throws Exception {
        String slow = SPEECH.replace("sim-1", "simulator/sim-1!pace=400ms,chunk-bytes=300");
        long began = System.nanoTime();
        HttpResponse<InputStream> answer = stream("audio/speech", slow);
        byte[] first = answer.body().readNBytes(300);
        long heard = System.nanoTime() - began;
        byte[] rest = answer.body().readAllBytes();
        long whole = System.nanoTime() - began;

        assertThat(answer.headers().firstValue("content-type")).hasValue("audio/wav");
        assertThat(new String(first, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
        assertThat(rest).hasSize(44 + 11 * 80 - 300);
        assertThat(whole - heard).isGreaterThan(Duration.ofMillis(600).toNanos());
    }

    @Test
    void soundInEventsReportsItsUsage() throws Exception {
        HttpResponse<String> answer =
                post("audio/speech", SPEECH.replace("{", "{\"stream_format\":\"sse\","));

        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(answer.body()).contains("speech.audio.delta").contains("speech.audio.done");
        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
        assertThat(record.path("usage").path("input_tokens").asLong()).isEqualTo(3);
    }

    @Test
    void aStreamedCompletionHidesTheUsageThatOnlyTheGatewayAskedFor() throws Exception {
        String asked = "{\"stream\":true,\"model\":\"sim-1\",\"prompt\":\"Say it\"}";
        HttpResponse<String> answer = post("completions", asked);

        assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("usage");
        assertThat(withoutTimeAndId(answer.body()))
                .isEqualTo(withoutTimeAndId(direct("completions", asked).body()));
        JsonNode record = record(answer);
        assertThat(record.path("stream").asBoolean()).isTrue();
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
        assertThat(record.path("usage").path("output_tokens").asLong()).isEqualTo(5);
    }

    @Test
    void aStreamedImageReportsItsUsage() throws Exception {
        HttpResponse<String> answer =
                post(
                        "images/generations",
                        "{\"model\":\"sim-1\",\"prompt\":\"a house\",\"stream\":true,\"partial_images\":1}");

        assertThat(answer.body()).contains("partial_image").contains("image_generation.completed");
        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("usage").path("output_tokens").asLong()).isEqualTo(272);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-after=1", "end-after=1", "error-after=1"})
    void aStreamThatBreaksEndsWithATypedErrorAndOneRecord(String fault) throws Exception {
        HttpResponse<String> answer =
                post(
                        "completions",
                        "{\"stream\":true,\"prompt\":\"Say it\",\"model\":\"simulator/sim-1!"
                                + fault
                                + "\"}");

        assertThat(answer.body()).contains("\"error\"");
        assertThat(record(answer).path("fault").asString()).isEqualTo("upstream");
    }

    @Test
    void anUpstreamThatDiesAmidTheSoundLeavesOneRecord() throws Exception {
        HttpResponse<InputStream> answer =
                stream(
                        "audio/speech",
                        SPEECH.replace("sim-1", "simulator/sim-1!chunk-bytes=300,cut-after=2"));

        assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("upstream_broke");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "embeddings | {                                            | 400 | invalid_request",
                "embeddings | {\"input\":\"x\"}                            | 400 | missing_model",
                "embeddings | {\"model\":\"no-such\",\"input\":\"x\"}      | 404 | model_not_found",
                "embeddings | {\"model\":\"a\",\"model\":\"b\"}            | 400 | invalid_request",
                "embeddings | {\"model\":\"simulator/sim-1!status=401\",\"input\":\"x\"}   | 502 | upstream_auth",
                "embeddings | {\"model\":\"simulator/sim-1!error-200\",\"input\":\"x\"}    | 502 | upstream_error",
                "moderations| {\"model\":\"simulator/sim-1!html\",\"input\":\"x\"}  | 502 | upstream_error",
                "moderations| {\"model\":\"simulator/sim-1!empty\",\"input\":\"x\"} | 502 | upstream_error",
                "embeddings | {\"model\":\"simulator/sim-1!bad-json\",\"input\":\"x\"} | 502 | upstream_error",
                "embeddings | {\"model\":\"simulator/sim-1!status=429\",\"input\":\"x\"} | 429 | *"
            })
    void whatGoesWrongIsToldInOpenAisShape(String path, String body, int status, String code)
            throws Exception {
        HttpResponse<String> answer = post(path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asString("")).isNotBlank();
        if (!code.equals("*")) {
            assertThat(error.path("code").asString()).isEqualTo(code);
        }
    }

    @Test
    void whatIsNoGoodElsewhereIsTriedAtTheNextUpstream() throws Exception {
        for (int i = 1; i <= 2; i++) {
            gateway.admin(
                    "POST",
                    "/admin/upstreams",
                    """
                    {"name":"%s","provider":"openai-compatible","base_url":"%s","api_key":"%s",
                     "priority":%d,"models":[{"id":"shared!status=503,fail-first=1,tag=shared"}]}
                    """
                            .formatted(
                                    "pair-" + i,
                                    gateway.simulatorUrl(),
                                    RunningGateway.UPSTREAM_KEY,
                                    i));
        }
        HttpResponse<String> answer =
                post(
                        "embeddings",
                        "{\"model\":\"shared!status=503,fail-first=1,tag=shared\",\"input\":\"x\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-sluice-attempts")).hasValue("2");
        assertThat(answer.headers().firstValue("x-sluice-upstream")).hasValue("pair-2");
    }

    @Test
    void anUpstreamThatSpeaksNoOpenAiIsNotAsked() throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"claude","provider":"anthropic","base_url":"%s","api_key":"%s",
                 "models":[{"id":"only-there"}]}
                """
                        .formatted(gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));

        assertThat(post("embeddings", "{\"model\":\"only-there\",\"input\":\"x\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aKeyThatMayOnlyReadMayNotAsk() throws Exception {
        String key =
                gateway.admin(
                                "POST",
                                "/admin/keys",
                                "{\"name\":\"reader\",\"permissions\":[\"read\"]}")
                        .path("key_value")
                        .asString();
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/v1/embeddings",
                        "{\"model\":\"sim-1\",\"input\":\"x\"}",
                        Map.of("authorization", "Bearer " + key));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private JsonNode record(HttpResponse<?> answer) throws Exception {
        return gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return gateway.send(
                "POST", "/v1/" + path, body, Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    private HttpResponse<InputStream> stream(String path, String body) throws Exception {
        return http.send(
                request(gateway.url() + "/v1/" + path, gateway.apiKey(), body),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpResponse<String> direct(String path, String body) throws Exception {
        return http.send(
                request(gateway.simulatorUrl() + "/v1/" + path, RunningGateway.UPSTREAM_KEY, body),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String url, String key, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private List<Sighting> seen() {
        return gateway.simulator().sightings().all();
    }

    /** The simulator's ids follow from the request, to which the gateway adds. */
    private static String withoutTimeAndId(String body) {
        return withoutTime(body).replaceAll("cmpl-[0-9a-f]+", "cmpl-0");
    }

    private static String withoutTime(String body) {
        return body.replaceAll("\"created\":\\d+", "\"created\":0");
    }
}
