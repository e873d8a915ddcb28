package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OpenAiResponsesAnswerPeekTest {
    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.output_text.delta\",\"delta\":\"x\"}",
                "{\"delta\":\"x\",\"type\":\"response.output_text.delta\"}",
                "{\"type\":\"response.reasoning_summary_text.delta\",\"delta\":\"x\"}",
                "{\"type\":\"response.reasoning_text.delta\",\"delta\":\"x\"}",
                "{\"type\":\"response.refusal.delta\",\"delta\":\"x\"}",
                "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}",
                "{\"type\":\"response.function_call_arguments.done\",\"arguments\":\"{}\"}",
                "{\"type\":\"response.custom_tool_call_input.done\",\"input\":\"x\"}",
                "{\"type\":\"response.output_item.added\",\"item\":{\"id\":\"f\",\"type\":\"function_call\"}}",
                "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"web_search_call\"}}",
                "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"reasoning\",\"summary\":[]}}"
            })
    void whatIsGeneratedProvesOutput(String event) {
        assertThat(event(event).output()).isTrue();
        assertThat(event(event).terminal()).isFalse();
        assertThat(event(event).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"response.created\",\"response\":{\"id\":\"i\",\"status\":\"in_progress\",\"instructions\":\"x\",\"output\":[],\"error\":null}}",
                "{\"type\":\"response.queued\",\"response\":{\"status\":\"queued\"}}",
                "{\"type\":\"response.in_progress\",\"response\":{\"text\":{\"format\":{\"type\":\"text\"}},\"error\":null}}",
                "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"message\",\"content\":[]}}",
                "{\"type\":\"response.output_item.added\",\"item\":{\"type\":\"reasoning\",\"summary\":[]}}",
                "{\"type\":\"response.content_part.added\",\"part\":{\"type\":\"output_text\",\"text\":\"\"}}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"\"}",
                "{\"type\":\"keepalive\"}",
                "[DONE]"
            })
    void preambleProvesNothing(String event) {
        assertThat(event(event).output()).isFalse();
        assertThat(event(event).terminal()).isFalse();
        assertThat(event(event).error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "incomplete"})
    void theLastEventIsOutputMayEndTheStreamAndSaysUsage(String status) {
        EventPeek peek =
                event(
                        "{\"type\":\"response."
                                + status
                                + "\",\"response\":{\"model\":\"m\",\"status\":\""
                                + status
                                + "\",\"error\":null,\"output\":[{\"error\":\"x\"}],\"usage\":{\"input_tokens\":7,\"input_tokens_details\":{\"cached_tokens\":4,"
                                + "\"cache_write_tokens\":2},\"output_tokens\":8,\"output_tokens_details\":{\"reasoning_tokens\":3},\"total_tokens\":15}}}");

        assertThat(peek.output()).isTrue();
        assertThat(peek.terminal()).isTrue();
        assertThat(peek.error()).isNull();
        assertThat(peek.model()).isEqualTo("m");
        assertThat(peek.usage()).isEqualTo(new Usage(Usage.Origin.PROVIDER, 7, 4, 2, 0, 8, 3, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"sequence_number\":2,\"error\":{\"type\":\"e\",\"message\":\"m\"}}",
                "{\"type\":\"error\",\"code\":\"e\",\"message\":\"m\",\"param\":null}",
                "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"e\",\"message\":\"m\"}}}",
                "{\"error\":{\"message\":\"m\"}}",
                "{\"error\":\"m\"}",
                "{\"object\":\"error\",\"message\":\"m\"}",
                "{\"detail\":\"m\"}"
            })
    void anErrorInsideAGoodStreamIsRecognised(String event) {
        assertThat(event(event).error())
                .isNotNull()
                .extracting(UpstreamError::message)
                .isEqualTo("m");
        assertThat(event(event).terminal()).isFalse();
    }

    @Test
    void usageOfAFailedAnswerCounts() {
        EventPeek peek =
                event(
                        "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"message\":\"m\"},\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}");

        assertThat(peek.usage()).isEqualTo(Usage.provider(3, 1));
    }

    @Test
    void aWholeAnswerSaysUsageModelAndSize() {
        AnswerPeek peek =
                dialect.peekAnswer(
                        utf8(
                                "{\"object\":\"response\",\"status\":\"completed\",\"error\":null,\"model\":\"m\",\"text\":{\"format\":{\"type\":\"text\"}},"
                                        + "\"output\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                                        + "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"four\"}]},"
                                        + "{\"type\":\"function_call\",\"arguments\":\"{}\"}],\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}"));

        assertThat(peek.error()).isNull();
        assertThat(peek.model()).isEqualTo("m");
        assertThat(peek.usage()).isEqualTo(Usage.provider(1, 2));
        assertThat(peek.outputBytes()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "<html></html>",
                "{",
                "{\"object\":\"response\"",
                "{\"status\":\"failed\",\"error\":{\"message\":\"m\"}}",
                "{\"status\":\"cancelled\",\"error\":null}",
                "{\"error\":{\"message\":\"m\"}}"
            })
    void anAnswerThatIsNoneIsAnError(String body) {
        assertThat(dialect.peekAnswer(utf8(body)).error()).isNotNull();
    }

    @Test
    void commentsSayNothing() {
        byte[] raw = utf8(": ping\n\n");

        assertThat(dialect.peekEvent(new SseEvent(raw, "", new byte[0], false)))
                .isEqualTo(EventPeek.NOTHING);
    }

    @Test
    void arbitraryBytesArePeekedAt() {
        byte[] sample =
                utf8(
                        "{\"type\":\"response.completed\",\"delta\":\"x\",\"item\":{\"type\":\"message\"},\"response\":{\"model\":\"m\","
                                + "\"output\":[{\"text\":\"x\"}],\"usage\":{\"input_tokens\":1,\"output_tokens_details\":{\"reasoning_tokens\":1}}}}");
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] body = Arrays.copyOf(sample, 1 + random.nextInt(sample.length));
            for (int i = random.nextInt(4); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            SseEvent event = new SseEvent(body, "", body, true);
            assertThat(dialect.peekEvent(event)).as("seed %d", seed).isNotNull();
            assertThat(dialect.peekAnswer(body)).as("seed %d", seed).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST, 400, invalid_request_error",
        "UNAUTHENTICATED, 401, invalid_request_error",
        "FORBIDDEN, 403, permission_error",
        "NOT_FOUND, 404, invalid_request_error",
        "LIMITED, 429, rate_limit_error",
        "OVERLOADED, 503, server_error",
        "UPSTREAM_FAILED, 502, server_error",
        "UPSTREAM_TIMEOUT, 504, server_error",
        "INTERNAL, 500, server_error"
    })
    void errorsHaveTheStatusAndTypeOfOpenAi(ErrorKind kind, int status, String type) {
        ChatError error = new ChatError(kind, null, "m", "input[0]");
        JsonNode body = Json.tree(dialect.errorBody(error, "r")).path("error");

        assertThat(dialect.status(error)).isEqualTo(status);
        assertThat(body.path("type").asString("")).isEqualTo(type);
        assertThat(body.path("message").asString("")).isEqualTo("m");
        assertThat(body.path("param").asString("")).isEqualTo("input[0]");
    }

    private EventPeek event(String data) {
        byte[] bytes = utf8(data);
        return dialect.peekEvent(new SseEvent(bytes, "", bytes, true));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
