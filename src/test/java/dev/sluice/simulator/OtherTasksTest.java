package dev.sluice.simulator;

import static dev.sluice.simulator.Upstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.sse.SseEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OtherTasksTest {
    private static Upstream upstream;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start();
    }

    @AfterAll
    static void stop() {
        upstream.close();
    }

    @Test
    void anEmbeddingIsTheSameAsFloatsAndAsBase64() throws Exception {
        String body =
                "{\"model\":\"m\",\"input\":\"text\",\"dimensions\":8,\"encoding_format\":\"%s\"}";
        JsonNode floats = json(upstream.post("/v1/embeddings", body.formatted("float")));
        JsonNode base64 = json(upstream.post("/v1/embeddings", body.formatted("base64")));
        JsonNode vector = floats.path("data").path(0).path("embedding");
        String coded = base64.path("data").path(0).path("embedding").stringValue();
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(coded)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(vector).hasSize(8);
        for (JsonNode component : vector) {
            assertThat(component.floatValue()).isEqualTo(bytes.getFloat());
        }
        assertThat(floats.path("usage").path("prompt_tokens").intValue()).isEqualTo(1);
    }

    @Test
    void documentsAreRankedByTheQuerysWords() throws Exception {
        JsonNode answer =
                json(
                        upstream.post(
                                "/v1/rerank",
                                """
                                {"model":"m","query":"red car","top_n":2,"return_documents":true,
                                "documents":["a blue car","nothing",{"text":"the red car"}]}\
                                """));
        JsonNode results = answer.path("results");
        assertThat(results).hasSize(2);
        assertThat(results.path(0).path("index").intValue()).isEqualTo(2);
        assertThat(results.path(0).path("relevance_score").doubleValue()).isEqualTo(1.0);
        assertThat(results.path(1).path("document").path("text").stringValue())
                .isEqualTo("a blue car");
    }

    @Test
    void aLegacyCompletionIsStreamed() throws Exception {
        List<SseEvent> events =
                Upstream.events(
                        upstream.post(
                                        "/v1/completions",
                                        """
                                        {"model":"m","prompt":"Hi","stream":true,"max_tokens":3,
                                        "stream_options":{"include_usage":true}}\
                                        """)
                                .body());
        StringBuilder text = new StringBuilder();
        for (SseEvent event : events.subList(0, events.size() - 2)) {
            text.append(json(event.text()).path("choices").path(0).path("text").stringValue());
        }
        assertThat(text).hasToString("You wrote: H");
        assertThat(events.get(events.size() - 3).text()).contains("\"finish_reason\":\"length\"");
        assertThat(events.get(events.size() - 2).text()).contains("\"completion_tokens\":3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/embeddings | {\"model\":\"m\"} | input",
                "/v1/completions | {\"model\":\"m\"} | prompt",
                "/v1/moderations | {\"model\":\"m\"} | input",
                "/v1/rerank | {\"model\":\"m\",\"documents\":[\"x\"]} | query",
                "/v1/images/generations | {\"model\":\"m\"} | prompt",
                "/v1/images/edits | {\"model\":\"m\"} | content-type",
                "/v1/audio/speech | {\"model\":\"m\"} | input",
                "/v1/audio/transcriptions | {\"model\":\"m\"} | content-type",
                "/v1/embeddings | {\"input\":\"x\"} | model"
            })
    void whatIsMissingIsNamed(String path, String body, String param) throws Exception {
        var response = upstream.post(path, body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("error").path("param").stringValue()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource({"text,A sound of 4 bytes.", "json,A sound of 4 bytes.", "srt,00:00:00"})
    void aSoundIsTranscribedInTheFormAskedFor(String format, String expected) throws Exception {
        String form = part("model", "m") + part("response_format", format) + part("file", "RIFF");
        var response =
                upstream.send(
                        upstream.request("/v1/audio/transcriptions")
                                .header("content-type", "multipart/form-data; boundary=\"b-b\"")
                                .POST(
                                        java.net.http.HttpRequest.BodyPublishers.ofString(
                                                form + "--b-b--\r\n")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).contains(expected);
    }

    private static String part(String name, String content) {
        return "--b-b\r\ncontent-disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(name, content);
    }

    @Test
    void anUnknownPathIsRefusedInOpenAisShape() throws Exception {
        assertThat(json(upstream.get("/v1/nothing")).path("error").path("type").stringValue())
                .isEqualTo("invalid_request_error");
    }
}
