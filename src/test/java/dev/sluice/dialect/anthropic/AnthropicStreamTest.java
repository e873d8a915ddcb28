package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.ToolUseBlock;
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
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.SpoiledJson;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.sse.SseEvent;
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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a Messages stream says, and what Anthropic's own client reads of ours. */
class AnthropicStreamTest {
    private static final UpstreamTraits CLAUDE = UpstreamTraits.standard("anthropic", "m");
    private static final Memory MEMORY = Memory.of(CLAUDE);

    private final AnthropicDialect dialect = new AnthropicDialect();

    @Test
    void anthropicsClientReadsThinkingTextInterleavedCallsAndUsage() throws IOException {
        byte[] stream =
                written(
                        new ChatEvent.Start("up", "up-model"),
                        new ChatEvent.Reasoning(0, 0, "hm"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Text(0, 1, "Hello "),
                        new ChatEvent.Ping(),
                        new ChatEvent.Text(0, 1, "\"world\" é"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.CallStart(0, 2, "call_a", "one", false),
                        new ChatEvent.CallArguments(2, "{\"x\":"),
                        new ChatEvent.CallStart(0, 3, "call_b", "two", false),
                        new ChatEvent.CallArguments(3, "{\"y\":2}"),
                        new ChatEvent.CallStart(0, 4, "call_c", "three", false),
                        new ChatEvent.BlockEnd(3),
                        new ChatEvent.CallArguments(2, "1}"),
                        new ChatEvent.BlockEnd(2),
                        new ChatEvent.BlockEnd(4),
                        new ChatEvent.Finish(0, dev.sluice.chat.StopReason.TOOL_CALLS, null),
                        new ChatEvent.UsageReported(
                                new Usage(Usage.Origin.PROVIDER, 50, 20, 10, 0, 9, 4, 0)));

        Message message = accumulated(stream);

        assertThat(message.content().get(0).asThinking().thinking()).isEqualTo("hm");
        assertThat(Seals.isWrapped(message.content().get(0).asThinking().signature())).isTrue();
        assertThat(message.content().get(1).asText().text()).isEqualTo("Hello \"world\" é");
        assertThat(message.content().subList(2, 5))
                .extracting(block -> told(block.asToolUse()))
                .containsExactly("call_a one {x=1}", "call_b two {y=2}", "call_c three {}");
        assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(message.usage().inputTokens()).isEqualTo(20);
        assertThat(message.usage().cacheReadInputTokens()).contains(20L);
        assertThat(message.usage().cacheCreationInputTokens()).contains(10L);
        assertThat(message.usage().outputTokens()).isEqualTo(9);
        assertThat(message.model().asString()).isEqualTo("shown");
    }

    @Test
    void anthropicsClientReadsAWholeAnswer() throws IOException {
        ChatAnswer answer =
                new ChatAnswer(
                        "up",
                        "m",
                        null,
                        List.of(
                                new ChatAnswer.Choice(
                                        0,
                                        List.of(
                                                new Part.Reasoning("hm", null, null, Extras.NONE),
                                                Part.Text.of("Hi"),
                                                Part.ToolCall.of("call_a", "one", "")),
                                        dev.sluice.chat.StopReason.TOOL_CALLS,
                                        null,
                                        null)),
                        Usage.provider(5, 3),
                        null,
                        Extras.NONE);
        byte[] body = dialect.writeAnswer(answer, view());
        Message message =
                served(
                        body,
                        "application/json",
                        client -> client.messages().create(params()).validate());

        assertThat(message.content().get(1).asText().text()).isEqualTo("Hi");
        assertThat(told(message.content().get(2).asToolUse())).isEqualTo("call_a one {}");
        assertThat(message.usage().outputTokens()).isEqualTo(3);
    }

    @Test
    void anthropicsClientSeesAnErrorInTheStream() {
        EventWriter writer = dialect.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(new ChatEvent.Text(0, 0, "Half"), out);
        writer.fail(ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke."), out);
        writer.end(out);

        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("message_stop");
        assertThatThrownBy(() -> accumulated(out.toByteArray())).hasMessageContaining("It broke.");
    }

    @Test
    void everyEventHasItsNameAndTheDeltaOfTheMessageComesOnceAndLast() {
        String stream =
                new String(
                        written(
                                new ChatEvent.Text(0, 0, "x"),
                                new ChatEvent.UsageReported(Usage.provider(5, 1)),
                                new ChatEvent.BlockEnd(0),
                                new ChatEvent.Finish(0, dev.sluice.chat.StopReason.STOP, null),
                                new ChatEvent.UsageReported(Usage.provider(5, 2))),
                        StandardCharsets.UTF_8);

        String[] events = stream.split("\n\n", -1);
        assertThat(stream).endsWith("\n\n").containsOnlyOnce("event: message_delta");
        for (int i = 0; i < events.length - 1; i++) {
            String[] lines = events[i].split("\n", -1);
            JsonNode data = Json.mapper().readTree(lines[1].substring(6));
            assertThat(lines[0]).isEqualTo("event: " + data.path("type").asString(""));
        }
        assertThat(events[events.length - 3]).contains("\"output_tokens\":2");
        assertThat(stream).contains("\"input_tokens\":7,");
    }

    @Test
    void aBlockWithNoContentIsNeverOpened() {
        byte[] stream =
                written(
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, dev.sluice.chat.StopReason.STOP, null));

        assertThat(new String(stream, StandardCharsets.UTF_8)).doesNotContain("content_block");
    }

    @Test
    void theSealOfACallTravelsBeforeItAndComesBackToIt() throws Exception {
        Seal seal = new Seal("google", "gemini-3-pro", Seal.Kind.THOUGHT, "sig");
        byte[] stream =
                written(
                        new ChatEvent.CallStart(0, 0, "call_a", "one", false),
                        new ChatEvent.Sealed(0, 0, seal, null),
                        new ChatEvent.CallArguments(0, "{}"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, dev.sluice.chat.StopReason.TOOL_CALLS, null));
        Message message = accumulated(stream);
        String data = message.content().getFirst().asRedactedThinking().data();
        String body =
                "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"redacted_thinking\",\"data\":\""
                        + data
                        + "\"},{\"type\":\"tool_use\",\"id\":\"call_a\",\"name\":\"one\",\"input\":{}}]},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_a\"}]}]}";
        ChatRequest request =
                dialect.readRequest(
                        body.getBytes(StandardCharsets.UTF_8), dev.sluice.dialect.Envelope.NONE);

        assertThat(request.messages().getFirst().parts())
                .singleElement()
                .isInstanceOfSatisfying(
                        Part.ToolCall.class, call -> assertThat(call.seal()).isEqualTo(seal));
    }

    @Test
    void inputAndCacheCountsOfBothEventsAreMerged() {
        List<ChatEvent> events =
                read(
                        MEMORY,
                        "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":\"m\",\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":1000}}}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":12,\"output_tokens\":5}}",
                        "{\"type\":\"message_stop\"}");

