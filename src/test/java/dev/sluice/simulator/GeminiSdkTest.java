package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Content;
import com.google.genai.types.CountTokensConfig;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GetModelConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK. */
class GeminiSdkTest {
    private static final GenerateContentConfig PLAIN = GenerateContentConfig.builder().build();
    private static final GenerateContentConfig TOOLS =
            GenerateContentConfig.builder()
                    .tools(
                            Tool.builder()
                                    .functionDeclarations(
                                            FunctionDeclaration.builder()
                                                    .name("get_weather")
                                                    .parameters(
                                                            Schema.builder()
                                                                    .type("OBJECT")
                                                                    .properties(
                                                                            Map.of(
                                                                                    "city",
                                                                                    Schema.builder()
                                                                                            .type(
                                                                                                    "STRING")
                                                                                            .build()))
                                                                    .build())
                                                    .build())
                                    .build())
                    .build();

    private static Upstream upstream;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start();
        client =
                Client.builder()
                        .apiKey("any")
                        .httpOptions(HttpOptions.builder().baseUrl(upstream.url("")).build())
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        upstream.close();
    }

    private static List<GenerateContentResponse> streamed(
            String model, String text, GenerateContentConfig config) {
        List<GenerateContentResponse> chunks = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(model, text, config)) {
            stream.forEach(chunks::add);
        }
        return chunks;
    }

    private static List<Part> parts(GenerateContentResponse response) {
        return Objects.requireNonNull(response.parts());
    }

    @Test
    void contentIsReadPlainAndStreamed() {
        GenerateContentResponse plain =
                client.models.generateContent("sim-1", "Hello there", PLAIN);
        assertThat(plain.text()).isEqualTo("You wrote: Hello there");
        assertThat(plain.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertThat(plain.usageMetadata().orElseThrow().promptTokenCount()).contains(3);
        List<GenerateContentResponse> chunks = streamed("sim-1", "Hello there", PLAIN);
        assertThat(String.join("", chunks.stream().map(GenerateContentResponse::text).toList()))
                .isEqualTo("You wrote: Hello there");
        assertThat(chunks.getLast().usageMetadata().orElseThrow().candidatesTokenCount())
                .contains(6);
        assertThat(chunks.getLast().finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
    }

    @Test
    void callsAreReadPlainAndStreamedAndTheirResultAnswered() {
        GenerateContentResponse plain = client.models.generateContent("sim-1!calls=2", "Hi", TOOLS);
        List<FunctionCall> calls = Objects.requireNonNull(plain.functionCalls());
        assertThat(calls).hasSize(2);
        assertThat(calls.getFirst().args()).contains(Map.of("city", "sample city"));
        List<FunctionCall> streamed = new ArrayList<>();
        for (GenerateContentResponse chunk : streamed("sim-1!calls=2", "Hi", TOOLS)) {
            List<FunctionCall> inChunk = chunk.functionCalls();
            if (inChunk != null) {
                streamed.addAll(inChunk);
            }
        }
        assertThat(streamed).hasSize(2);
        Content result =
                Content.fromParts(
                        Part.fromFunctionResponse("get_weather", Map.of("output", "sunny")));
        List<Content> turns =
                List.of(
                        Content.fromParts(Part.fromText("Use a tool")),
                        plain.candidates().orElseThrow().getFirst().content().orElseThrow(),
                        result);
        assertThat(client.models.generateContent("sim-1", turns, TOOLS).text())
                .isEqualTo("The tool answered: sunny");
    }

    @Test
    void thoughtsAndSignaturesAreRead() {
        GenerateContentConfig config =
                GenerateContentConfig.builder()
                        .thinkingConfig(ThinkingConfig.builder().includeThoughts(true).build())
                        .build();
        List<Part> parts = parts(client.models.generateContent("sim-1", "Hi", config));
        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst().thought()).contains(true);
        assertThat(parts.getLast().thoughtSignature()).isPresent();
        assertThat(parts(streamed("sim-1", "Hi", config).getFirst()).getFirst().thought())
                .contains(true);
    }

    @Test
    void structuredOutputFollowsItsSchema() {
        GenerateContentConfig config =
                GenerateContentConfig.builder()
                        .responseMimeType("application/json")
                        .responseSchema(
                                Schema.builder()
                                        .type("ARRAY")
                                        .items(Schema.builder().type("INTEGER").build())
                                        .build())
                        .build();
        assertThat(client.models.generateContent("sim-1", "Hi", config).text()).isEqualTo("[1]");
    }

    @Test
    void aPictureIsSeen() {
        Content content =
                Content.fromParts(
                        Part.fromText("Look"), Part.fromBytes(new byte[] {1, 2}, "image/png"));
        GenerateContentResponse answer = client.models.generateContent("sim-1", content, PLAIN);
        assertThat(answer.text()).isEqualTo("I see 1 attachment. You wrote: Look");
        assertThat(answer.usageMetadata().orElseThrow().promptTokenCount()).contains(257);
    }

    @Test
    void tokensAreCountedAndModelsListed() {
        assertThat(
                        client.models
                                .countTokens(
                                        "sim-1", "Hello there", CountTokensConfig.builder().build())
                                .totalTokens())
                .contains(3);
        assertThat(client.models.get("sim-1", GetModelConfig.builder().build()).name())
                .contains("models/sim-1");
    }

    @Test
    void anErrorIsTheSdksOwn() {
        assertThatThrownBy(() -> client.models.generateContent("sim-1!status=404", "Hi", PLAIN))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("404");
        assertThatThrownBy(() -> streamed("sim-1!error-after=2,error=503", "Hi", PLAIN))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void withoutAltSseTheStreamIsOneArray() throws Exception {
        String path = "/v1beta/models/sim-1:streamGenerateContent";
        String body = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}";
        String array = upstream.post(path, body).body();
        assertThat(array).startsWith("[{\"candidates\"").endsWith("}]");
        assertThat(Upstream.json("{\"all\":" + array + "}").path("all")).hasSize(4);
        String broken = upstream.post(path, body, "x-simulate", "error-after=1").body();
        assertThat(Upstream.json("{\"all\":" + broken + "}").path("all").path(1).has("error"))
                .isTrue();
    }
}
