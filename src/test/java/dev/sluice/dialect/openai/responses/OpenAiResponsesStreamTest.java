package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
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
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a Responses stream says, and how ours is written. */
class OpenAiResponsesStreamTest {
    private static final Memory MEMORY = Memory.of(UpstreamTraits.standard("openai", "m"));
    private static final Seal SEAL = new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "s");

    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @Test
    void eventsAreNumberedWithoutGapsAndNamedTwice() {
        byte[] stream =
                written(
                        new ChatEvent.Text(0, 0, "x"),
                        new ChatEvent.CallStart(0, 1, "a", "f", false),
                        new ChatEvent.CallArguments(1, "{}"),
                        new ChatEvent.Text(0, 0, "y"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));

        List<SseEvent> events = split(stream);

        for (int i = 0; i < events.size(); i++) {
            JsonNode data = Json.tree(events.get(i).data());
            assertThat(data.path("sequence_number").asInt(-1)).isEqualTo(i);
            assertThat(data.path("type").asString("")).isEqualTo(events.get(i).type());
        }
        assertThat(events.getFirst().type()).isEqualTo("response.created");
        assertThat(new String(stream, StandardCharsets.UTF_8))
                .endsWith("\n\n")
                .doesNotContain("[DONE]");
    }

    @Test
    void aBlockWithNoContentIsNeverOpened() {
        byte[] stream =
                written(new ChatEvent.BlockEnd(0), new ChatEvent.Finish(0, StopReason.STOP, null));

        assertThat(types(stream))
                .containsExactly("response.created", "response.in_progress", "response.completed");
    }

    @Test
    void sealsAreShownOnlyToWhoAskedOrKeepsTheHistoryItself() {
        ChatEvent[] events = {
            new ChatEvent.Reasoning(0, 0, "hm"),
            new ChatEvent.Sealed(0, 0, SEAL, null),
            new ChatEvent.BlockEnd(0),
            new ChatEvent.Sealed(0, 1, SEAL, null),
            new ChatEvent.BlockEnd(1),
            new ChatEvent.Finish(0, StopReason.STOP, null)
        };
        ChatRequest plain = ChatRequest.builder(Protocol.OPENAI_RESPONSES).build();

        assertThat(text(written(plain, events))).doesNotContain("encrypted_content");
        String keeping = text(written(request(), events));
        assertThat(keeping).contains("\"encrypted_content\":\"" + Seals.wrap(SEAL) + "\"");
        assertThat(keeping).contains("\"id\":\"rs_gw1_1_1\"");
    }

    @Test
    void argumentsMayComeWithTheirEndAloneAndAreNotSaidTwice() {
        String added =
                "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":"
                        + "{\"type\":\"function_call\",\"id\":\"fc_9\",\"call_id\":\"call_9\",\"name\":\"f\",\"arguments\":\"\"}}";
        String done =
                "{\"type\":\"response.function_call_arguments.done\",\"output_index\":0,\"item_id\":\"other\",\"arguments\":\"{\\\"a\\\":1}\"}";
        String itemDone = added.replace(".added", ".done").replace("\"\"}", "\"{\\\"a\\\":1}\"}");
        ChatEvent[] expected = {
            new ChatEvent.Start("", ""),
            new ChatEvent.CallStart(0, 0, "call_9", "f", false),
            new ChatEvent.CallArguments(0, "{\"a\":1}"),
            new ChatEvent.BlockEnd(0),
            new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null)
        };

        assertThat(read(added, done, itemDone, completed())).containsExactly(expected);
        assertThat(read(added, itemDone, completed())).containsExactly(expected);
        assertThat(read(added, done, completed())).containsExactly(expected);
        assertThat(read(itemDone, completed())).containsExactly(expected);
    }

    @Test
    void theLastEventTellsWhatNoOtherDid() {
        List<ChatEvent> events =
                read(
                        "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"completed\",\"output\":["
                                + "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"hm\"}],\"encrypted_content\":\"e\"},"
                                + "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],"
                                + "\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}");

        assertThat(events)
                .containsExactly(
                        new ChatEvent.UsageReported(Usage.provider(1, 2)),
                        new ChatEvent.Start("resp_1", "m"),
                        new ChatEvent.Reasoning(0, 0, "hm"),
                        new ChatEvent.Sealed(
                                0, 0, new Seal("openai", "m", Seal.Kind.ENCRYPTED, "e"), "rs_1"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Text(0, 1, "Hi"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.Finish(0, StopReason.STOP, null));
    }

    @Test
    void reasoningInFullIsReadLikeItsSummary() {
        String delta =
                "{\"type\":\"response.reasoning_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"hm\"}";

        assertThat(read(delta, completed())).contains(new ChatEvent.Reasoning(0, 0, "hm"));
    }

    @Test
    void sparseIndexesAndInterleavedItemsBecomeDenseBlocks() {
        String call =
                "{\"type\":\"response.output_item.added\",\"output_index\":INDEX,\"item\":{\"type\":\"function_call\",\"call_id\":\"call_INDEX\",\"name\":\"f\"}}";
        String arguments =
                "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":INDEX,\"delta\":\"{}\"}";

        List<ChatEvent> events =
                read(
                        call.replace("INDEX", "7"),
                        call.replace("INDEX", "3"),
                        arguments.replace("INDEX", "3"),
                        arguments.replace("INDEX", "7"),
                        call.replace("INDEX", "7"),
                        call.replace("INDEX", "-1"),
                        completed());

        assertThat(events)
                .containsSubsequence(
                        new ChatEvent.CallStart(0, 0, "call_7", "f", false),
                        new ChatEvent.CallStart(0, 1, "call_3", "f", false),
                        new ChatEvent.CallArguments(1, "{}"),
                        new ChatEvent.CallArguments(0, "{}"))
                .filteredOn(ChatEvent.CallStart.class::isInstance)
                .hasSize(2);
    }

    @Test
    void aWholeAnswerThatBrokeOffHasFailed() {
        ChatAnswer.Choice broken =
                new ChatAnswer.Choice(
                        0, List.of(Part.Text.of("Half")), StopReason.BROKEN, null, null);
        ChatAnswer answer =
                new ChatAnswer("up", "m", null, List.of(broken), null, null, Extras.NONE);
        JsonNode written = Json.tree(dialect.writeAnswer(answer, view()));

        assertThat(written.path("status").asString("")).isEqualTo("failed");
        assertThat(written.path("error").path("message").asString("")).isNotEmpty();
        assertThat(dialect.readAnswer(Json.bytes(written), MEMORY).failure()).isNotNull();
    }

    @Test
    void incompleteIsALengthStopAndNoFailure() {
        String incomplete =
                "{\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}";

        assertThat(read(incomplete))
                .contains(
                        new ChatEvent.UsageReported(Usage.provider(1, 2)),
                        new ChatEvent.Finish(0, StopReason.LENGTH, null));
    }

    @Test
    void aStreamThatEndsWithoutTerminatorFailed() {
        String delta =
                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"half\"}";

        assertThat(read(delta).getLast()).isInstanceOf(ChatEvent.Failed.class);
        assertThat(read().getLast()).isInstanceOf(ChatEvent.Failed.class);
        assertThat(read("[DONE]").getLast()).isInstanceOf(ChatEvent.Failed.class);
    }

    @Test
    void nothingFollowsAFailure() {
        String failed =
                "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"m\"},\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}";

        List<ChatEvent> events = read(failed, completed());

        assertThat(events).hasSize(2);
        assertThat(events.getFirst()).isEqualTo(new ChatEvent.UsageReported(Usage.provider(1, 2)));
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        ChatEvent.Failed.class,
                        broken -> assertThat(broken.error().message()).isEqualTo("m"));
    }

    @Test
    void arbitraryEventsAndAnswersAreReadWithoutCrashing() {
        String[] samples = {
            "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"id\":\"a\",\"call_id\":\"b\",\"name\":\"f\",\"arguments\":\"{}\"}}",
            "{\"type\":\"response.output_text.delta\",\"output_index\":1,\"content_index\":0,\"delta\":\"x\",\"logprobs\":[{\"token\":\"x\"}]}",
            "{\"type\":\"response.output_item.done\",\"output_index\":2,\"item\":{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[{\"text\":\"t\"}],\"encrypted_content\":\"e\"}}",
            "{\"type\":\"response.completed\",\"response\":{\"id\":\"i\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"t\",\"annotations\":[{\"url\":\"u\"}]}]}],\"usage\":{\"input_tokens\":1}}}"
        };
        for (long seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            String sample = samples[random.nextInt(samples.length)];
            String event = SpoiledJson.of(sample, random);
            List<ChatEvent> events = read(event, samples[0], event, samples[1], samples[3]);
            assertThat(events.getLast())
                    .as("seed %d", seed)
                    .isInstanceOfAny(ChatEvent.Finish.class, ChatEvent.Failed.class);
            byte[] answer = event.getBytes(StandardCharsets.UTF_8);
            assertThat(dialect.readAnswer(answer, MEMORY)).as("seed %d", seed).isNotNull();
        }
    }

    private static String completed() {
        return "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}";
    }

    private List<ChatEvent> read(String... events) {
        EventReader reader = dialect.newEventReader(MEMORY);
        List<ChatEvent> read = new ArrayList<>();
        for (String event : events) {
            byte[] data = event.getBytes(StandardCharsets.UTF_8);
            reader.read(new SseEvent(data, "", data, true), read::add);
        }
        reader.end(read::add);
        return read;
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

    private static String text(byte[] stream) {
        return new String(stream, StandardCharsets.UTF_8);
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