        assertThat(events)
                .contains(
                        new ChatEvent.UsageReported(
                                new Usage(Usage.Origin.PROVIDER, 1012, 1000, 0, 0, 5, 0, 0)));
    }

    @Test
    void aCallWhoseInputComesWholeKeepsIt() {
        assertThat(
                        read(
                                MEMORY,
                                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{\"x\":1}}}",
                                "{\"type\":\"content_block_stop\",\"index\":0}",
                                "{\"type\":\"message_stop\"}"))
                .containsExactly(
                        new ChatEvent.Start("", ""),
                        new ChatEvent.CallStart(0, 0, "a", "f", false),
                        new ChatEvent.CallArguments(0, "{\"x\":1}"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, dev.sluice.chat.StopReason.TOOL_CALLS, null));
    }

    @Test
    void theToolThatStandsForTheOutputIsTextAgain() {
        Memory memory = new Memory(CLAUDE, ToolNames.NONE, Set.of(), "respond_with_json_value");

        assertThat(
                        read(
                                memory,
                                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"respond_with_json_value\",\"input\":{}}}",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"value\\\":[1\"}}",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\",2]}\"}}",
                                "{\"type\":\"content_block_stop\",\"index\":0}",
                                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}",
                                "{\"type\":\"message_stop\"}"))
                .contains(
                        new ChatEvent.Text(0, 0, "[1,2]"),
                        new ChatEvent.Finish(0, dev.sluice.chat.StopReason.STOP, null));
    }

    @Test
    void aCallCutShortIsLeftOutOfAWholeAnswer() {
        ChatAnswer.Choice choice =
                new ChatAnswer.Choice(
                        0,
                        List.of(Part.ToolCall.of("a", "f", "{\"x\":")),
                        dev.sluice.chat.StopReason.LENGTH,
                        null,
                        null);
        ChatAnswer answer = new ChatAnswer("", "", null, List.of(choice), null, null, Extras.NONE);
        JsonNode body = Json.tree(dialect.writeAnswer(answer, view()));

        assertThat(body.path("content")).isEmpty();
        assertThat(body.path("stop_reason").asString("")).isEqualTo("max_tokens");
    }

    @Test
    void aStreamThatEndsWithoutTerminatorFailed() {
        assertThat(read(MEMORY).getLast()).isInstanceOf(ChatEvent.Failed.class);
    }

    @Test
    void arbitraryEventsAndAnswersAreReadWithoutCrashing() {
        String[] samples = {
            "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"usage\":{\"input_tokens\":1}}}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}}"
        };
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<String> events = new ArrayList<>(List.of(samples));
            int which = random.nextInt(samples.length);
            String sample = samples[which];
            String changed = SpoiledJson.of(sample, random);
            events.set(which, changed);
            events.add("{\"type\":\"message_stop\"}");
            assertThat(read(MEMORY, events.toArray(String[]::new)).getLast())
                    .as("seed %d", seed)
                    .isInstanceOfAny(ChatEvent.Finish.class, ChatEvent.Failed.class);
            byte[] answer = changed.getBytes(StandardCharsets.UTF_8);
            assertThat(dialect.readAnswer(answer, MEMORY)).as("seed %d", seed).isNotNull();
        }
    }

    private byte[] written(ChatEvent... events) {
        EventWriter writer = dialect.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List.of(events).forEach(event -> writer.write(event, out));
        writer.end(out);
        return out.toByteArray();
    }

    private List<ChatEvent> read(Memory memory, String... events) {
        EventReader reader = dialect.newEventReader(memory);
        List<ChatEvent> said = new ArrayList<>();
        for (String event : events) {
            byte[] data = event.getBytes(StandardCharsets.UTF_8);
            reader.read(new SseEvent(data, "", data, true), said::add);
        }
        reader.end(said::add);
        return said;
    }

    private static String told(ToolUseBlock call) {
        return call.id() + " " + call.name() + " " + call._input();
    }

    private static ClientView view() {
        ChatRequest request = ChatRequest.builder(Protocol.ANTHROPIC).stream(true, true).build();
        return new ClientView(request, "1", "shown", Instant.ofEpochSecond(1), 7, true);
    }

    private static MessageCreateParams params() {
        return MessageCreateParams.builder().model("m").maxTokens(9).addUserMessage("x").build();
    }

    private static Message accumulated(byte[] stream) throws IOException {
        return served(
                stream,
                "text/event-stream",
                client -> {
                    MessageAccumulator accumulator = MessageAccumulator.create();
                    try (StreamResponse<RawMessageStreamEvent> response =
                                    client.messages().createStreaming(params());
                            Stream<RawMessageStreamEvent> events = response.stream()) {
                        events.forEach(accumulator::accumulate);
                    }
                    return accumulator.message();
                });
    }

    private static Message served(
            byte[] body, String type, java.util.function.Function<AnthropicClient, Message> call)
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
        AnthropicClient client =
                AnthropicOkHttpClient.builder()
                        .baseUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .apiKey("key")
                        .build();
        try {
            return call.apply(client);
        } finally {
            client.close();
            server.stop(0);
        }
    }
}
