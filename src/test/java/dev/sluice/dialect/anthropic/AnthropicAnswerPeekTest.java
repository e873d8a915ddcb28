package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicAnswerPeekTest {
    private final AnthropicDialect dialect = new AnthropicDialect();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"x\"}}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{\"output_tokens\":1}}"
            })
    void whatIsGeneratedProvesOutput(String event) {
        assertThat(event(event).output()).isTrue();
        assertThat(event(event).terminal()).isFalse();
        assertThat(event(event).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"content\":[],\"stop_reason\":null}}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}}",
                "{\"type\":\"content_block_stop\",\"index\":0}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null}}"
            })
    void preambleProvesNothing(String event) {
        assertThat(event(event).output()).isFalse();
        assertThat(event(event).terminal()).isFalse();
    }

    @Test
    void onlyTheStopOfTheMessageEndsTheStream() {
        assertThat(event("{\"type\":\"message_stop\"}").terminal()).isTrue();
    }

    @Test
    void usageCountsTheCacheAsInputAndKeepsItsParts() {
        EventPeek peek =
                event(
                        "{\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":1,\"cache_creation_input_tokens\":2,"
                                + "\"cache_read_input_tokens\":4,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":2},"
                                + "\"output_tokens\":8,\"output_tokens_details\":{\"thinking_tokens\":3},\"service_tier\":\"standard\"}}}");

        assertThat(peek.usage()).isEqualTo(new Usage(Usage.Origin.PROVIDER, 7, 4, 2, 2, 8, 3, 0));
        assertThat(peek.model()).isEqualTo("m");
    }

    @Test
    void aMessageStopWithoutUsageSaysNothingOfIt() {
        assertThat(event("{\"type\":\"message_stop\"}").usage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}",
                "{\"error\":{\"message\":\"m\"}}",
                "{\"error\":\"m\"}",
                "{\"detail\":\"m\"}"
            })
    void anErrorInsideAGoodStreamIsRecognised(String event) {
        assertThat(event(event).error())
                .isNotNull()
                .extracting(UpstreamError::message)
                .isEqualTo("m");
        assertThat(dialect.peekAnswer(utf8(event)).error()).isNotNull();
    }

    @Test
    void aWholeAnswerSaysUsageModelAndSize() {
        AnswerPeek peek =
                dialect.peekAnswer(
                        utf8(
                                """
                                {"type":"message","model":"m-1","content":[{"type":"text","text":"hello"},
                                {"type":"tool_use","id":"a","name":"f","input":{"x":"yz"}}],
                                "usage":{"input_tokens":1,"output_tokens":2}}
                                """));

        assertThat(peek).isEqualTo(new AnswerPeek(Usage.provider(1, 2), "m-1", null, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "null", "{\"content\":[", "data: {}\n\n"})
    void anAnswerThatIsNoJsonObjectIsAnError(String body) {
        assertThat(dialect.peekAnswer(utf8(body)).error()).isNotNull();
    }

    @Test
    void arbitraryBytesArePeekedAt() {
        byte[] sample =
                utf8(
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"x\"},\"usage\":{\"input_tokens\":5},"
                                + "\"error\":{\"message\":\"m\"}}");
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
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST, 400, invalid_request_error",
        "UNAUTHENTICATED, 401, authentication_error",
        "BUDGET_EXHAUSTED, 402, billing_error",
        "FORBIDDEN, 403, permission_error",
        "NOT_FOUND, 404, not_found_error",
        "TOO_LARGE, 413, request_too_large",
        "LIMITED, 429, rate_limit_error",
        "INTERNAL, 500, api_error",
        "UPSTREAM_FAILED, 502, api_error",
        "UPSTREAM_TIMEOUT, 504, timeout_error",
        "OVERLOADED, 529, overloaded_error"
    })
    void errorsHaveTheStatusAndTypeOfAnthropic(ErrorKind kind, int status, String type) {
        ChatError error = new ChatError(kind, null, "a \"quoted\" text", "p");

        assertThat(dialect.status(error)).isEqualTo(status);
        assertThat(dialect.readError(status, dialect.errorBody(error, "r")).type()).isEqualTo(type);
        assertThat(new String(dialect.errorEvents(error, "r"), StandardCharsets.UTF_8))
                .startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"" + type)
                .endsWith("\"request_id\":\"r\"}\n\n");
    }

    @Test
    void aFullContextIsSaidInTheWordsThatClientsKnow() {
        ChatError error = ChatError.of(ErrorKind.CONTEXT_TOO_LONG, "context_length_exceeded", "9");

        assertThat(new String(dialect.errorBody(error, "r"), StandardCharsets.UTF_8))
                .contains("prompt is too long: 9");
    }

    private EventPeek event(String data) {
        return dialect.peekEvent(new SseEvent(utf8(data), "", utf8(data), true));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
