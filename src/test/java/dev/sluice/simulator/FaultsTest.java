package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.simulator.delivery.Sighting;
import dev.sluice.simulator.delivery.Sighting.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
    private static Upstream upstream;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start();
    }

    @AfterAll
    static void stop() {
        upstream.close();
    }

    /** How each dialect is asked for the same small answer. */
    enum Speech {
        CHAT(
                "/v1/chat/completions",
                "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}",
                1),
        RESPONSES("/v1/responses", "{\"model\":\"sim-1\",\"input\":\"Hi\"%s}", 4),
        ANTHROPIC(
                "/v1/messages",
                "{\"model\":\"sim-1\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}",
                3),
        GEMINI(
                "/v1beta/models/sim-1:%s",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}", 0);

        private final String path;
        private final String body;
        private final int preamble;

        Speech(String path, String body, int preamble) {
            this.path = path;
            this.body = body;
            this.preamble = preamble;
        }

        HttpRequest request(boolean stream, String directives) {
            String method = stream ? "streamGenerateContent?alt=sse" : "generateContent";
            return upstream.request(path.formatted(method))
                    .header("x-simulate", directives)
                    .POST(
                            HttpRequest.BodyPublishers.ofString(
                                    body.formatted(stream ? ",\"stream\":true" : "")))
                    .build();
        }
    }

    private static HttpResponse<String> ask(Speech speech, boolean stream, String directives)
            throws IOException, InterruptedException {
        return upstream.client()
                .send(speech.request(stream, directives), HttpResponse.BodyHandlers.ofString());
    }

    private static List<SseEvent> events(Speech speech, String directives) throws Exception {
        return Upstream.events(ask(speech, true, directives).body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CHAT      | 429 | {\"error\":{\"message\":\"Rate limit reached. Please try again later. (simulated)\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}",
                "CHAT      | 402 | \"code\":\"insufficient_quota\"",
                "CHAT      | 401 | \"code\":\"invalid_api_key\"",
                "CHAT      | 503 | \"type\":\"server_error\"",
                "RESPONSES | 500 | \"type\":\"server_error\"",
                "ANTHROPIC | 529 | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_simulated\"}",
                "ANTHROPIC | 403 | \"type\":\"permission_error\"",
                "GEMINI    | 429 | \"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"7s\"}]",
                "GEMINI    | 503 | \"status\":\"UNAVAILABLE\""
            })
    void aStatusComesInTheDialectsShape(Speech speech, int status, String body) throws Exception {
        HttpResponse<String> response = ask(speech, true, "retry-after=7, status=" + status);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(body);
        assertThat(response.headers().firstValue("retry-after")).contains("7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"30 | 30", "soon | soon", "date:30 | Sun, 22 Nov 2026 10:00:30 GMT"})
    void retryAfterIsSecondsADateOrGarbage(String asked, String sent) throws Exception {
        HttpResponse<String> response = ask(Speech.CHAT, false, "status=429,retry-after=" + asked);
        assertThat(response.headers().firstValue("retry-after")).contains(sent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "status=502,body=html    | 502 | text/html | <html><body><h1>502</h1></body></html>",
                "status=500,body=empty   | 500 | application/json | ",
                "status=500,body=text    | 500 | text/plain | The server had an error while processing your request. (simulated)",
                "status=422,body=detail  | 422 | application/json | {\"detail\":\"The request was refused. (simulated)\"}",
                "status=500,body=object  | 500 | application/json | {\"object\":\"error\",\"message\":\"The server had an error while processing your request. (simulated)\",\"code\":500}",
                "html                    | 200 | text/html; charset=utf-8 | <!DOCTYPE html>",
                "empty                   | 200 | application/json | ",
                "empty-stream            | 200 | text/event-stream; charset=utf-8 | ",
                "error-200               | 200 | application/json | {\"error\":{\"message\"",
                "content-type=text/plain | 200 | text/plain | {\"id\""
            })
    void aBodyMayBeAnythingElse(String directives, int status, String type, String body)
            throws Exception {
        HttpResponse<String> response = ask(Speech.CHAT, false, directives);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains(type);
        assertThat(response.body()).startsWith(body == null ? "" : body);
        if (body == null) {
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aStreamIsCutAfterSoManyEvents(Speech speech) throws Exception {
        upstream.sightings().reset();
        int before = speech.preamble + 2;
        assertThatThrownBy(() -> ask(speech, true, "chunks=9,cut-after=" + before))
                .isInstanceOf(IOException.class);
        Sighting sighting = upstream.lastSighting();
        assertThat(sighting.outcome()).isEqualTo(Outcome.CUT);
        assertThat(sighting.events()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aStreamIsCutAfterThePreamble(Speech speech) throws Exception {
        upstream.sightings().reset();
        assertThatThrownBy(() -> ask(speech, true, "cut-after=preamble"))
                .isInstanceOf(IOException.class);
        assertThat(upstream.lastSighting().events()).isEqualTo(speech.preamble);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aPlainAnswerIsCutInTheMiddle(Speech speech) {
        assertThatThrownBy(() -> ask(speech, false, "cut-after=1")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aStreamEndsCleanlyTooSoon(Speech speech) throws Exception {
        assertThat(events(speech, "chunks=9,end-after=6")).hasSize(6);
        List<SseEvent> whole = events(speech, "chunks=9");
        List<SseEvent> unfinished = events(speech, "chunks=9,unfinished");
        assertThat(unfinished).hasSizeLessThan(whole.size());
        assertThat(unfinished.getLast().text())
                .isEqualTo(whole.get(unfinished.size() - 1).text())
                .doesNotContain("DONE", "\"finish_reason\":\"", "\"finishReason\"", "completed\"}");
    }

    @ParameterizedTest
    @CsvSource({"CHAT,1", "RESPONSES,1", "ANTHROPIC,1", "GEMINI,0"})
    void onlyTheTerminatorMayBeMissing(Speech speech, int fewer) throws Exception {
        assertThat(events(speech, "no-terminator"))
                .hasSize(events(speech, "comments").size() - fewer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CHAT | error-after=3 | | {\"error\":{\"message\":\"The server had an error while processing your request. (simulated)\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
                "CHAT | error-after=3,error-shape=groq | error | {\"error\":{\"message\":\"The server had an error while processing your request. (simulated)\",\"type\":\"server_error\",\"failed_generation\":\"\",\"status_code\":500}}",
                "CHAT | error-after=3,error-shape=vllm,error=400 | | {\"object\":\"error\",\"message\":\"The request was refused. (simulated)\",\"type\":\"InternalServerError\",\"code\":400}",
                "CHAT | error-after=3,error-shape=openrouter | | [DONE]",
                "ANTHROPIC | error-after=3,error=529 | error | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_simulated\"}",
                "GEMINI | error-after=3,error=503 | | {\"error\":{\"code\":503,\"message\":\"The model is overloaded. Please try again later. (simulated)\",\"status\":\"UNAVAILABLE\"}}"
            })
    void anErrorComesAmidTheStream(Speech speech, String directives, String type, String last)
            throws Exception {
        List<SseEvent> events = events(speech, "chunks=9," + directives);
        assertThat(events).hasSizeBetween(4, 5);
        assertThat(events.getLast().type()).isEqualTo(type == null ? "" : type);
        assertThat(events.getLast().text()).isEqualTo(last);
    }

    @Test
    void aResponsesErrorIsNestedAndFollowedByFailed() throws Exception {
        List<SseEvent> events = events(Speech.RESPONSES, "error-after=preamble");
        assertThat(events.subList(4, 6))
                .extracting(SseEvent::type)
                .containsExactly("error", "response.failed");
        assertThat(events.get(4).text()).contains("\"sequence_number\":4,\"error\":{");
        assertThat(events.get(5).text()).contains("\"sequence_number\":5", "\"status\":\"failed\"");
    }

    @Test
    void theFirstCallsOfATagFailAndLaterOnesDoNot() throws Exception {
        String directives = "status=503,fail-first=2,tag=retry";
        assertThat(ask(Speech.CHAT, false, directives).statusCode()).isEqualTo(503);
        assertThat(ask(Speech.ANTHROPIC, false, directives).statusCode()).isEqualTo(503);
        assertThat(ask(Speech.CHAT, false, directives).statusCode()).isEqualTo(200);
    }

    @Test
    void aStreamMayComeAlthoughNoneWasAskedForAndTheOtherWayRound() throws Exception {
        assertThat(Upstream.events(ask(Speech.CHAT, false, "always-stream").body()))
                .hasSizeGreaterThan(3);
        assertThat(ask(Speech.CHAT, true, "never-stream").body()).startsWith("{\"id\"");
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void lineEndsAndCommentsChangeNoEvent(Speech speech) throws Exception {
        List<SseEvent> plain = events(speech, "chunks=3");
        String odd = ask(speech, true, "chunks=3,crlf,comments=PROCESSING").body();
        assertThat(odd).contains(": PROCESSING\r\n\r\n").doesNotContainPattern("[^\\r]\\n");
        assertThat(texts(Upstream.events(odd))).isEqualTo(texts(plain));
    }

    @Test
    void jsonMayBeBroken() throws Exception {
        assertThat(ask(Speech.CHAT, false, "bad-json").body()).startsWith("{").doesNotEndWith("}");
        List<SseEvent> events = events(Speech.CHAT, "bad-json");
        assertThat(events.get(1).text()).startsWith("{\"id\"").doesNotEndWith("}");
        assertThat(events.getLast().text()).isEqualTo("[DONE]");
    }

    @Test
    void compressionChangesHeaderAndBodyTogether() throws Exception {
        HttpResponse<byte[]> response =
                upstream.client()
                        .send(
                                Speech.CHAT.request(true, "gzip"),
                                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        try (InputStream body = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("[DONE]\n\n");
        }
    }

    @Test
    void oneLineMayBeHuge() throws Exception {
        List<SseEvent> events = events(Speech.CHAT, "chunk-bytes=10MB");
        assertThat(events.get(1).data()).hasSizeGreaterThan(10 << 20);
        assertThat(events.getLast().text()).isEqualTo("[DONE]");
    }

    @Test
    void manyChunksReachASlowReaderWhole() throws Exception {
        assertThat(events(Speech.CHAT, "chunks=20000")).hasSize(20_003);
    }

    @Test
    void bytesDripWhereverEventsEnd() throws Exception {
        HttpResponse<String> response = ask(Speech.GEMINI, true, "drip=300/1ms");
        assertThat(Upstream.events(response.body())).hasSizeGreaterThan(3);
    }

    @Test
    void delayAndPaceTakeTheirTime() throws Exception {
        long start = System.nanoTime();
        assertThat(events(Speech.CHAT, "delay=60ms,first=50ms,chunks=10,pace=20ms")).hasSize(13);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(310));
    }

    @Test
    void aSilentModelMayBeHeardToLive() throws Exception {
        String stream = ask(Speech.CHAT, true, "first=300ms,keep-alive=20ms").body();
        assertThat(stream).startsWith(": keep-alive\n\n: keep-alive\n\n").endsWith("[DONE]\n\n");
        String plain = ask(Speech.CHAT, false, "first=300ms,keep-alive=20ms").body();
        assertThat(plain).startsWith("\n\n").endsWith("}");
    }

    @ParameterizedTest
    @CsvSource({"hang", "stall=0", "first=1m", "delay=1m"})
    void aHangLastsUntilTheClientLeaves(String directive) {
        upstream.sightings().reset();
        HttpRequest request =
                HttpRequest.newBuilder(Speech.CHAT.request(true, directive), (_, _) -> true)
                        .timeout(Duration.ofMillis(300))
                        .build();
        assertThatThrownBy(
                        () -> {
                            HttpResponse<InputStream> response =
                                    upstream.client()
                                            .send(
                                                    request,
                                                    HttpResponse.BodyHandlers.ofInputStream());
                            response.body().close();
                            throw new HttpTimeoutException("the head came alone");
                        })
                .isInstanceOf(HttpTimeoutException.class);
        Upstream.await(
                "the client is seen to have left",
                () -> upstream.lastSighting().outcome() == Outcome.CLIENT_LEFT);
        assertThat(upstream.lastSighting().events()).isZero();
    }

    @Test
    void aClientThatLeavesAfterTheThirdEventIsSeenToHaveLeftThere() throws Exception {
        upstream.sightings().reset();
        HttpRequest request = Speech.CHAT.request(true, "chunks=1000,stall=3");
        HttpResponse<InputStream> response =
                upstream.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            byte[] read = body.readNBytes(600);
            assertThat(read).hasSize(600);
        }
        Upstream.await(
                "the client is seen to have left",
                () -> upstream.lastSighting().outcome() == Outcome.CLIENT_LEFT);
        Sighting sighting = upstream.lastSighting();
        assertThat(sighting.events()).isEqualTo(3);
        assertThat(sighting.status()).isEqualTo(200);
        assertThat(sighting.endedAt()).isNotNull();
    }

    @Test
    void whatWasSeenIsListedOverHttpAndForgotten() throws Exception {
        upstream.get("/v1/models", "authorization", "Bearer seen");
        String list = upstream.get("/simulator/sightings").body();
        assertThat(list).contains("\"target\":\"/v1/models\"", "Bearer seen");
        assertThat(upstream.send(upstream.request("/simulator/sightings").DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(upstream.get("/simulator/sightings").body())
                .isEqualTo("{\"count\":0,\"items\":[]}");
    }

    private static List<String> texts(List<SseEvent> events) {
        return events.stream().map(SseEvent::text).toList();
    }
}
