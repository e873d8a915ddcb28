package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.chat.Annotation;
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
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What OpenAI's own client reads of ours, and we of what it sends. */
class OpenAiResponsesSdkTest {
    private static final Seal SEAL = new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "s");

    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @Test
    void openAisClientReadsTextReasoningCallsAndUsage() throws IOException {
        Annotation citation =
                new Annotation(
                        Protocol.GEMINI,
                        "https://example.com",
                        "t",
                        0,
                        2,
                        Json.mapper().createObjectNode());
        byte[] stream =
                written(
                        new ChatEvent.Start("up", "up-model"),
                        new ChatEvent.Reasoning(0, 0, "hm"),
                        new ChatEvent.Sealed(0, 0, SEAL, null),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Text(0, 1, "Hello "),
                        new ChatEvent.Ping(),
                        new ChatEvent.Text(0, 1, "\"world\" \u2028é"),
                        new ChatEvent.Annotated(1, citation),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
                        new ChatEvent.CallStart(0, 3, "call_b", "two", false),
                        new ChatEvent.CallArguments(2, "{\"x\":"),
                        new ChatEvent.CallStart(0, 4, "call_c", "free", true),
                        new ChatEvent.CallArguments(4, "a \"b\""),
                        new ChatEvent.CallArguments(2, "1}"),
                        new ChatEvent.BlockEnd(2),
                        new ChatEvent.BlockEnd(3),
                        new ChatEvent.BlockEnd(4),
                        new ChatEvent.UsageReported(Usage.provider(5, 1)),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null),
                        new ChatEvent.UsageReported(
                                new Usage(Usage.Origin.PROVIDER, 50, 20, 10, 0, 9, 4, 0)));

        Response response = accumulated(stream);

        List<ResponseOutputItem> output = response.output();
        ResponseReasoningItem thought = output.get(0).asReasoning();
        assertThat(thought.summary().getFirst().text()).isEqualTo("hm");
        assertThat(thought.encryptedContent()).hasValue(Seals.wrap(SEAL));
        assertThat(output.get(1).asMessage().content().getFirst().asOutputText().text())
                .isEqualTo("Hello \"world\" \u2028é");
        assertThat(
                        output.get(1)
                                .asMessage()
                                .content()
                                .getFirst()
                                .asOutputText()
                                .annotations()
                                .getFirst()
                                .asUrlCitation()
                                .url())
                .isEqualTo("https://example.com");
        assertThat(output.subList(2, 4))
                .extracting(item -> told(item.asFunctionCall()))
                .containsExactly("call_a one {\"x\":1}", "call_b two {}");
        assertThat(output.get(4).asCustomToolCall().input()).isEqualTo("a \"b\"");
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        ResponseUsage usage = response.usage().orElseThrow();
        assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(20);
        assertThat(usage.outputTokensDetails().reasoningTokens()).isEqualTo(4);
        assertThat(usage.totalTokens()).isEqualTo(59);
        response.validate();
    }

    @Test
    void openAisClientReadsEveryEvent() throws IOException {
        byte[] stream =
                written(
                        new ChatEvent.Refusal(0, 0, "I will not."),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Reasoning(0, 1, "hm"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
                        new ChatEvent.CallArguments(2, "{\"x"),
                        new ChatEvent.BlockEnd(2),
                        new ChatEvent.Finish(0, StopReason.LENGTH, null));

        List<ResponseStreamEvent> events = events(stream);

        assertThat(events).hasSize(19).allSatisfy(ResponseStreamEvent::validate);
        Response last = events.getLast().asIncomplete().response();
        assertThat(last.incompleteDetails().orElseThrow().reason())
                .contains(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
        assertThat(last.output().get(2).asFunctionCall().status())
                .contains(ResponseFunctionToolCall.Status.INCOMPLETE);
        assertThat(last.usage()).isEmpty();
    }

    @Test
    void openAisClientReadsAWholeAnswer() throws IOException {
        ChatAnswer answer =
                new ChatAnswer(
                        "up",
                        "m",
                        null,
                        List.of(
                                new ChatAnswer.Choice(
                                        0,
                                        List.of(
                                                new Part.Reasoning("hm", SEAL, null, Extras.NONE),
                                                Part.Text.of("Hi"),
                                                Part.ToolCall.of("call_a", "one", "")),
                                        StopReason.TOOL_CALLS,
                                        null,
                                        null)),
                        Usage.provider(5, 3),
                        null,
                        Extras.NONE);
        Response response =
                served(
                        dialect.writeAnswer(answer, view()),
                        "application/json",
                        client -> client.responses().create(params()).validate());

        assertThat(response.output().get(1).asMessage().content().getFirst().asOutputText().text())
                .isEqualTo("Hi");
        assertThat(told(response.output().get(2).asFunctionCall())).isEqualTo("call_a one {}");
        assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(3);
    }

    @Test
    void openAisClientSeesAnErrorInTheStream() {
        EventWriter writer = dialect.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);
        writer.end(out);

        assertThatThrownBy(() -> accumulated(out.toByteArray())).hasMessageContaining("It broke.");
        List<String> types = types(out.toByteArray());
        assertThat(types.subList(types.size() - 2, types.size()))
                .containsExactly("error", "response.failed");
    }

    @Test
    void openAisClientSeesAnErrorThatEndsAPassedStream() {
        byte[] end =
                dialect.errorEvents(
                        ChatError.of(ErrorKind.UPSTREAM_TIMEOUT, "timeout", "Too late."), "req");

        assertThatThrownBy(() -> accumulated(end)).hasMessageContaining("Too late.");
        assertThat(types(end)).containsExactly("error", "response.failed");
    }

    @Test
    void theTurnThatOpenAisClientSendsBackIsRead() throws Exception {
        byte[] answer =
                written(
                        new ChatEvent.Reasoning(0, 0, "hm"),
                        new ChatEvent.Sealed(0, 0, SEAL, null),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Text(0, 1, "Let me look."),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
                        new ChatEvent.CallArguments(2, "{\"x\":1}"),
                        new ChatEvent.BlockEnd(2),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
        List<ResponseOutputItem> output = accumulated(answer).output();
        ResponseCreateParams next =
                ResponseCreateParams.builder()
                        .model("m")
                        .inputOfResponse(
                                List.of(
                                        ResponseInputItem.ofEasyInputMessage(
                                                EasyInputMessage.builder()
                                                        .role(EasyInputMessage.Role.USER)
                                                        .content("x")
                                                        .build()),
                                        ResponseInputItem.ofReasoning(output.get(0).asReasoning()),
                                        ResponseInputItem.ofResponseOutputMessage(
                                                output.get(1).asMessage()),
                                        ResponseInputItem.ofFunctionCall(
                                                output.get(2).asFunctionCall()),
                                        ResponseInputItem.ofFunctionCallOutput(
                                                ResponseInputItem.FunctionCallOutput.builder()
                                                        .callId("call_a")
                                                        .output("1")
                                                        .build())))
                        .build();

        ChatRequest read = dialect.readRequest(sent(next), Envelope.NONE);

        assertThat(read.messages()).hasSize(3);
        List<Part> turn = read.messages().get(1).parts();
        assertThat(turn.get(0))
                .isInstanceOfSatisfying(
                        Part.Reasoning.class,
                        thought -> {
                            assertThat(thought.text()).isEqualTo("hm");
                            assertThat(thought.seal()).isEqualTo(SEAL);
                        });
        assertThat(turn.get(1)).isEqualTo(Part.Text.of("Let me look."));
        assertThat(turn.get(2))
                .isInstanceOfSatisfying(
                        Part.ToolCall.class,
                        call ->
                                assertThat(call.id() + call.name() + call.arguments())
                                        .isEqualTo("call_aone{\"x\":1}"));
    }

    /** {@return the body in which the client sends the request} */
    private static byte[] sent(ResponseCreateParams request) throws IOException {
        AtomicReference<byte[]> body = new AtomicReference<>(new byte[0]);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    body.set(exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(400, -1);
                    exchange.close();
                });
        server.start();
        OpenAIClient client = client(server);
        try {
            assertThatThrownBy(() -> client.responses().create(request)).isNotNull();
            return body.get();
        } finally {
            client.close();
            server.stop(0);
        }
    }

    private static OpenAIClient client(HttpServer server) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
                .apiKey("key")
                .build();
    }

    private static String told(ResponseFunctionToolCall call) {
        return call.callId() + " " + call.name() + " " + call.arguments();
    }

    private static ResponseCreateParams params() {
        return ResponseCreateParams.builder().model("m").input("x").build();
    }

    private static Response accumulated(byte[] stream) throws IOException {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        events(stream).forEach(accumulator::accumulate);
        return accumulator.response();
    }

    private static List<ResponseStreamEvent> events(byte[] stream) throws IOException {
        return served(
                stream,
                "text/event-stream",
                client -> {
                    try (StreamResponse<ResponseStreamEvent> response =
                                    client.responses().createStreaming(params());
                            Stream<ResponseStreamEvent> events = response.stream()) {
                        return events.toList();
                    }
                });
    }

    private static <T> T served(byte[] body, String type, Function<OpenAIClient, T> call)
            throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("content-type", type);
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        server.start();
        OpenAIClient client = client(server);
        try {
            return call.apply(client);
        } finally {
            client.close();
            server.stop(0);
        }
    }

    private byte[] written(ChatEvent... events) {
        return written(request(), events);
    }

    private byte[] written(ChatRequest request, ChatEvent... events) {
        EventWriter writer = dialect.newEventWriter(view(request));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ChatEvent event : events) {
            writer.write(event, out);
        }
        writer.end(out);
        return out.toByteArray();
    }

    private static List<String> types(byte[] stream) {
        return split(stream).stream().map(SseEvent::type).toList();
    }

    private static List<SseEvent> split(byte[] stream) {
        List<SseEvent> events = new ArrayList<>();
        SseReader sse = new SseReader(1 << 20);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        if (event.hasData()) {
                            events.add(event);
                        }
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("no event is that large");
                    }
                };
        sse.read(stream, sink);
        sse.end(sink);
        return events;
    }

    /** A client that keeps the history itself. */
    private static ChatRequest request() {
        return ChatRequest.builder(Protocol.OPENAI_RESPONSES).stream(true, true)
                .service(new ChatRequest.Service(null, Map.of("a", "b"), null, false, null))
                .build();
    }

    private static ClientView view() {
        return view(request());
    }

    private static ClientView view(ChatRequest request) {
        return new ClientView(request, "1", "shown", Instant.ofEpochSecond(1), 0, true);
    }
}
