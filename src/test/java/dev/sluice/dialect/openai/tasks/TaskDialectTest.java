package dev.sluice.dialect.openai.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskDialectTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"data\":[],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}} | 7 | 0 | 0 |",
                "{\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":3}} | 2 | 3 | 0 |",
                "{\"usage\":{\"input_tokens\":5,\"output_tokens\":9,\"input_tokens_details\":{\"image_tokens\":4}}} | 5 | 9 | 0 |",
                "{\"usage\":{\"type\":\"tokens\",\"input_tokens\":8,\"input_token_details\":{\"audio_tokens\":8},\"output_tokens\":1}} | 8 | 1 | 8 |",
                "{\"results\":[],\"usage\":{\"total_tokens\":6}} | 6 | 0 | 0 |",
                "{\"results\":[],\"meta\":{\"billed_units\":{\"search_units\":2}}} | 0 | 0 | 0 | search_units=2",
                "{\"meta\":{\"tokens\":{\"input_tokens\":4,\"output_tokens\":1}}} | 4 | 1 | 0 |",
                "{\"results\":[{\"document\":{\"usage\":{\"total_tokens\":1}}}],\"usage\":{\"total_tokens\":9}} | 9 | 0 | 0 |"
            })
    void whatWasUsedIsReadWhereverItStands(
            String answer, long input, long output, long audio, @Nullable String units) {
        AnswerPeek peek = dialect(Task.RERANK).peekAnswer(bytes(answer));

        assertThat(peek.error()).isNull();
        assertThat(peek.usage())
                .isEqualTo(new Usage(Usage.Origin.PROVIDER, input, 0, 0, 0, output, 0, audio));
        assertThat(peek.billedUnits()).isEqualTo(units);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"usage\":{\"type\":\"duration\",\"seconds\":12}} | 12000",
                "{\"task\":\"transcribe\",\"duration\":3.2,\"text\":\"x\"} | 3200",
            })
    void secondsOfSoundAreCountedAsSuch(String answer, long millis) {
        AnswerPeek peek = dialect(Task.TRANSCRIPTIONS).peekAnswer(bytes(answer));

        assertThat(peek.usage())
                .isEqualTo(Usage.provider(0, 0).withUnits(Units.ofAudioMillis(millis)));
        assertThat(peek.billedUnits()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"data\":[]}", "{\"data\":[],\"usage\":null}", "{\"usage\":{}}", "[]"})
    void whatIsNotSaidIsNotKnown(String answer) {
        AnswerPeek peek = dialect(Task.EMBEDDINGS).peekAnswer(bytes(answer));

        assertThat(peek.usage()).isNull();
        assertThat(peek.error()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>login</html>",
                "{\"error\":{\"message\":\"no\"}}",
                "{\"data\":[",
                "hello"
            })
    void aGoodStatusDoesNotMakeAnAnswer(String body) {
        assertThat(dialect(Task.EMBEDDINGS).peekAnswer(bytes(body)).error()).isNotNull();
    }

    @Test
    void aTranscriptNeedBeNoJson() {
        TaskDialect dialect = dialect(Task.TRANSCRIPTIONS);

        assertThat(dialect.peekAnswer(bytes("Hello there.")).error()).isNull();
        assertThat(dialect.peekAnswer(bytes("Hello there.")).outputBytes()).isEqualTo(12);
        assertThat(dialect.peekAnswer(bytes("<html>")).error()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "[DONE]                                                       | false | true",
                "{\"choices\":[{\"text\":\"a\",\"finish_reason\":null}]}      | true  | false",
                "{\"choices\":[{\"text\":\"\",\"finish_reason\":\"stop\"}]}   | true  | true",
                "{\"type\":\"image_generation.partial_image\"}                | true  | false",
                "{\"type\":\"image_generation.completed\",\"usage\":{}}       | true  | true",
                "{\"type\":\"speech.audio.done\"}                             | true  | true",
                "{\"type\":\"transcript.text.delta\",\"delta\":\"x\"}         | true  | false"
            })
    void eventsTellOutputAndEnd(String data, boolean output, boolean terminal) {
        EventPeek peek = dialect(Task.SPEECH).peekEvent(event(data));

        assertThat(peek.output()).isEqualTo(output);
        assertThat(peek.terminal()).isEqualTo(terminal);
        assertThat(peek.error()).isNull();
    }

    @Test
    void theLimitOfACompletionIsWrittenUnderItsOldName() throws MalformedRequest {
        TaskDialect dialect = dialect(Task.COMPLETIONS);

        assertThat(rewritten(dialect, "{\"model\":\"a\",\"prompt\":\"x\"}"))
                .isEqualTo("{\"max_tokens\":64,\"model\":\"b\",\"prompt\":\"x\"}");
        assertThat(rewritten(dialect, "{\"model\":\"a\",\"max_tokens\":null}"))
                .isEqualTo("{\"model\":\"b\",\"max_tokens\":64}");
        assertThat(rewritten(dialect(Task.EMBEDDINGS), "{\"model\":\"a\",\"input\":\"x\"}"))
                .isEqualTo("{\"model\":\"b\",\"input\":\"x\"}");
    }

    @ParameterizedTest
    @EnumSource
    void noBytesMakeItFail(Task task) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] known = bytes("{\"usage\":{\"seconds\":1e999,\"total_tokens\":-5},\"choices\":[1]}");
        for (int round = 0; round < 500; round++) {
            byte[] bytes = known.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            assertThat(dialect(task).peekAnswer(bytes)).as("seed %d", seed).isNotNull();
            assertThat(dialect(task).peekEvent(new SseEvent(bytes, "", bytes, true)))
                    .as("seed %d", seed)
                    .isNotNull();
        }
    }

    private static String rewritten(TaskDialect dialect, String body) throws MalformedRequest {
        RequestPeek peek = dialect.peek(bytes(body));
        byte[] changed = dialect.rewrite(bytes(body), peek, new Rewrite("b", true, false, 64L));
        return new String(changed, StandardCharsets.UTF_8);
    }

    private static SseEvent event(String data) {
        return new SseEvent(bytes("data: " + data), "", bytes(data), true);
    }

    private static TaskDialect dialect(Task task) {
        return new TaskDialect(task);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
