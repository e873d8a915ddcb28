package dev.sluice.dialect.openai.chat;

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

class OpenAiChatAnswerPeekTest {
    private final OpenAiChatDialect dialect = new OpenAiChatDialect();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"x\"}",
                "{\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"x\"}]}]}",
                "{\"reasoning_content\":\"x\",\"content\":null}",
                "{\"reasoning\":\"x\"}",
                "{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}]}",
                "{\"refusal\":\"x\"}",
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}",
                "{\"function_call\":{\"name\":\"f\"}}",
                "{\"audio\":{\"data\":\"x\"}}"
            })
    void whatIsGeneratedProvesOutput(String delta) {
        EventPeek peek = chunk(delta, "null");

        assertThat(peek.output()).isTrue();
        assertThat(peek.terminal()).isFalse();
        assertThat(peek.error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}",
                "{\"role\":\"\",\"content\":null}",
                "{\"tool_calls\":[]}",
                "{}",
                "null"
            })
    void preambleProvesNothing(String delta) {
        assertThat(chunk(delta, "null").output()).isFalse();
        assertThat(chunk(delta, "\"\"").terminal()).isFalse();
    }

    @Test
    void aFinishReasonIsOutputAndMayEndTheStream() {
        EventPeek peek = chunk("{}", "\"stop\"");

        assertThat(peek.output()).isTrue();
        assertThat(peek.terminal()).isTrue();
    }

    @Test
    void doneMayEndTheStream() {
        assertThat(event("[DONE]").terminal()).isTrue();
        assertThat(event("[DONE]").output()).isFalse();
    }

    @Test
    void theChunkOfIncludeUsageIsRecognised() {
        EventPeek peek =
                event(
                        "{\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3}}");

        assertThat(peek.usageOnly()).isTrue();
        assertThat(peek.usage()).isEqualTo(Usage.provider(5, 3));
        assertThat(peek.model()).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":null}",
                "{\"choices\":[],\"prompt_filter_results\":[]}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":5}}",
                "{\"usage\":{\"prompt_tokens\":5}}"
            })
    void otherChunksAreNotTheOneOfIncludeUsage(String chunk) {
        assertThat(event(chunk).usageOnly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2,"audio_tokens":1},"completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":1}}} | 10 | 3 | 2 | 4 | 2 | 2
                    {"x_groq":{"id":"r","usage":{"prompt_tokens":10,"completion_tokens":4,"queue_time":0.1}}} | 10 | 0 | 0 | 4 | 0 | 0
                    {"usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":4}} | 10 | 6 | 0 | 4 | 0 | 0
                    {"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":30}} | 10 | 0 | 0 | 20 | 0 | 0
                    {"choices":[{"delta":{},"usage":{"prompt_tokens":10,"completion_tokens":4,"cached_tokens":5}}]} | 10 | 5 | 0 | 4 | 0 | 0
                    {"usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":null}} | 10 | 0 | 0 | 4 | 0 | 0
                    """)
    void usageIsReadInEveryPlaceAndSpelling(
            String chunk, long in, long read, long write, long out, long reasoning, long audio) {
        assertThat(event(chunk).usage())
                .isEqualTo(
                        new Usage(
                                Usage.Origin.PROVIDER, in, read, write, 0, out, reasoning, audio));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"m\"}}",
                "{\"id\":\"x\",\"choices\":[],\"error\":{\"code\":502,\"message\":\"m\"}}",
                "{\"object\":\"error\",\"message\":\"m\"}",
                "{\"error\":\"m\"}",
                "{\"detail\":\"m\"}",
                "{\"type\":\"error\",\"error\":{\"message\":\"m\"}}"
            })
    void anErrorInsideAGoodStreamIsRecognised(String chunk) {
        assertThat(event(chunk).error())
                .isNotNull()
                .extracting(UpstreamError::message)
                .isEqualTo("m");
        assertThat(dialect.peekAnswer(utf8(chunk)).error()).isNotNull();
    }

    @Test
    void anErrorEventIsAnErrorWhateverItsData() {
        SseEvent event = new SseEvent(new byte[0], "error", utf8("{\"failed\":1}"), true);

        assertThat(dialect.peekEvent(event).error()).isNotNull();
    }

    @Test
    void aNullErrorIsNone() {
        assertThat(event("{\"choices\":[],\"error\":null}").error()).isNull();
    }

    @Test
    void commentsSayNothing() {
        SseEvent comment = new SseEvent(utf8(": x\n\n"), "", new byte[0], false);

        assertThat(dialect.peekEvent(comment)).isEqualTo(EventPeek.NOTHING);
    }

    @Test
    void aWholeAnswerSaysUsageModelAndSize() {
        AnswerPeek peek =
                dialect.peekAnswer(
                        utf8(
                                """

                                {"model":"m-1","choices":[{"message":{"role":"assistant","content":"hello",
                                "tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],
                                "usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
                                """));

        assertThat(peek).isEqualTo(new AnswerPeek(Usage.provider(1, 2), "m-1", null, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "null", "{\"choices\":[", "data: {}\n\n"})
    void anAnswerThatIsNoJsonObjectIsAnError(String body) {
        assertThat(dialect.peekAnswer(utf8(body)).error()).isNotNull();
    }

    @Test
    void arbitraryBytesArePeekedAt() {
        byte[] sample =
                utf8(
                        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":5},"
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
        "UNAUTHENTICATED, 401, invalid_request_error",
        "BUDGET_EXHAUSTED, 429, insufficient_quota",
        "FORBIDDEN, 403, permission_error",
        "LIMITED, 429, rate_limit_error",
        "OVERLOADED, 503, server_error",
        "UPSTREAM_FAILED, 502, server_error",
        "UPSTREAM_TIMEOUT, 504, server_error"
    })
    void errorsHaveTheStatusAndTypeOfOpenAi(ErrorKind kind, int status, String type) {
        ChatError error = new ChatError(kind, null, "a \"quoted\" text", "p");

        assertThat(dialect.status(error)).isEqualTo(status);
        assertThat(dialect.readError(status, dialect.errorBody(error, "r")).type()).isEqualTo(type);
        assertThat(new String(dialect.errorEvents(error, "r"), StandardCharsets.UTF_8))
                .startsWith("data: {\"error\":{\"message\":\"a \\\"quoted\\\" text\"")
                .endsWith("}}\n\n");
    }

    private EventPeek chunk(String delta, String finish) {
        return event(
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":"
                        + delta
                        + ",\"finish_reason\":"
                        + finish
                        + "}],\"usage\":null,\"obfuscation\":\"xx\"}");
    }

    private EventPeek event(String data) {
        return dialect.peekEvent(
                new SseEvent(utf8("data: " + data + "\n\n"), "", utf8(data), true));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
