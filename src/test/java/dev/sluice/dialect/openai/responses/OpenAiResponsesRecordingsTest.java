package dev.sluice.dialect.openai.responses;

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
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every recorded answer of a Responses provider is read, whole and streamed. */
class OpenAiResponsesRecordingsTest {
    private static final String DIALECT = "openai-responses";

    /** The one recorded stream that breaks off with an error. */
    private static final String FAILED = "openai-error";

    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();
    private final Memory memory = Memory.of(UpstreamTraits.standard("vendor", "model"));

    @Test
    void everyRecordedAnswerIsRead() throws IOException {
        int read = 0;
        for (Recording recording : recordings("unary")) {
            byte[] body = recording.bytes(DIALECT);
            ChatAnswer answer = dialect.readAnswer(body, memory);
            if (recording.name().contains("transcription")) {
                continue;
            }
            assertThat(answer.failure()).as(recording.name()).isNull();
            assertThat(answer.choices()).as(recording.name()).isNotEmpty();
            ChatAnswer.Choice choice = answer.choices().getFirst();
            assertThat(!choice.parts().isEmpty() || choice.reason() == StopReason.LENGTH)
                    .as(recording.name())
                    .isTrue();
            assertThat(choice.reason()).as(recording.name()).isNotEqualTo(StopReason.BROKEN);
            assertThat(answer.usage()).as(recording.name()).isNotNull();
            read++;
        }
        assertThat(read).isGreaterThan(20);
    }

    @Test
    void everyRecordedStreamIsReadInGoodOrder() throws IOException {
        int read = 0;
        for (Recording recording : recordings("stream")) {
            List<ChatEvent> events = events(recording.bytes(DIALECT));
            if (recording.name().contains(FAILED)) {
                assertThat(events.getLast()).isInstanceOf(ChatEvent.Failed.class);
                continue;
            }
            requireGoodOrder(recording.name(), events);
            assertThat(events).as(recording.name()).anyMatch(event -> isOutput(event));
            read++;
        }
        assertThat(read).isGreaterThan(20);
    }

    @Test
    void peekingAtAStreamSaysWhatReadingItDoes() throws IOException {
        for (Recording recording : recordings("stream")) {
            List<EventPeek> peeks = new ArrayList<>();
            for (SseEvent event : split(recording.bytes(DIALECT))) {
                peeks.add(dialect.peekEvent(event));
                if (peeks.getLast().terminal()) {
                    break;
                }
            }
            boolean failed = recording.name().contains(FAILED);

            assertThat(peeks.getLast().terminal()).as(recording.name()).isNotEqualTo(failed);
            assertThat(peeks.stream().anyMatch(peek -> peek.error() != null))
                    .as(recording.name())
                    .isEqualTo(failed);
            assertThat(peeks.getFirst().output()).as(recording.name()).isFalse();
            assertThat(usage(peeks.stream().map(EventPeek::usage)))
                    .as(recording.name())
                    .isEqualTo(usage(events(recording.bytes(DIALECT)).stream().map(this::said)));
        }
    }

    @Test
    void everyRecordedStreamNamesItsAnswerInItsFirstEvent() throws IOException {
        for (Recording recording : recordings("stream")) {
            List<SseEvent> events = split(recording.bytes(DIALECT));

            assertThat(StoredResponse.in(events.getFirst())).as(recording.name()).isPresent();
        }
    }

    private @Nullable Usage said(ChatEvent event) {
        return event instanceof ChatEvent.UsageReported report ? report.usage() : null;
    }

    private static Usage usage(Stream<@Nullable Usage> reports) {
        return reports.filter(Objects::nonNull).reduce(Usage.NONE, Usage::updatedBy);
    }

    @Test
    void everyRecordedErrorIsRead() throws IOException {
        for (Recording recording : recordings("error")) {
            UpstreamError error = dialect.readError(400, recording.bytes(DIALECT));
            assertThat(error.message()).as(recording.name()).isNotEmpty().doesNotContain("{");
            assertThat(error.type()).as(recording.name()).isNotNull();
        }
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

    /** Reasoning that is not shown may use up the limit. */
    private static boolean isOutput(ChatEvent event) {
        return switch (event) {
            case ChatEvent.Text _,
                    ChatEvent.Reasoning _,
                    ChatEvent.CallStart _,
                    ChatEvent.Whole _ ->
                    true;
            case ChatEvent.Finish finish -> finish.reason() == StopReason.LENGTH;
            default -> false;
        };
    }

    private static void use(String name, Map<Integer, Boolean> open, int block) {
        assertThat(open.getOrDefault(block, true)).as(name).isTrue();
        open.put(block, true);
    }

    private List<ChatEvent> events(byte[] stream) {
        List<ChatEvent> events = new ArrayList<>();
        EventReader reader = dialect.newEventReader(memory);
        split(stream).forEach(event -> reader.read(event, events::add));
        reader.end(events::add);
        return events;
    }

    private static List<SseEvent> split(byte[] stream) {
        List<SseEvent> events = new ArrayList<>();
        SseReader sse = new SseReader(1 << 22);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        events.add(event);
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("no recording has events that large");
                    }
                };
        sse.read(stream, sink);
        sse.end(sink);
        return events;
    }

    private static List<Recording> recordings(String kind) throws IOException {
        assumeTrue(Recordings.folder().isPresent(), "the recordings are not beside this checkout");
        return Recordings.of(DIALECT).stream()
                .filter(recording -> recording.kind().equals(kind))
                .toList();
    }
}
