package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What Google's own client reads of what is written for it. */
class GeminiClientTest {
    private static final Usage USAGE = new Usage(Usage.Origin.PROVIDER, 50, 20, 0, 0, 9, 4, 0);
    private static final ChatEvent[] CONVERSATION = {
        new ChatEvent.Start("up", "up-model"),
        new ChatEvent.Reasoning(0, 0, "hm"),
        new ChatEvent.Sealed(
                0, 0, new Seal("anthropic", "claude", Seal.Kind.SIGNATURE, "sig"), null),
        new ChatEvent.BlockEnd(0),
        new ChatEvent.Text(0, 1, "Hello "),
        new ChatEvent.Ping(),
        new ChatEvent.Text(0, 1, "\"world\" é"),
        new ChatEvent.BlockEnd(1),
        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
        new ChatEvent.CallArguments(2, "{\"x\":"),
        new ChatEvent.CallStart(0, 3, "call_b", "one", false),
        new ChatEvent.CallArguments(3, "{\"y\":2}"),
        new ChatEvent.CallStart(0, 4, "call_c", "three", false),
        new ChatEvent.BlockEnd(3),
        new ChatEvent.CallArguments(2, "1}"),
        new ChatEvent.BlockEnd(2),
        new ChatEvent.BlockEnd(4),
        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null),
        new ChatEvent.UsageReported(USAGE)
    };

    private final GeminiDialect dialect = new GeminiDialect();

    @Test
    void googlesClientReadsThoughtsTextParallelCallsAndUsage() throws IOException {
        List<GenerateContentResponse> chunks =
                streamed(written(view(true), CONVERSATION), "text/event-stream");

        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> calls = new ArrayList<>();
        List<byte[]> signatures = new ArrayList<>();
        for (GenerateContentResponse chunk : chunks) {
            for (com.google.genai.types.Part part : Objects.requireNonNull(chunk.parts())) {
                boolean thought = part.thought().orElse(false);
                (thought ? thoughts : text).append(part.text().orElse(""));
                part.functionCall().ifPresent(call -> calls.add(told(call)));
                part.thoughtSignature().ifPresent(signatures::add);
            }
            assertThat(chunk.modelVersion()).contains("shown");
        }
        assertThat(thoughts).hasToString("hm");
        assertThat(text).hasToString("Hello \"world\" é");
        assertThat(calls)
                .containsExactly("call_b one {y=2}", "call_a one {x=1}", "call_c three {}");
        assertThat(signatures)
                .singleElement()
                .satisfies(raw ->
                        assertThat(new String(raw, StandardCharsets.UTF_8))
                                .isEqualTo("gw1|anthropic|claude|sig|sig"));
        GenerateContentResponse last = chunks.getLast();
        assertThat(last.finishReason().toString()).isEqualTo("STOP");
        assertThat(last.usageMetadata().orElseThrow().promptTokenCount()).contains(50);
        assertThat(last.usageMetadata().orElseThrow().cachedContentTokenCount()).contains(20);
        assertThat(last.usageMetadata().orElseThrow().candidatesTokenCount()).contains(5);
        assertThat(last.usageMetadata().orElseThrow().thoughtsTokenCount()).contains(4);
        assertThat(last.usageMetadata().orElseThrow().totalTokenCount()).contains(59);
    }

    @Test
    void googlesClientReadsAWholeAnswer() throws IOException {
        ChatAnswer answer =
                answer(
                        StopReason.TOOL_CALLS,
                        new Part.Reasoning("hm", null, null, Extras.NONE),
                        Part.Text.of("Hi"),
                        Part.ToolCall.of("call_a", "one", ""));
        byte[] body = dialect.writeAnswer(answer, view(false));
        GenerateContentResponse response =
                served(
                        body,
                        "application/json",
                        client -> client.models.generateContent("m", "x", null));

        assertThat(response.text()).isEqualTo("Hi");
        assertThat(
                        Objects.requireNonNull(response.functionCalls()).stream()
                                .map(GeminiClientTest::told))
                .containsExactly("call_a one {}");
        assertThat(response.usageMetadata().orElseThrow().candidatesTokenCount()).contains(5);
        assertThat(response.responseId()).contains("1");
    }

    @Test
    void googlesClientSeesAnErrorInTheStream() {
        EventWriter writer = dialect.newEventWriter(view(true));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);
        writer.end(out);

        assertThatThrownBy(() -> streamed(out.toByteArray(), "text/event-stream"))
                .hasMessageContaining("It broke.");
    }

    @Test
    void googlesClientSeesAnErrorInsteadOfAnAnswer() {
        ChatError error = ChatError.of(ErrorKind.LIMITED, "rate_limit_exceeded", "Slower.");

        assertThatThrownBy(() ->
                        served(
                                dialect.status(error),
                                dialect.errorBody(error, "r"),
                                "application/json",
                                client -> client.models.generateContent("m", "x", null)))
                .hasMessageContaining("429")
                .hasMessageContaining("Slower.");
    }

    @Test
    void aStreamAsAnArrayHoldsTheSameChunks() throws IOException {
        byte[] events = written(view(true), CONVERSATION);
        JsonNode array = Json.tree(written(view(false), CONVERSATION));

        List<String> chunks = new ArrayList<>();
        for (String event : new String(events, StandardCharsets.UTF_8).split("\r\n\r\n", 0)) {
            chunks.add(event.substring("data: ".length()));
        }
        assertThat(array.valueStream().map(JsonNode::toString)).isEqualTo(chunks);
    }

    @Test
    void anArrayIsValidAlsoWhenTheStreamFails() {
        EventWriter writer = dialect.newEventWriter(view(false));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);
        writer.end(out);

        JsonNode array = Json.tree(out.toByteArray());
        assertThat(array.at("/1/error/message").asString("")).isEqualTo("It broke.");
    }

    @Test
    void theLastChunkAloneBearsReasonAndUsage() {
        String[] events =
                new String(written(view(true), CONVERSATION), StandardCharsets.UTF_8)
                        .split("\r\n\r\n", 0);

        for (int i = 0; i < events.length - 1; i++) {
            assertThat(events[i]).doesNotContain("finishReason", "usageMetadata");
        }
        assertThat(events[events.length - 1]).contains("finishReason", "usageMetadata");
        assertThat(events[events.length - 1]).doesNotContain("event:");
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, MAX_TOKENS", "TOOL_CALLS, MALFORMED_FUNCTION_CALL"})
    void aCallWhoseArgumentsAreCutIsLeftOutAndSaid(StopReason reason, String said) {
        byte[] stream =
                written(
                        view(true),
                        new ChatEvent.CallStart(0, 0, "call_a", "one", false),
                        new ChatEvent.CallArguments(0, "{\"x\":"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, reason, null));
        byte[] whole =
                dialect.writeAnswer(
                        answer(reason, Part.ToolCall.of("call_a", "one", "{\"x\":")), view(false));

        assertThat(new String(stream, StandardCharsets.UTF_8))
                .contains("\"finishReason\":\"" + said + "\"")
                .doesNotContain("functionCall\":{");
        assertThat(new String(whole, StandardCharsets.UTF_8))
                .contains("\"finishReason\":\"" + said + "\"")
                .doesNotContain("functionCall\":{");
    }

    @Test
    void severalChoicesKeepTheirNumbers() {
        String stream =
                new String(
                        written(
                                view(true),
                                new ChatEvent.Text(0, 0, "a"),
                                new ChatEvent.Text(1, 1, "b"),
                                new ChatEvent.BlockEnd(0),
                                new ChatEvent.BlockEnd(1),
                                new ChatEvent.Finish(0, StopReason.STOP, null),
                                new ChatEvent.Finish(1, StopReason.LENGTH, null)),
                        StandardCharsets.UTF_8);

        assertThat(stream).contains("[{\"text\":\"b\"}],\"role\":\"model\"},\"index\":1}");
        assertThat(stream).contains("\"finishReason\":\"MAX_TOKENS\",\"index\":1");
    }

    private byte[] written(ClientView view, ChatEvent... events) {
        EventWriter writer = dialect.newEventWriter(view);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List.of(events).forEach(event -> writer.write(event, out));
        writer.end(out);
        return out.toByteArray();
    }

    private static ChatAnswer answer(StopReason reason, Part... parts) {
        return new ChatAnswer(
                "up",
                "m",
                null,
                List.of(new ChatAnswer.Choice(0, List.of(parts), reason, null, null)),
                USAGE,
                null,
                Extras.NONE);
    }

    private static ClientView view(boolean serverSentEvents) {
        ChatRequest request = ChatRequest.builder(Protocol.GEMINI).stream(true, true).build();
        return new ClientView(request, "1", "shown", Instant.ofEpochSecond(1), 7, serverSentEvents);
    }

    private static String told(FunctionCall call) {
        return call.id().orElse("")
                + " "
                + call.name().orElse("")
                + " "
                + call.args().map(Object::toString).orElse("");
    }

    private static List<GenerateContentResponse> streamed(byte[] stream, String type)
            throws IOException {
        return served(
                stream,
                type,
                client -> {
                    List<GenerateContentResponse> chunks = new ArrayList<>();
                    try (ResponseStream<GenerateContentResponse> response =
                            client.models.generateContentStream("m", "x", null)) {
                        response.forEach(chunks::add);
                    }
                    return chunks;
                });
    }

    private static <T> T served(byte[] body, String type, Function<Client, T> call)
            throws IOException {
        return served(200, body, type, call);
    }

    private static <T> T served(int status, byte[] body, String type, Function<Client, T> call)
            throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("content-type", type);
                    exchange.sendResponseHeaders(status, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        try (Client client =
                Client.builder()
                        .apiKey("key")
                        .httpOptions(HttpOptions.builder().baseUrl(url).build())
                        .build()) {
            return call.apply(client);
        } finally {
            server.stop(0);
        }
    }
}
