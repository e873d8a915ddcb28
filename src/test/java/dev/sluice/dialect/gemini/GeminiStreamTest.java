package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.SpoiledJson;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Gemini upstream's answers mean. */
class GeminiStreamTest {
    private static final Memory MEMORY =
            Memory.of(UpstreamTraits.standard("google", "gemini-3-pro"));

    private final GeminiDialect dialect = new GeminiDialect();

    @Test
    void twoCallsOfOneNameInSeparateChunksAreTwoCalls() {
        List<ChatEvent> events =
                read(
                        chunk("{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":1}}}"),
                        chunk("{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":1}}}"),
                        finish("STOP"));

        assertThat(events.stream().filter(ChatEvent.CallStart.class::isInstance))
                .hasSize(2)
                .extracting(event -> ((ChatEvent.CallStart) event).id())
                .doesNotHaveDuplicates();
        assertThat(events).contains(new ChatEvent.CallArguments(1, "{\"n\":1}"));
        assertThat(events.getLast())
                .isEqualTo(new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
    }

    @Test
    void textAndCallInOneChunkAreBothKeptTextFirst() {
        List<ChatEvent> events =
                read(
                        "{\"responseId\":\"r\",\"modelVersion\":\"m\",\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"},"
                                + "{\"functionCall\":{\"id\":\"a\",\"name\":\"f\"},\"thoughtSignature\":\"s\"}]},\"finishReason\":\"STOP\"}]}");

        assertThat(events)
                .containsExactly(
                        new ChatEvent.Start("r", "m"),
                        new ChatEvent.Text(0, 0, "x"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.CallStart(0, 1, "a", "f", false),
                        new ChatEvent.Sealed(0, 1, seal("s"), null),
                        new ChatEvent.CallArguments(1, "{}"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
    }

    @Test
    void aSealOnAnEmptyTextIsKeptInABlockOfItsOwn() {
        assertThat(
                        read(
                                chunk("{\"text\":\"x\"}"),
                                chunk("{\"text\":\"\",\"thoughtSignature\":\"s\"}"),
                                finish("STOP")))
                .containsSubsequence(
                        new ChatEvent.Text(0, 0, "x"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Sealed(0, 1, seal("s"), null),
                        new ChatEvent.BlockEnd(1));
    }

    @Test
    void usageIsTheLastOfEachFieldAndNeverASum() {
        List<ChatEvent> events =
                read(
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"thoughtsTokenCount\":4}}",
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":1}}",
                        "{\"usageMetadata\":{\"candidatesTokenCount\":3}}",
                        finish("STOP"));

        assertThat(events.stream().filter(ChatEvent.UsageReported.class::isInstance).toList())
                .last()
                .isEqualTo(
                        new ChatEvent.UsageReported(
                                new Usage(Usage.Origin.PROVIDER, 10, 0, 0, 0, 7, 4, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "stop, STOP",
        "MAX_TOKENS, LENGTH",
        "SAFETY, FILTER",
        "RECITATION, FILTER",
        "LANGUAGE, FILTER",
        "BLOCKLIST, FILTER",
        "PROHIBITED_CONTENT, FILTER",
        "SPII, FILTER",
        "IMAGE_SAFETY, FILTER",
        "A_NEW_ONE, STOP"
    })
    void reasonsAreKnown(String said, StopReason reason) {
        assertThat(read(chunk("{\"text\":\"x\"}"), finish(said)).getLast())
                .isEqualTo(new ChatEvent.Finish(0, reason, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MALFORMED_FUNCTION_CALL",
                "UNEXPECTED_TOOL_CALL",
                "TOO_MANY_TOOL_CALLS",
                "OTHER"
            })
    void aBrokenAnswerIsAFailureThatSaysWhy(String reason) {
        ChatEvent last = read(chunk("{\"text\":\"x\"}"), finish(reason)).getLast();
        ChatAnswer whole = dialect.readAnswer(utf8(finish(reason)), MEMORY);

        assertThat(last)
                .isInstanceOfSatisfying(
                        ChatEvent.Failed.class,
                        failed -> assertThat(failed.error().message()).contains(reason));
        assertThat(whole.failure()).isNotNull();
    }

    @Test
    void aReasonOnEveryChunkEndsNothingEarly() {
        List<ChatEvent> events =
                read(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}",
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"MAX_TOKENS\"}]}");

        assertThat(events)
                .containsSubsequence(
                        new ChatEvent.Text(0, 0, "a"),
                        new ChatEvent.Text(0, 0, "b"),
                        new ChatEvent.Finish(0, StopReason.LENGTH, null));
        assertThat(events.stream().filter(ChatEvent.Finish.class::isInstance)).hasSize(1);
    }

    @Test
    void aBlockedPromptIsFilteredAndSaysWhy() {
        String body =
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\",\"blockReasonMessage\":\"Not that.\"}}";
        ChatAnswer answer = dialect.readAnswer(utf8(body), MEMORY);

        assertThat(answer.failure()).isNull();
        assertThat(answer.choices().getFirst().reason()).isEqualTo(StopReason.FILTER);
        assertThat(answer.choices().getFirst().parts())
                .containsExactly(new Part.Refusal("Not that."));
        assertThat(read(body).getLast())
                .isEqualTo(new ChatEvent.Finish(0, StopReason.FILTER, null));
    }

    @Test
    void aStreamWithoutAnyReasonWasCut() {
        assertThat(read(chunk("{\"text\":\"x\"}")).getLast()).isInstanceOf(ChatEvent.Failed.class);
        assertThat(read().getLast()).isInstanceOf(ChatEvent.Failed.class);
    }

    @Test
    void argumentsThatComeInPiecesArePutTogether() {
        String[] pieces = {
            "{\"jsonPath\":\"$.list[0].name\",\"stringValue\":\"a \",\"willContinue\":true}",
            "{\"jsonPath\":\"$.list[0].name\",\"stringValue\":\"b\"}",
            "{\"jsonPath\":\"$.list[1]['odd.key']\",\"numberValue\":1.50}",
            "{\"jsonPath\":\"$.none\",\"nullValue\":\"NULL_VALUE\"}",
            "{\"jsonPath\":\"$.list[90000].x\",\"boolValue\":true}",
            "{\"jsonPath\":\"$.[\",\"boolValue\":true}",
            "{\"jsonPath\":\"$.yes\",\"boolValue\":true}"
        };
        List<String> chunks = new ArrayList<>();
        chunks.add(chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}"));
        for (String piece : pieces) {
            chunks.add(
                    chunk(
                            "{\"functionCall\":{\"partialArgs\":["
                                    + piece
                                    + "],\"willContinue\":true}}"));
        }
        chunks.add(finish("STOP"));

        assertThat(read(chunks.toArray(String[]::new)))
                .contains(
                        new ChatEvent.CallArguments(
                                0,
                                "{\"list\":[{\"name\":\"a b\"},{\"odd.key\":1.50}],\"none\":null,\"yes\":true}"));
    }

    @Test
    void argumentsThatWereCutAreNoWholeJson() {
        List<ChatEvent> events =
                read(
                        chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}"),
                        chunk(
                                "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.x\",\"stringValue\":\"rm\",\"willContinue\":true}],\"willContinue\":true}}"),
                        finish("MAX_TOKENS"));

        assertThat(events).contains(new ChatEvent.CallArguments(0, "{\"x\":\"rm\""));
        assertThat(events.getLast()).isEqualTo(new ChatEvent.Finish(0, StopReason.LENGTH, null));
    }

    @Test
    void citationsAreOfCharactersWhileTheTextIsAscii() {
        String grounding =
                "\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"u\",\"title\":\"t\"}}],"
                        + "\"groundingSupports\":[{\"segment\":{\"startIndex\":1,\"endIndex\":3},\"groundingChunkIndices\":[0,7]}]}";

        assertThat(annotated("abc", grounding)).isEqualTo("u t 1 3");
        assertThat(annotated("äbc", grounding)).isEqualTo("u t -1 -1");
    }

    @Test
    void arbitraryEventsAreReadAndEnd() {
        String[] samples = {
            chunk("{\"text\":\"x\",\"thought\":true,\"thoughtSignature\":\"s\"}"),
            chunk(
                    "{\"functionCall\":{\"id\":\"a\",\"name\":\"f\",\"args\":{\"x\":1},\"partialArgs\":[{\"jsonPath\":\"$.a[0]\",\"stringValue\":\"x\"}],\"willContinue\":true}}"),
            chunk("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}"),
            "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":1},\"modelVersion\":\"m\",\"responseId\":\"r\"}",
            "{\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0,\"citationMetadata\":{\"citations\":[{\"uri\":\"u\",\"endIndex\":1}]},\"logprobsResult\":{\"chosenCandidates\":[{\"token\":\"x\"}]}}]}"
        };
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<String> events = new ArrayList<>(List.of(samples));
            int which = random.nextInt(samples.length);
            String sample = samples[which];
            String changed = SpoiledJson.of(sample, random);
            events.set(which, changed);
            assertThat(read(events.toArray(String[]::new)).getLast())
                    .as("seed %d", seed)
                    .isInstanceOfAny(ChatEvent.Finish.class, ChatEvent.Failed.class);
            assertThat(dialect.readAnswer(utf8(changed), MEMORY)).as("seed %d", seed).isNotNull();
        }
    }

    private String annotated(String text, String metadata) {
        List<ChatEvent> events =
                read(
                        chunk("{\"text\":\"" + text + "\"}"),
                        "{\"candidates\":[{\"finishReason\":\"STOP\"," + metadata + "}]}");
        return events.stream()
                .filter(ChatEvent.Annotated.class::isInstance)
                .map(event -> ((ChatEvent.Annotated) event).annotation())
                .map(note ->
                        note.url() + " " + note.title() + " " + note.start() + " " + note.end())
                .reduce("", String::concat);
    }

    private List<ChatEvent> read(String... events) {
        EventReader reader = dialect.newEventReader(MEMORY);
        List<ChatEvent> said = new ArrayList<>();
        for (String event : events) {
            byte[] data = utf8(event);
            reader.read(new SseEvent(data, "", data, true), said::add);
        }
        reader.end(said::add);
        return said;
    }

    private static String chunk(String part) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + part + "],\"role\":\"model\"}}]}";
    }

    private static String finish(String reason) {
        return "{\"candidates\":[{\"content\":{},\"finishReason\":\"" + reason + "\"}]}";
    }

    private static Seal seal(String raw) {
        return new Seal("google", "gemini-3-pro", Seal.Kind.THOUGHT, raw);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
