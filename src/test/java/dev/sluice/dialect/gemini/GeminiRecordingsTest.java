package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.EventPeek;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Recordings;
import dev.sluice.dialect.Recordings.Recording;
import dev.sluice.dialect.UpstreamTraits;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every recorded answer of a Gemini provider is read, whole and streamed. */
class GeminiRecordingsTest {
    private static final String DIALECT = "gemini";

    private final GeminiDialect dialect = new GeminiDialect();
    private final Memory memory = Memory.of(UpstreamTraits.standard("google", "model"));

    /** What is no whole answer, although its status was good; the last one was cut. */
    private static final Set<String> FAILURES =
            Set.of(
                    "unary-failure-empty-content",
                    "unary-failure-invalid-response",
                    "unary-failure-malformed-content",
                    "unary-failure-with-message-no-content",
                    "streaming-failure-empty-content",
                    "streaming-failure-error-mid-stream",
                    "streaming-failure-invalid-json",
                    "streaming-failure-malformed-content",
                    "streaming-success-quotes-escaped");

    @Test
    void everyRecordedAnswerIsRead() throws IOException {
        int read = 0;
        for (Recording recording : recordings("unary")) {
            byte[] body = recording.bytes(DIALECT);
            ChatAnswer answer = dialect.readAnswer(body, memory);
            assertThat(answer.failure() != null)
                    .as(recording.name() + " " + answer)
                    .isEqualTo(isFailure(recording));
            if (answer.failure() == null) {
                ChatAnswer.Choice choice = answer.choices().getFirst();
                assertThat(!choice.parts().isEmpty() || choice.reason() == StopReason.FILTER)
                        .as(recording.name())
                        .isEqualTo(!recording.name().contains("empty-text-part"));
                assertThat(choice.reason()).as(recording.name()).isNotEqualTo(StopReason.BROKEN);
            }
            read++;
        }
        assertThat(read).isGreaterThan(50);
    }

    @Test
    void everyRecordedStreamIsReadInGoodOrder() throws IOException {
        int read = 0;
        List<Recording> streams = new ArrayList<>(recordings("stream"));
        streams.addAll(recordings("stream-with-error"));
        for (Recording recording : streams) {
            List<ChatEvent> events = events(recording.bytes(DIALECT));
            if (isFailure(recording)) {
                assertThat(events.getLast())
                        .as(recording.name())
                        .isInstanceOf(ChatEvent.Failed.class);
            } else {
                requireGoodOrder(recording.name(), events);
                assertThat(events)
                        .as(recording.name())
                        .anyMatch(event ->
                                event instanceof ChatEvent.Text
                                        || event instanceof ChatEvent.Reasoning
                                        || event instanceof ChatEvent.CallStart
                                        || event instanceof ChatEvent.Whole
                                        || isRefused(event));
            }
            read++;
        }
        assertThat(read).isGreaterThan(30);
    }

    @Test
    void everyRecordedErrorIsReadWithItsStatusWordAndMessage() throws IOException {
        int read = 0;
        for (Recording recording : recordings("error")) {
            UpstreamError error = dialect.readError(0, recording.bytes(DIALECT));
            assertThat(error.status()).as(recording.name()).isBetween(400, 599);
            assertThat(error.type()).as(recording.name()).matches("[A-Z_]+");
            assertThat(error.message()).as(recording.name()).hasSizeGreaterThan(10);
            read++;
        }
        assertThat(read).isGreaterThan(10);
    }

    @Test
    void thePeekOfARecordingCountsWhatItsTranslationCounts() throws IOException {
        for (Recording recording : recordings("unary")) {
            byte[] body = recording.bytes(DIALECT);
            ChatAnswer answer = dialect.readAnswer(body, memory);
            if (answer.failure() == null) {
                assertThat(dialect.peekAnswer(body).usage())
                        .as(recording.name())
                        .isEqualTo(answer.usage());
            }
        }
        for (Recording recording : recordings("stream")) {
            Usage peeked = Usage.NONE;
            boolean output = false;
            boolean terminal = false;
            List<SseEvent> chunks = chunks(recording.bytes(DIALECT));
            for (SseEvent chunk : chunks) {
                EventPeek peek = dialect.peekEvent(chunk);
                peeked = peek.usage() == null ? peeked : peeked.updatedBy(peek.usage());
                output |= peek.output();
                terminal |= peek.terminal();
            }
            if (!isFailure(recording)) {
                assertThat(output).as(recording.name()).isTrue();
                assertThat(terminal).as(recording.name()).isTrue();
                assertThat(peeked).as(recording.name()).isEqualTo(lastUsage(recording));
            }
        }
    }

