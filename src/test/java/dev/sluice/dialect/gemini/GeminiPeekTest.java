package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Seal;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is found in bodies that pass through, and what is changed in them. */
class GeminiPeekTest {
    private final GeminiDialect dialect = new GeminiDialect();

    @Test
    void modelAndStreamAreThePathsAndTheRestIsTheBodys() throws MalformedRequest {
        byte[] body =
                utf8(
                        "{\"contents\":[{\"parts\":[{\"inlineData\":{}},{\"file_data\":{}},{\"text\":\"inlineData\"}]}],"
                                + "\"generation_config\":{\"candidate_count\":3,\"max_output_tokens\":9}}");
        RequestPeek peek = dialect.peek(body, new Envelope("m", true, List.of()));

        assertThat(peek.model()).isEqualTo("m");
        assertThat(peek.modelSpan()).isNull();
        assertThat(peek.stream()).isTrue();
        assertThat(peek.wantsUsage()).isTrue();
        assertThat(peek.choices()).isEqualTo(3);
        assertThat(peek.maxOutputTokens()).isEqualTo(9);
        assertThat(peek.mediaParts()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"model":1} | model
                    {"model":"a","model":"a"} | model
                    {"model":"models/b"} | model
                    {"Model":"a"} | model
                    {"generationConfig":1} | generationConfig
                    {"generationConfig":{},"generation_config":{}} | generationConfig
                    {"generationConfig":{"maxOutputTokens":-1}} | generationConfig.maxOutputTokens
                    {"generationConfig":{"maxOutputTokens":1,"max_output_tokens":2}} | generationConfig.max_output_tokens
                    {"generationConfig":{"candidateCount":"x"}} | generationConfig.candidateCount
                    """)
    void whatDecidesAnythingMustBeClear(String body, String param) {
        Envelope path = new Envelope("a", false, List.of());

        assertThatThrownBy(() -> dialect.peek(utf8(body), path))
                .isInstanceOfSatisfying(
                        MalformedRequest.class, e -> assertThat(e.param()).isEqualTo(param));
    }

    @Test
    void aBodyThatPassesIsNotTouched() throws MalformedRequest {
        byte[] body = utf8("{ \"contents\" : [],\"x\":1.0, \"x\":2 }");
        RequestPeek peek = dialect.peek(body, new Envelope("asked", true, List.of()));

        assertThat(dialect.rewrite(body, peek, new Rewrite("other", true, true, null)))
                .isSameAs(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a": 1.0} | {"generationConfig":{"maxOutputTokens":7},"a": 1.0}
                    {"generationConfig": {"topK":1 } } | {"generationConfig": {"maxOutputTokens":7,"topK":1 } }
                    {"generation_config":{}} | {"generation_config":{"maxOutputTokens":7}}
                    {"generationConfig": null} | {"generationConfig": {"maxOutputTokens":7}}
                    {"generation_config":{"max_output_tokens": 99 }} | {"generation_config":{"max_output_tokens": 7 }}
                    {"model":"models/asked","generationConfig":{"maxOutputTokens":null}} | {"model":"models/other","generationConfig":{"maxOutputTokens":7}}
                    """)
    void aLimitIsPutWhereItBelongs(String body, String changed) throws MalformedRequest {
        RequestPeek peek = dialect.peek(utf8(body), new Envelope("asked", false, List.of()));
        byte[] rewritten =
                dialect.rewrite(utf8(body), peek, new Rewrite("other", false, false, 7L));

        assertThat(new String(rewritten, StandardCharsets.UTF_8)).isEqualTo(changed);
    }

    @Test
    void whatAnotherProviderSealedIsTakenOutOnTheWayToGoogle() throws MalformedRequest {
        String seal = Seals.wrap(new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "x"));
        String signed = "\"thoughtSignature\":\"" + seal + "\"}";
        String body =
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Z3cxf\"}]},"
                        + ("{\"role\":\"model\",\"parts\":[{\"text\":\"h\",\"thought\":true,"
                                + signed)
                        + (",{\"functionCall\":{\"name\":\"f\"}," + signed)
                        + (", {\"text\":\"t\"," + signed)
                        + (", {\"text\":\"\"," + signed)
                        + ",{\"functionCall\":{\"name\":\"g\"},\"thoughtSignature\":\"own\"}]},"
                        + ("{\"role\":\"model\",\"parts\":[{\"text\":\"\",\"thought\":true,"
                                + signed)
                        + "]}]}";
        RequestPeek peek = dialect.peek(utf8(body));
        byte[] changed = dialect.rewrite(utf8(body), peek, new Rewrite(null, false, false, null));

