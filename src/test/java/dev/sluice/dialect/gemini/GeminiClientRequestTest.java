package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.genai.Client;
import com.google.genai.types.Content;
import com.google.genai.types.CountTokensConfig;
import com.google.genai.types.FunctionCallingConfig;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.ToolConfig;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Seal;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.rules.Seals;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What Google's own client sends is read as what was asked of it. */
class GeminiClientRequestTest {
    private static final Seal SEAL =
            new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "a~seal?of>anthropic");

    /** What arrived: the path with its query, and the body. */
    private record Sent(URI uri, byte[] body) {
        GeminiPaths.Call call() {
            return GeminiPaths.read(uri.getRawPath(), uri.getRawQuery()).orElseThrow();
        }

        ChatRequest request() throws Exception {
            Envelope envelope = new Envelope(call().model(), call().isStream(), List.of());
            return new GeminiDialect().readRequest(body, envelope);
        }
    }

    @Test
    void aConversationWithToolsThoughtsAndImagesIsRead() throws Exception {
        Sent sent =
                sent(client ->
                        client.models.generateContentStream("g/m:1", conversation(), config()));
        ChatRequest request = sent.request();

        assertThat(sent.call())
                .isEqualTo(new GeminiPaths.Call("g/m:1", GeminiPaths.Method.STREAM, true));
        assertThat(request.messages())
                .extracting(Message::role)
                .containsExactly(
                        Message.Role.SYSTEM,
                        Message.Role.USER,
                        Message.Role.ASSISTANT,
                        Message.Role.TOOL);
        assertThat(request.messages().get(1).parts().get(1))
                .isInstanceOf(dev.sluice.chat.Part.Image.class);
        List<dev.sluice.chat.Part> turn = request.messages().get(2).parts();
        assertThat(((dev.sluice.chat.Part.Reasoning) turn.getFirst()).seal()).isEqualTo(SEAL);
        assertThat(((dev.sluice.chat.Part.ToolCall) turn.getLast()).arguments())
                .isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(request.messages().getLast().parts().getFirst())
                .isInstanceOfSatisfying(
                        dev.sluice.chat.Part.ToolResult.class,
                        result ->
                                assertThat(result.content())
                                        .containsExactly(dev.sluice.chat.Part.Text.of("rain")));
    }

    @Test
    void toolsAndSettingsAreRead() throws Exception {
        ChatRequest request =
                sent(client -> client.models.generateContent("m", "x", config())).request();

        assertThat(request.stream()).isFalse();
        assertThat(request.tools())
                .singleElement()
                .isInstanceOfSatisfying(
                        dev.sluice.chat.Tool.Function.class,
                        function ->
                                assertThat(Objects.toString(function.parameters()))
                                        .contains("\"type\":\"object\"")
                                        .contains("\"city\":{\"type\":\"string\"}"));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.One("weather", false));
        assertThat(request.outputFormat()).isInstanceOf(OutputFormat.JsonSchema.class);
        assertThat(request.reasoning())
                .isEqualTo(new ReasoningOptions(Effort.LOW, 500L, null, true, null));
        assertThat(request.limits().maxOutputTokens()).isEqualTo(99);
        assertThat(request.limits().stop()).containsExactly("END");
        assertThat(request.sampling().topK()).isEqualTo(40);
        assertThat(request.sampling().seed()).isEqualTo(7);
        assertThat(request.extras().isEmpty()).isTrue();
    }

    @Test
    void aCountIsRead() throws Exception {
        Sent sent =
                sent(client ->
                        client.models.countTokens(
                                "m", "how many?", CountTokensConfig.builder().build()));
        ChatRequest request =
                GeminiCountTokens.readRequest(sent.body(), new Envelope("m", false, List.of()));

        assertThat(sent.call().method()).isEqualTo(GeminiPaths.Method.COUNT);
        assertThat(request.messages().getLast().parts())
                .containsExactly(dev.sluice.chat.Part.Text.of("how many?"));
    }

    private static List<Content> conversation() {
        byte[] signature = Base64.getDecoder().decode(Seals.wrap(SEAL));
        return List.of(
                Content.builder()
                        .role("user")
                        .parts(
                                Part.fromText("Look."),
                                Part.fromBytes(new byte[] {-1, -2, -3, -4}, "image/png"))
                        .build(),
                Content.builder()
                        .role("model")
                        .parts(
                                Part.builder().text("hm").thought(true).build(),
                                Part.builder()
                                        .text("")
                                        .thought(true)
                                        .thoughtSignature(signature)
                                        .build(),
                                Part.fromFunctionCall("weather", Map.of("city", "Oslo")))
                        .build(),
                Content.builder()
                        .role("user")
                        .parts(Part.fromFunctionResponse("weather", Map.of("output", "rain")))
                        .build());
    }

    private static GenerateContentConfig config() {
        Schema schema =
                Schema.builder()
                        .type("OBJECT")
                        .properties(Map.of("city", Schema.builder().type("STRING").build()))
                        .build();
        return GenerateContentConfig.builder()
                .systemInstruction(Content.fromParts(Part.fromText("Be brief.")))
                .temperature(0.5f)
                .topK(40f)
                .seed(7)
                .maxOutputTokens(99)
                .stopSequences("END")
                .responseMimeType("application/json")
                .responseSchema(schema)
                .thinkingConfig(
                        ThinkingConfig.builder().includeThoughts(true).thinkingBudget(500).build())
                .tools(
                        Tool.builder()
                                .functionDeclarations(
                                        FunctionDeclaration.builder()
                                                .name("weather")
                                                .parameters(schema)
                                                .build())
                                .build())
                .toolConfig(
                        ToolConfig.builder()
                                .functionCallingConfig(
                                        FunctionCallingConfig.builder()
                                                .mode("ANY")
                                                .allowedFunctionNames("weather")
                                                .build())
                                .build())
                .build();
    }

    private static Sent sent(Consumer<Client> call) throws IOException {
        AtomicReference<Sent> seen = new AtomicReference<>();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    seen.set(new Sent(exchange.getRequestURI(), body));
                    byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("content-type", "application/json");
                    exchange.sendResponseHeaders(200, answer.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(answer);
                    }
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (Client client =
                Client.builder()
                        .apiKey("key")
                        .httpOptions(HttpOptions.builder().baseUrl(url).build())
                        .build()) {
            call.accept(client);
        } finally {
            server.stop(0);
        }
        return Objects.requireNonNull(seen.get());
    }
}