    private Usage lastUsage(Recording recording) throws IOException {
        Usage last = Usage.NONE;
        for (ChatEvent event : events(recording.bytes(DIALECT))) {
            if (event instanceof ChatEvent.UsageReported report) {
                last = report.usage();
            }
        }
        return last;
    }

    private static boolean isFailure(Recording recording) {
        return FAILURES.stream().anyMatch(name -> recording.name().contains("__" + name + "."));
    }

    private static void requireGoodOrder(String name, List<ChatEvent> events) {
        Map<Integer, Boolean> open = new TreeMap<>();
        assertThat(events.getFirst()).as(name).isInstanceOf(ChatEvent.Start.class);
        for (ChatEvent event : events) {
            switch (event) {
                case ChatEvent.Text text -> use(name, open, text.block());
                case ChatEvent.Reasoning reasoning -> use(name, open, reasoning.block());
                case ChatEvent.Refusal refusal -> use(name, open, refusal.block());
                case ChatEvent.Sealed sealed -> use(name, open, sealed.block());
                case ChatEvent.Whole whole -> use(name, open, whole.block());
                case ChatEvent.CallStart start -> {
                    assertThat(open).as(name).doesNotContainKey(start.block());
                    assertThat(start.id()).as(name).isNotEmpty();
                    assertThat(start.name()).as(name).isNotEmpty();
                    use(name, open, start.block());
                }
                case ChatEvent.CallArguments piece ->
                        assertThat(open.get(piece.block())).as(name).isTrue();
                case ChatEvent.Annotated annotated ->
                        assertThat(open.get(annotated.block())).as(name).isTrue();
                case ChatEvent.BlockEnd end -> {
                    assertThat(open.get(end.block())).as(name).isTrue();
                    open.put(end.block(), false);
                }
                case ChatEvent.Finish finish -> {
                    assertThat(open.values()).as(name).doesNotContain(true);
                    assertThat(finish.reason()).as(name).isNotEqualTo(StopReason.BROKEN);
                }
                case ChatEvent.Failed failed ->
                        assertThat(failed.error().message()).as(name).isEmpty();
                case ChatEvent.Start _,
                        ChatEvent.Logprobs _,
                        ChatEvent.UsageReported _,
                        ChatEvent.Ping _ -> {
                    // Anywhere.
                }
            }
        }
        assertThat(events).as(name).hasAtLeastOneElementOfType(ChatEvent.Finish.class);
        List<Integer> dense = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            dense.add(i);
        }
        assertThat(open.keySet()).as(name).containsExactlyElementsOf(dense);
    }

    /** A refusal may come without a word. */
    private static boolean isRefused(ChatEvent event) {
        return event instanceof ChatEvent.Finish finish && finish.reason() == StopReason.FILTER;
    }

    private static void use(String name, Map<Integer, Boolean> open, int block) {
        assertThat(open.getOrDefault(block, true)).as(name).isTrue();
        open.put(block, true);
    }

    private List<ChatEvent> events(byte[] stream) {
        List<ChatEvent> events = new ArrayList<>();
        EventReader reader = dialect.newEventReader(memory);
        chunks(stream).forEach(chunk -> reader.read(chunk, events::add));
        reader.end(events::add);
        return events;
    }

    private static List<SseEvent> chunks(byte[] stream) {
        List<SseEvent> chunks = new ArrayList<>();
        SseReader sse = new SseReader(1 << 23);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        chunks.add(event);
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("no recording has events that large");
                    }
                };
        sse.read(stream, sink);
        sse.end(sink);
        return chunks;
    }

    /** {@return the recordings of generateContent; those of countTokens stand among them} */
    private static List<Recording> recordings(String kind) throws IOException {
        assumeTrue(Recordings.folder().isPresent(), "the recordings are not beside this checkout");
        List<Recording> found = new ArrayList<>();
        for (Recording recording : Recordings.of(DIALECT)) {
            if (recording.kind().equals(kind) && !isCount(recording)) {
                found.add(recording);
            }
        }
        return found;
    }

    private static boolean isCount(Recording recording) throws IOException {
        return recording.kind().equals("unary")
                && GeminiCountTokens.readAnswer(recording.bytes(DIALECT)).isPresent();
    }

    @Test
    void everyRecordedCountIsRead() throws IOException {
        assumeTrue(Recordings.folder().isPresent(), "the recordings are not beside this checkout");
        List<Long> counts = new ArrayList<>();
        for (Recording recording : Recordings.of(DIALECT)) {
            if (isCount(recording)) {
                byte[] body = recording.bytes(DIALECT);
                counts.add(GeminiCountTokens.readAnswer(body).orElseThrow());
            }
        }
        assertThat(counts).contains(1837L).hasSizeGreaterThan(1);
    }
}
