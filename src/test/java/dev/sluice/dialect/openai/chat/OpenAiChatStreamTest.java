package dev.sluice.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.SpoiledJson;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a Chat stream says, and what OpenAI's own client reads of ours. */
class OpenAiChatStreamTest {
    private static final Memory MEMORY = Memory.of(UpstreamTraits.standard("vendor", "m"));

    private final OpenAiChatDialect dialect = new OpenAiChatDialect();

    @Test
    void openAisClientReadsTextReasoningCallsAndUsage() throws IOException {
        EventWriter writer = dialect.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Seal seal = new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "s");
        Annotation citation =
                new Annotation(
                        Protocol.GEMINI,
                        "https://example.com",
                        "t",
                        0,
                        2,
                        Json.mapper().createObjectNode());
        List.of(
                        new ChatEvent.Start("up", "up-model"),
                        new ChatEvent.Reasoning(0, 0, "hm"),
                        new ChatEvent.Sealed(0, 0, seal, null),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Text(0, 1, "Hello "),
                        new ChatEvent.Ping(),
                        new ChatEvent.Text(0, 1, "\"world\" \u2028é"),
                        new ChatEvent.Annotated(1, citation),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
                        new ChatEvent.CallStart(0, 3, "call_b", "two", false),
                        new ChatEvent.CallArguments(2, "{\"x\":"),
                        new ChatEvent.CallArguments(3, "{}"),
                        new ChatEvent.CallArguments(2, "1}"),
                        new ChatEvent.BlockEnd(2),
                        new ChatEvent.BlockEnd(3),
                        new ChatEvent.UsageReported(Usage.provider(5, 1)),
                        new ChatEvent.UsageReported(
                                new Usage(Usage.Origin.PROVIDER, 5, 2, 0, 0, 9, 4, 0)),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null))
                .forEach(event -> writer.write(event, out));
        writer.end(out);

        ChatCompletion completion = accumulated(out.toByteArray());

        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.message().content()).contains("Hello \"world\" \u2028é");
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageFunctionToolCall> calls =
                choice.message().toolCalls().orElseThrow().stream()
                        .map(call -> call.asFunction())
                        .toList();
        assertThat(calls)
                .extracting(
                        call -> call.id() + call.function().name() + call.function().arguments())
                .containsExactly("call_aone{\"x\":1}", "call_btwo{}");
        assertThat(completion.model()).isEqualTo("shown");
        assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(14);
    }

    @Test
    void openAisClientSeesAnErrorInTheStream() {
        EventWriter writer = dialect.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);

        assertThatThrownBy(() -> accumulated(out.toByteArray())).hasMessageContaining("It broke.");
    }

    @Test
    void aCallIsHeldUntilItsNameIsKnown() {
        List<ChatEvent> events =
                read(
                        MEMORY,
                        delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{\"}}]}"),
                        delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"}\"}}]}"),
                        "[DONE]");

        assertThat(events)
                .containsExactly(
                        new ChatEvent.Start("i", "m"),
                        new ChatEvent.CallStart(0, 0, "a", "f", false),
                        new ChatEvent.CallArguments(0, "{"),
                        new ChatEvent.CallArguments(0, "}"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
    }

    @Test
    void twoCallsOfOneNameOnOneIndexAreTwo() {
        String call =
                "{\"tool_calls\":[{\"index\":0,\"id\":\"%s\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";

        assertThat(read(MEMORY, delta(call.formatted("a")), delta(call.formatted("b")), "[DONE]"))
                .filteredOn(ChatEvent.CallStart.class::isInstance)
                .extracting(event -> ((ChatEvent.CallStart) event).id())
                .containsExactly("a", "b");
    }

    @Test
    void thinkTagsAreSplitOnlyBehindTheFlag() {
        String[] chunks = {
            delta("{\"content\":\"<thi\"}"),
            delta("{\"content\":\"nk>a</think>\\n\\nb\"}"),
            "[DONE]"
        };
        Memory splitting =
                Memory.of(UpstreamTraits.standard("ollama", "m").with(Trait.THINK_TAGS, "true"));

        assertThat(read(splitting, chunks))
                .contains(new ChatEvent.Reasoning(0, 0, "a"), new ChatEvent.Text(0, 1, "b"));
        assertThat(read(MEMORY, chunks)).contains(new ChatEvent.Text(0, 0, "<thi"));
    }

    @Test
    void aStreamThatEndsWithoutTerminatorFailed() {
        assertThat(read(MEMORY, delta("{\"content\":\"half\"}")).getLast())
                .isInstanceOf(ChatEvent.Failed.class);
        assertThat(read(MEMORY).getLast()).isInstanceOf(ChatEvent.Failed.class);
    }

    @Test
    void nothingFollowsAFailure() {
        List<ChatEvent> events =
                read(
                        MEMORY,
                        "{\"error\":{\"message\":\"m\",\"code\":502}}",
                        delta("{\"content\":\"x\"}"),
                        "[DONE]");

        assertThat(events).hasSize(1).first().isInstanceOf(ChatEvent.Failed.class);
    }

    @Test
    void severalChoicesKeepApart() {
        List<ChatEvent> events =
                read(
                        MEMORY,
                        delta("{\"content\":\"a\"}"),
                        delta("{\"content\":\"b\"}").replace("\"index\":0", "\"index\":1"),
                        delta("{\"content\":\"c\"}"),
                        "[DONE]");

        assertThat(events)
                .contains(
                        new ChatEvent.Text(0, 0, "a"),
                        new ChatEvent.Text(1, 1, "b"),
                        new ChatEvent.Text(0, 0, "c"),
                        new ChatEvent.Finish(0, StopReason.STOP, null),
                        new ChatEvent.Finish(1, StopReason.STOP, null));
    }

    @Test
    void arbitraryChunksAndAnswersAreReadWithoutCrashing() {
        String sample =
                delta(
                        "{\"content\":\"x\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"t\"}],"
                                + "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}],"
                                + "\"annotations\":[{\"url_citation\":{\"url\":\"u\"}}],\"images\":[{\"image_url\":{\"url\":\"u\"}}]}");
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            String chunk = SpoiledJson.of(sample, random);
            List<ChatEvent> events = read(MEMORY, chunk, sample, chunk, "[DONE]");
            assertThat(events.getLast())
                    .as("seed %d", seed)
                    .isInstanceOfAny(ChatEvent.Finish.class, ChatEvent.Failed.class);
            byte[] answer =
                    chunk.replace("\"delta\"", "\"message\"").getBytes(StandardCharsets.UTF_8);
            assertThat(dialect.readAnswer(answer, MEMORY)).as("seed %d", seed).isNotNull();
        }
    }

    private List<ChatEvent> read(Memory memory, String... chunks) {
        EventReader reader = dialect.newEventReader(memory);
        List<ChatEvent> events = new ArrayList<>();
        for (String chunk : chunks) {
            byte[] data = chunk.getBytes(StandardCharsets.UTF_8);
            reader.read(new SseEvent(data, "", data, true), events::add);
        }
        reader.end(events::add);
        return events;
    }

    private static String delta(String delta) {
        return "{\"id\":\"i\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}";
    }

    private static ClientView view() {
        ChatRequest request = ChatRequest.builder(Protocol.OPENAI_CHAT).stream(true, true).build();
        return new ClientView(request, "1", "shown", Instant.ofEpochSecond(1), 0, true);
    }

    private static ChatCompletion accumulated(byte[] stream) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("content-type", "text/event-stream");
                    exchange.sendResponseHeaders(200, stream.length);
                    try (OutputStream body = exchange.getResponseBody()) {
                        body.write(stream);
                    }
                });
        server.start();
        OpenAIClient client =
                OpenAIOkHttpClient.builder()
                        .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
                        .apiKey("key")
                        .build();
        ChatCompletionCreateParams params =
                ChatCompletionCreateParams.builder().model("m").addUserMessage("x").build();
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> response =
                        client.chat().completions().createStreaming(params);
                Stream<ChatCompletionChunk> chunks = response.stream()) {
            chunks.forEach(accumulator::accumulate);
            return accumulator.chatCompletion();
        } finally {
            client.close();
            server.stop(0);
        }
    }
}
