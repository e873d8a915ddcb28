package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, checking every field of every answer. */
class OpenAiSdkTest {
    private static final JsonValue CHAT_TOOLS =
            JsonValue.from(
                    List.of(
                            Map.of(
                                    "type",
                                    "function",
                                    "function",
                                    Map.of("name", "get_weather", "parameters", parameters()))));
    private static final JsonValue RESPONSE_TOOLS =
            JsonValue.from(
                    List.of(
                            Map.of(
                                    "type",
                                    "function",
                                    "name",
                                    "get_weather",
                                    "strict",
                                    true,
                                    "parameters",
                                    parameters())));

    private static Upstream upstream;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start();
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(upstream.url("/v1"))
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

    private static Map<String, Object> parameters() {
        return Map.of(
                "type",
                "object",
                "properties",
                Map.of("city", Map.of("type", "string")),
                "required",
                List.of("city"),
                "additionalProperties",
                false);
    }

    private static ChatCompletionCreateParams.Builder chat(String model, String text) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(text);
    }

    private static ChatCompletion streamed(ChatCompletionCreateParams.Builder params) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        params.putAdditionalBodyProperty(
                "stream_options", JsonValue.from(Map.of("include_usage", true)));
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params.build())) {
            stream.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }
        return accumulator.chatCompletion();
    }

    @Test
    void chatIsReadPlainAndStreamed() {
        ChatCompletion plain = client.chat().completions().create(chat("sim-1", "Hi").build());
        ChatCompletion streamed = streamed(chat("sim-reasoning", "Hi"));
        assertThat(plain.choices().getFirst().message().content()).contains("You wrote: Hi");
        assertThat(streamed.choices().getFirst().message().content()).contains("You wrote: Hi");
        assertThat(streamed.usage().orElseThrow().completionTokens()).isGreaterThan(4);
        assertThat(streamed.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    @Test
    void chatToolsAreReadPlainAndStreamed() {
        ChatCompletionCreateParams.Builder params =
                chat("sim-1!calls=2", "Hi").putAdditionalBodyProperty("tools", CHAT_TOOLS);
        for (ChatCompletion answer :
                List.of(client.chat().completions().create(params.build()), streamed(params))) {
            assertThat(answer.choices().getFirst().message().toolCalls().orElseThrow())
                    .hasSize(2)
                    .allSatisfy(call ->
                            assertThat(call.asFunction().function().arguments())
                                    .isEqualTo("{\"city\":\"sample city\"}"));
        }
    }

    @Test
    void anErrorIsTheSdksOwn() {
        ChatCompletionCreateParams params = chat("sim-1!status=429", "Hi").build();
        assertThatThrownBy(() -> client.chat().completions().create(params))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("Rate limit reached");
    }

    @Test
    void responsesAreReadPlainAndStreamedAndLater() {
        ResponseCreateParams.Builder params =
                ResponseCreateParams.builder().model("sim-1").input("Hi");
        Response plain = client.responses().create(params.build());
        assertThat(text(plain)).isEqualTo("You wrote: Hi");
        assertThat(text(streamed(params))).isEqualTo("You wrote: Hi");
        assertThat(text(client.responses().retrieve(plain.id()))).isEqualTo("You wrote: Hi");
        assertThat(client.responses().inputItems().list(plain.id()).data()).hasSize(1);
        client.responses().delete(plain.id());
        assertThatThrownBy(() -> client.responses().retrieve(plain.id()))
                .hasMessageContaining("not found");
        InputTokenCountParams count =
                InputTokenCountParams.builder().model("sim-1").input("Hello there").build();
        assertThat(client.responses().inputTokens().count(count).inputTokens()).isEqualTo(3);
    }

    @Test
    void responsesWithReasoningAndToolsAreReadPlainAndStreamed() {
        ResponseCreateParams.Builder params =
                ResponseCreateParams.builder()
                        .model("sim-1!calls=2,reasoning")
                        .input("Hi")
                        .putAdditionalBodyProperty(
                                "include", JsonValue.from(List.of("reasoning.encrypted_content")))
                        .putAdditionalBodyProperty("tools", RESPONSE_TOOLS);
        for (Response answer :
                List.of(client.responses().create(params.build()), streamed(params))) {
            List<ResponseOutputItem> output = answer.output();
            assertThat(output).hasSize(3);
            assertThat(output.getFirst().asReasoning().summary()).hasSize(1);
            assertThat(output.getFirst().asReasoning().encryptedContent()).isPresent();
            assertThat(output.getLast().asFunctionCall().arguments())
                    .isEqualTo("{\"city\":\"sample city\"}");
        }
    }

    @Test
    void everyOtherTaskIsRead() throws Exception {
        assertThat(
                        client.embeddings()
                                .create(
                                        EmbeddingCreateParams.builder()
                                                .model("sim-embedding")
                                                .inputOfArrayOfStrings(List.of("a", "b"))
                                                .build())
                                .data())
                .hasSize(2)
                .allSatisfy(one -> assertThat(length(one.embedding())).isBetween(0.999, 1.001));
        assertThat(
                        client.completions()
                                .create(
                                        CompletionCreateParams.builder()
                                                .model("sim-1")
                                                .prompt("Hi")
                                                .build())
                                .choices()
                                .getFirst()
                                .text())
                .isEqualTo("You wrote: Hi");
        assertThat(
                        client.moderations()
                                .create(
                                        ModerationCreateParams.builder()
                                                .model("sim-1")
                                                .input("I kill you")
                                                .build())
                                .results()
                                .getFirst()
                                .flagged())
                .isTrue();
        assertThat(client.models().list().data()).hasSize(4);
    }

    @Test
    void imagesAndSoundsAreReal() throws Exception {
        String png =
                client.images()
                        .generate(
                                ImageGenerateParams.builder().model("sim-1").prompt("blue").build())
                        .data()
                        .orElseThrow()
                        .getFirst()
                        .b64Json()
                        .orElseThrow();
        byte[] image = Base64.getDecoder().decode(png);
        assertThat(ImageIO.read(new ByteArrayInputStream(image)).getWidth()).isEqualTo(8);
        assertThat(
                        client.images()
                                .edit(
                                        ImageEditParams.builder()
                                                .model("sim-1")
                                                .prompt("bluer")
                                                .image(new ByteArrayInputStream(image))
                                                .build())
                                .data()
                                .orElseThrow())
                .hasSize(1);
        SpeechCreateParams speech =
                SpeechCreateParams.builder().model("sim-1").voice("alloy").input("Hello").build();
        byte[] sound;
        try (HttpResponse response = client.audio().speech().create(speech)) {
            sound = response.body().readAllBytes();
        }
        assertThat(
                        AudioSystem.getAudioInputStream(new ByteArrayInputStream(sound))
                                .getFrameLength())
                .isEqualTo(400);
        assertThat(
                        client.audio()
                                .transcriptions()
                                .create(
                                        TranscriptionCreateParams.builder()
                                                .model("sim-1")
                                                .file(new ByteArrayInputStream(sound))
                                                .build())
                                .asTranscription()
                                .text())
                .isEqualTo("A sound of 444 bytes.");
    }

    private static Response streamed(ResponseCreateParams.Builder params) {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(params.build())) {
            stream.stream().forEach(event -> accumulator.accumulate(event.validate()));
        }
        return accumulator.response().validate();
    }

    private static String text(Response response) {
        return response.output().getFirst().asMessage().content().getFirst().asOutputText().text();
    }

    private static double length(List<Float> vector) {
        return Math.sqrt(vector.stream().mapToDouble(c -> (double) c * c).sum());
    }
}
