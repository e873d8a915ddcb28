package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Recordings.Recording;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every recorded answer of a real provider is read: whole, streamed, and peeked at, by one contract
 * for all dialects.
 */
class RecordingsTest {
    /**
     * The recordings of one dialect.
     *
     * @param name as the manifest spells it
     * @param others parts of the names of what is no answer of a chat
     * @param failures parts of the names of what is no whole answer, although its status was good
     * @param mute parts of the names of answers that say nothing
     */
    private record Suite(
            Dialect dialect,
            String name,
            String family,
            Set<String> others,
            Set<String> failures,
            Set<String> mute) {}

    private static final List<Suite> SUITES =
            List.of(
                    new Suite(
                            new OpenAiChatDialect(),
                            "openai-chat",
                            "vendor",
                            Set.of("transcription"),
                            Set.of(),
                            Set.of("audio")),
                    new Suite(
                            new OpenAiResponsesDialect(),
                            "openai-responses",
                            "vendor",
                            Set.of("transcription"),
                            Set.of("openai-error"),
                            Set.of()),
                    new Suite(
                            new AnthropicDialect(),
                            "anthropic-messages",
                            "anthropic",
                            Set.of(),
                            Set.of(),
                            Set.of()),
                    new Suite(
                            new GeminiDialect(),
                            "gemini",
                            "google",
                            Set.of(),
                            Set.of(
                                    "__unary-failure-empty-content.",
                                    "__unary-failure-invalid-response.",
                                    "__unary-failure-malformed-content.",
                                    "__unary-failure-with-message-no-content.",
                                    "__streaming-failure-empty-content.",
                                    "__streaming-failure-error-mid-stream.",
                                    "__streaming-failure-invalid-json.",
                                    "__streaming-failure-malformed-content.",
                                    "__streaming-success-quotes-escaped."),
                            Set.of("__unary-success-empty-text-part")));

    record Case(Suite suite, Recording recording) {
        byte[] bytes() throws IOException {
            return recording.bytes(suite.name);
        }

        Dialect dialect() {
            return suite.dialect;
        }

        Memory memory() {
            return Memory.of(UpstreamTraits.standard(suite.family, "model"));
        }

        List<ChatEvent> events() throws IOException {
            return Streams.read(suite.dialect, memory(), bytes());
        }

        boolean isFailure() {
            return isAmong(suite.failures);
        }

        /** The others count after it. */
        boolean isOverWithItsReason() {
            return suite.dialect.protocol() == Protocol.OPENAI_RESPONSES;
        }

        boolean isMute() {
            return isAmong(suite.mute);
        }

        boolean isAmong(Set<String> names) {
            return names.stream().anyMatch(recording.name()::contains);
        }

        @Override
        public String toString() {
            return recording.name();
        }
    }

    static Stream<Case> answers() throws IOException {
        return cases("unary");
    }

    static Stream<Case> streams() throws IOException {
        return Stream.concat(cases("stream"), cases("stream-with-error"));
    }

    static Stream<Case> errors() throws IOException {
        return cases("error");
    }

    private static Stream<Case> cases(String kind) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (Suite suite : SUITES) {
            for (Recording recording : Recordings.of(suite.name)) {
                Case found = new Case(suite, recording);
                if (recording.kind().equals(kind)
                        && !found.isAmong(suite.others)
                        && !isCount(found)) {
                    cases.add(found);
                }
            }
        }
        return cases.stream();
    }

    /** Counts of tokens stand among Gemini's recordings. */
    private static boolean isCount(Case found) throws IOException {
        return found.recording.framing().equals("json")
                && Json.tree(found.bytes()).has("totalTokens");
    }

    @Test
    void thereAreManyRecordingsOfEveryDialect() throws IOException {
        assumeTrue(Recordings.folder().isPresent(), "the recordings are not beside this checkout");
        for (Suite suite : SUITES) {
            assertThat(answers().filter(found -> found.suite.equals(suite))).hasSizeGreaterThan(20);
            assertThat(streams().filter(found -> found.suite.equals(suite))).hasSizeGreaterThan(20);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("answers")
    void anAnswerIsRead(Case found) throws IOException {
        ChatAnswer answer = found.dialect().readAnswer(found.bytes(), found.memory());
        if (found.isFailure()) {
            assertThat(answer.failure()).isNotNull();
            return;
        }
        assertThat(answer.failure()).isNull();
        ChatAnswer.Choice choice = answer.choices().getFirst();
        assertThat(!choice.parts().isEmpty() || isWordless(choice.reason()) || found.isMute())
                .isTrue();
        assertThat(choice.reason()).isNotEqualTo(StopReason.BROKEN);
        assertThat(found.dialect().peekAnswer(found.bytes()).usage()).isEqualTo(answer.usage());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("streams")
    void aStreamIsReadInGoodOrder(Case found) throws IOException {
        EventRules rules = new EventRules();
        found.events().forEach(rules::take);
        List<ChatEvent> events = rules.ended();

        if (found.isFailure()) {
            assertThat(events.getLast()).isInstanceOf(ChatEvent.Failed.class);
            return;
        }
        assertThat(events).doesNotHaveAnyElementsOfTypes(ChatEvent.Failed.class);
        assertThat(events.stream().anyMatch(RecordingsTest::isOutput)).isNotEqualTo(found.isMute());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("streams")
    void peekingAtAStreamSaysWhatReadingItDoes(Case found) throws IOException {
        List<EventPeek> peeks = new ArrayList<>();
        for (SseEvent event : Streams.split(found.bytes())) {
            peeks.add(found.dialect().peekEvent(event));
            if (peeks.getLast().terminal() && found.isOverWithItsReason()) {
                break;
            }
        }

        if (found.isFailure()) {
            return;
        }
        assertThat(peeks).anyMatch(EventPeek::terminal);
        assertThat(peeks).allMatch(peek -> peek.error() == null);
        assertThat(usage(peeks.stream().map(EventPeek::usage).filter(Objects::nonNull)))
                .isEqualTo(
                        usage(
                                found.events().stream()
                                        .filter(ChatEvent.UsageReported.class::isInstance)
                                        .map(event -> ((ChatEvent.UsageReported) event).usage())));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("errors")
    void anErrorIsReadInWords(Case found) throws IOException {
        UpstreamError error = found.dialect().readError(400, found.bytes());

        assertThat(error.status()).isBetween(400, 599);
        assertThat(error.message()).doesNotContain("{").isNotBlank();
        assertThat(error.type() == null && error.code() == null).isFalse();
    }

    private static Usage usage(Stream<Usage> reports) {
        return reports.reduce(Usage.NONE, Usage::updatedBy);
    }

    /** A refusal may come without a word, and reasoning that is not shown use up the limit. */
    private static boolean isWordless(StopReason reason) {
        return reason == StopReason.FILTER || reason == StopReason.LENGTH;
    }

    private static boolean isOutput(ChatEvent event) {
        return switch (event) {
            case ChatEvent.Text _,
                    ChatEvent.Reasoning _,
                    ChatEvent.Refusal _,
                    ChatEvent.CallStart _,
                    ChatEvent.Whole _ ->
                    true;
            case ChatEvent.Finish finish -> isWordless(finish.reason());
            case ChatEvent.Start _,
                    ChatEvent.Sealed _,
                    ChatEvent.CallArguments _,
                    ChatEvent.Annotated _,
                    ChatEvent.BlockEnd _,
                    ChatEvent.Logprobs _,
                    ChatEvent.UsageReported _,
                    ChatEvent.Failed _,
                    ChatEvent.Ping _ ->
                    false;
        };
    }
}
