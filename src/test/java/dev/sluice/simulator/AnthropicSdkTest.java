package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, checking every field of every answer. */
class AnthropicSdkTest {
    private static final JsonValue TOOLS =
            JsonValue.from(
                    List.of(
                            Map.of(
                                    "name",
                                    "get_weather",
                                    "input_schema",
                                    Map.of(
                                            "type",
                                            "object",
                                            "properties",
                                            Map.of("city", Map.of("type", "string"))))));

    private static Upstream upstream;
    private static AnthropicClient client;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start();
        client =
                AnthropicOkHttpClient.builder()
                        .baseUrl(upstream.url(""))
                        .apiKey("any")
                        .maxRetries(0)
                        .responseValidation(true)
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        upstream.close();
    }

    private static MessageCreateParams.Builder params(String model, String text) {
        return MessageCreateParams.builder().model(model).maxTokens(4_096).addUserMessage(text);
    }

    private static Message streamed(MessageCreateParams params) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream =
                client.messages().createStreaming(params)) {
            stream.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.message().validate();
    }

    @Test
    void messagesAreReadPlainAndStreamed() {
        MessageCreateParams params = params("sim-1", "Hello there").build();
        for (Message answer : List.of(client.messages().create(params), streamed(params))) {
            assertThat(answer.content().getFirst().asText().text())
                    .isEqualTo("You wrote: Hello there");
            assertThat(answer.stopReason()).contains(StopReason.END_TURN);
            assertThat(answer.usage().inputTokens()).isEqualTo(3);
            assertThat(answer.usage().outputTokens()).isEqualTo(6);
        }
    }

    @Test
    void thinkingAndToolsAreReadPlainAndStreamed() {
        MessageCreateParams params =
                params("sim-1!calls=2,padding", "Hi")
                        .putAdditionalBodyProperty("tools", TOOLS)
                        .putAdditionalBodyProperty(
                                "thinking",
                                JsonValue.from(Map.of("type", "enabled", "budget_tokens", 1_024)))
                        .build();
        for (Message answer : List.of(client.messages().create(params), streamed(params))) {
            List<ContentBlock> content = answer.content();
            assertThat(content).hasSize(3);
            assertThat(content.getFirst().asThinking().thinking()).startsWith("The user wrote");
            assertThat(content.getFirst().asThinking().signature()).isNotEmpty();
            assertThat(content.getLast().asToolUse()._input().toString())
                    .contains("city", "sample city");
            assertThat(answer.stopReason()).contains(StopReason.TOOL_USE);
        }
    }

    @Test
    void aToolWithoutArgumentsIsReadStreamed() {
        JsonValue tools =
                JsonValue.from(
                        List.of(Map.of("name", "now", "input_schema", Map.of("type", "object"))));
        Message answer =
                streamed(
                        params("sim-1!tool=now", "Hi")
                                .putAdditionalBodyProperty("tools", tools)
                                .build());
        assertThat(answer.content().getFirst().asToolUse().name()).isEqualTo("now");
    }

    @Test
    void aStopSequenceIsTold() {
        Message answer =
                streamed(params("sim-1", "one two three").addStopSequence(" three").build());
        assertThat(answer.content().getFirst().asText().text()).isEqualTo("You wrote: one two");
        assertThat(answer.stopReason()).contains(StopReason.STOP_SEQUENCE);
        assertThat(answer.stopSequence()).contains(" three");
    }

    @Test
    void tokensAreCountedAndModelsListed() {
        assertThat(
                        client.messages()
                                .countTokens(
                                        MessageCountTokensParams.builder()
                                                .model("sim-1")
                                                .addUserMessage("Hello there")
                                                .build())
                                .inputTokens())
                .isEqualTo(3);
        assertThat(client.models().list().data()).hasSize(4);
        assertThat(client.models().retrieve("sim-1").displayName()).isEqualTo("sim-1");
    }

    @Test
    void anErrorIsTheSdksOwn() {
        MessageCreateParams params = params("sim-1!status=429", "Hi").build();
        assertThatThrownBy(() -> client.messages().create(params))
                .isInstanceOf(RateLimitException.class);
        MessageCreateParams amid = params("sim-1!error-after=preamble+1", "Hi").build();
        assertThatThrownBy(() -> streamed(amid)).hasMessageContaining("server had an error");
    }

    @Test
    void cachesAreReportedBesideTheInput() {
        Message answer =
                client.messages()
                        .create(
                                params(
                                                "sim-1!input-tokens=1000,cached-tokens=600,cache-write-tokens=300",
                                                "Hi")
                                        .build());
        assertThat(answer.usage().inputTokens()).isEqualTo(100);
        assertThat(answer.usage().cacheReadInputTokens()).contains(600L);
        assertThat(answer.usage().cacheCreationInputTokens()).contains(300L);
    }
}
