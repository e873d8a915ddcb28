package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTool;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Java, pointed at the gateway as its users would. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiClientTest {
    private RunningGateway gateway;
    private OpenAIClient client;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        client = client(gateway.apiKey());
    }

    @AfterAll
    void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void readsAPlainAnswer() {
        ChatCompletion answer = client.chat().completions().create(hello().build());

        assertThat(answer.choices().getFirst().message().content()).hasValue("You wrote: Hello");
        assertThat(answer.usage()).isPresent();
    }

    @Test
    void readsAStreamWithItsUsage() {
        ChatCompletionCreateParams asked =
                hello().streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        StringBuilder text = new StringBuilder();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(asked)) {
            stream.stream().forEach(chunks::add);
        }
        chunks.forEach(chunk ->
                chunk.choices()
                        .forEach(choice -> choice.delta().content().ifPresent(text::append)));

        assertThat(text).hasToString("You wrote: Hello");
        assertThat(chunks.getLast().usage()).isPresent();
    }

    @Test
    void readsACallOfATool() {
        ChatCompletionCreateParams asked =
                hello().addTool(weather())
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .build();
        var calls =
                client.chat()
                        .completions()
                        .create(asked)
                        .choices()
                        .getFirst()
                        .message()
                        .toolCalls()
                        .orElseThrow();

        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().asFunction().function().name()).isEqualTo("weather");
        assertThat(calls.getFirst().asFunction().function().arguments()).contains("city");
    }

    @Test
    void listsTheModels() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .contains("sim-1", "sim-reasoning");
        assertThat(client.models().retrieve("sim-1").id()).isEqualTo("sim-1");
    }

    @Test
    void raisesItsOwnErrors() {
        OpenAIClient stranger = client("sk-auto-nobody");
        assertThatThrownBy(() -> stranger.chat().completions().create(hello().build()))
                .isInstanceOf(UnauthorizedException.class);
        stranger.close();
        assertThatThrownBy(() -> client.models().retrieve("no-such"))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() ->
                        client.chat()
                                .completions()
                                .create(hello().model("simulator/sim-1!status=429").build()))
                .isInstanceOf(RateLimitException.class);
    }

    @Test
    void raisesWhenAStreamBreaks() {
        ChatCompletionCreateParams asked =
                hello().model("simulator/sim-1!chunks=8,cut-after=4").build();
        assertThatThrownBy(
                        () -> {
                            try (StreamResponse<ChatCompletionChunk> stream =
                                    client.chat().completions().createStreaming(asked)) {
                                assertThat(stream.stream().count()).isPositive();
                            }
                        })
                .hasMessageContaining("before the answer was whole");
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(gateway.url() + "/v1")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder hello() {
        return ChatCompletionCreateParams.builder().model("sim-1").addUserMessage("Hello");
    }

    private static ChatCompletionTool weather() {
        FunctionParameters parameters =
                FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .build();
        return ChatCompletionTool.ofFunction(
                ChatCompletionFunctionTool.builder()
                        .function(
                                FunctionDefinition.builder()
                                        .name("weather")
                                        .parameters(parameters)
                                        .build())
                        .build());
    }
}