        JsonNode contents = Json.tree(changed).path("contents");
        assertThat(contents.size()).isEqualTo(2);
        assertThat(contents.path(1).path("parts").toString())
                .isEqualTo(
                        "[{\"functionCall\":{\"name\":\"f\"},\"thoughtSignature\":\"skip_thought_signature_validator\"},"
                                + "{\"text\":\"t\",\"thoughtSignature\":\"\"},"
                                + "{\"functionCall\":{\"name\":\"g\"},\"thoughtSignature\":\"own\"}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\",\"thought\":true}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA\"}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"executableCode\":{\"code\":\"1\"}}]}}]}"
            })
    void whatIsGeneratedProvesOutput(String event) {
        assertThat(event(event).output()).isTrue();
        assertThat(event(event).terminal()).isFalse();
        assertThat(event(event).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"candidates\":[]}",
                "{\"candidates\":[null,1]}",
                "{\"candidates\":[{\"index\":0}]}",
                "{\"candidates\":[{\"content\":{}}]}",
                "{\"candidates\":[{\"content\":{\"role\":\"model\"}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":\"FINISH_REASON_UNSPECIFIED\"}]}",
                "{\"promptFeedback\":{\"safetyRatings\":[{\"category\":\"x\"}]}}",
                "{\"usageMetadata\":{\"promptTokenCount\":1}}"
            })
    void preambleProvesNothing(String event) {
        assertThat(event(event).output()).isFalse();
        assertThat(event(event).terminal()).isFalse();
        assertThat(event(event).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"finishReason\":\"SAFETY\"}]}",
                "{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}"
            })
    void aReasonEndsTheStreamAndIsOutput(String event) {
        assertThat(event(event).output()).isTrue();
        assertThat(event(event).terminal()).isTrue();
    }

    @Test
    void usageCountsThoughtsAsOutputAndToolUseAsInput() {
        EventPeek peek =
                event(
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"cachedContentTokenCount\":4,\"candidatesTokenCount\":3,"
                                + "\"thoughtsTokenCount\":5,\"toolUsePromptTokenCount\":2,\"totalTokenCount\":20,"
                                + "\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":10}]},\"modelVersion\":\"g\"}");

        assertThat(peek.usage()).isEqualTo(new Usage(Usage.Origin.PROVIDER, 12, 4, 0, 0, 8, 5, 0));
        assertThat(peek.model()).isEqualTo("g");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"promptTokenCount":10,"totalTokenCount":25} | 10 | 15
                    {"promptTokenCount":10,"totalTokenCount":10} | 10 | 0
                    {"promptTokenCount":10,"totalTokenCount":3} | 10 | 0
                    {"candidatesTokenCount":2} | 0 | 2
                    """)
    void incompleteUsageIsMadeTheBestOf(String metadata, long input, long output) {
        assertThat(event("{\"usageMetadata\":" + metadata + "}").usage())
                .isEqualTo(Usage.provider(input, output));
    }

    @Test
    void aCountThatCannotBeIsNoneAndMakesTheWholeAnEstimate() {
        String negative = "{\"promptTokenCount\":10,\"candidatesTokenCount\":-5}";
        assertThat(event("{\"usageMetadata\":" + negative + "}").usage())
                .isEqualTo(Usage.estimated(10, 0));
    }

    @Test
    void aChunkThatNamesNoTokensSaysNothingOfUsage() {
        assertThat(event("{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}").usage()).isNull();
        assertThat(event("{\"usageMetadata\":{\"totalTokenCount\":5}}").usage()).isNull();
        assertThat(event("{\"usageMetadata\":null}").usage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":503,\"message\":\"m\",\"status\":\"UNAVAILABLE\"}}",
                "[{\"error\":{\"code\":503,\"message\":\"m\"}}]",
                "{\"error\":\"m\"}"
            })
    void anErrorInsideAGoodStreamIsRecognised(String event) {
        assertThat(event(event).error())
                .isNotNull()
                .extracting(UpstreamError::message)
                .isEqualTo("m");
        assertThat(dialect.peekAnswer(utf8(event)).error()).isNotNull();
    }

    @Test
    void anErrorInBareJsonBetweenEventsIsRecognised() {
        byte[] raw =
                utf8("{\n  \"error\": {\n    \"code\": 499,\n    \"message\": \"m\"\n  }\n}\n");
        EventPeek peek = dialect.peekEvent(new SseEvent(raw, "", new byte[0], false));

        assertThat(peek.error()).isNotNull().extracting(UpstreamError::status).isEqualTo(499);
        assertThat(dialect.peekEvent(new SseEvent(utf8(": x\n\n"), "", new byte[0], false)))
                .isEqualTo(EventPeek.NOTHING);
    }

    @Test
    void aWholeAnswerSaysUsageModelAndSizeAndSoDoesAnArrayOfChunks() {
        String answer =
                """
                {"candidates":[{"content":{"parts":[{"text":"hello"},{"functionCall":{"name":"f","args":{"x":"yz"}}}]},
                "citationMetadata":{"citations":[{"uri":"u"}]},"finishReason":"STOP"}],
                "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2},"modelVersion":"g-1"}
                """;
        AnswerPeek expected = new AnswerPeek(Usage.provider(1, 2), "g-1", null, 7);

        assertThat(dialect.peekAnswer(utf8(answer))).isEqualTo(expected);
        assertThat(dialect.peekAnswer(utf8("[" + answer + ",{}]"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "null", "[]", "{\"candidates\":[", "data: {}\n\n", "{}x"})
    void anAnswerThatIsNoJsonObjectIsAnError(String body) {
        assertThat(dialect.peekAnswer(utf8(body)).error()).isNotNull();
    }

    @Test
    void arbitraryBytesArePeekedAt() {
        byte[] sample =
                utf8(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}],"
                                + "\"usageMetadata\":{\"promptTokenCount\":5},\"error\":{\"message\":\"m\"}}");
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = sample.clone();
            for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(dialect.peekEvent(new SseEvent(bytes, "", bytes, true)))
                    .as("seed %d", seed)
                    .isNotNull();
            assertThat(dialect.peekAnswer(bytes)).as("seed %d", seed).isNotNull();
            try {
                RequestPeek peek = dialect.peek(bytes);
                assertThat(dialect.rewrite(bytes, peek, new Rewrite("m", true, true, 5L)))
                        .as("seed %d", seed)
                        .isNotEmpty();
            } catch (MalformedRequest refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST, 400, INVALID_ARGUMENT",
        "CONTEXT_TOO_LONG, 400, INVALID_ARGUMENT",
        "UNAUTHENTICATED, 401, UNAUTHENTICATED",
        "BUDGET_EXHAUSTED, 429, RESOURCE_EXHAUSTED",
        "FORBIDDEN, 403, PERMISSION_DENIED",
        "NOT_FOUND, 404, NOT_FOUND",
        "TOO_LARGE, 413, INVALID_ARGUMENT",
        "LIMITED, 429, RESOURCE_EXHAUSTED",
        "INTERNAL, 500, INTERNAL",
        "UPSTREAM_FAILED, 502, INTERNAL",
        "OVERLOADED, 503, UNAVAILABLE",
        "UPSTREAM_TIMEOUT, 504, DEADLINE_EXCEEDED"
    })
    void errorsHaveTheStatusAndWordOfGoogle(ErrorKind kind, int status, String word) {
        ChatError error = new ChatError(kind, null, "a \"quoted\" text", null);
        UpstreamError read = dialect.readError(0, dialect.errorBody(error, "r"));

        assertThat(dialect.status(error)).isEqualTo(status);
        assertThat(read.type()).isEqualTo(word);
        assertThat(read.status()).isEqualTo(status);
        assertThat(read.message()).isEqualTo("a \"quoted\" text");
        assertThat(new String(dialect.errorEvents(error, "r"), StandardCharsets.UTF_8))
                .startsWith("data: {\"error\":{\"code\":" + status)
                .contains("\"requestId\":\"r\"")
                .endsWith("}\r\n\r\n")
                .doesNotContain("event:");
    }

    @Test
    void aRefusedFieldIsNamedAsAViolation() {
        ChatError error =
                new ChatError(ErrorKind.BAD_REQUEST, "unsupported_parameter", "No.", "tools");
        JsonNode details = Json.tree(dialect.errorBody(error, "r")).path("error").path("details");

        assertThat(details.at("/0/reason").asString("")).isEqualTo("UNSUPPORTED_PARAMETER");
        assertThat(details.at("/1/@type").asString("")).endsWith("google.rpc.BadRequest");
        assertThat(details.at("/1/fieldViolations/0/field").asString("")).isEqualTo("tools");
    }

    @Test
    void noCommentIsSentToKeepAStreamAlive() {
        assertThat(dialect.ping()).isNull();
    }

    private EventPeek event(String data) {
        return dialect.peekEvent(new SseEvent(utf8(data), "", utf8(data), true));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
