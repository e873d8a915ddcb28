package dev.sluice.dialect.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private static final int LIMIT = 96;

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void linesEndInLineFeedReturnOrBoth(String lineBreak) {
        String stream = "event: a|data: 1|data: 2||: ping||data:3||".replace("|", lineBreak);

        Recorded recorded = read(List.of(utf8(stream)));

        assertThat(recorded.events).containsExactly("a>1\n2", ">(none)", ">3");
        assertThat(recorded.raw()).isEqualTo(utf8(stream));
    }

    @Test
    void aByteOrderMarkIsSkippedInTheDataAndKeptInTheBytes() {
        byte[] stream = utf8("\uFEFFdata: 1\n\ndata: 2\n\n");

        Recorded recorded = read(List.of(stream));

        assertThat(recorded.events).containsExactly(">1", ">2");
        assertThat(recorded.raw()).isEqualTo(stream);
    }

    @Test
    void unicodeLineSeparatorsEndNoLine() {
        byte[] stream = utf8("data: a\u2028b\u0085c\u2029d\n\n");

        assertThat(read(List.of(stream)).events).containsExactly(">a\u2028b\u0085c\u2029d");
    }

    @Test
    void fieldsAreReadAsTheSpecificationSays() {
        byte[] stream =
                utf8("data\ndata:  two spaces\ndatax: no\n:data: no\nevent: a\nevent:b\nid: 7\n\n");

        assertThat(read(List.of(stream)).events).containsExactly("b>\n two spaces");
    }

    @Test
    void anEventBeyondTheLimitGoesOutInFragmentsAndHoldsNothing() {
        SseReader reader = new SseReader(LIMIT);
        Recorded recorded = new Recorded();
        byte[] piece = utf8("x".repeat(50));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();

        feed(reader, recorded, sent, utf8("data: 1\n\ndata: "));
        for (int i = 0; i < 1000; i++) {
            feed(reader, recorded, sent, piece);
            assertThat(reader.rest()).hasSizeLessThanOrEqualTo(LIMIT);
        }
        feed(reader, recorded, sent, utf8("\n\ndata: 2\n\n"));

        assertThat(recorded.events).containsExactly(">1", ">2");
        assertThat(recorded.raw()).isEqualTo(sent.toByteArray());
    }

    @Test
    void aLargeEventInOnePieceIsNotAnEventEither() {
        byte[] stream = utf8("data: " + "x".repeat(LIMIT) + "\n\ndata: 2\n\n");

        Recorded recorded = read(List.of(stream));

        assertThat(recorded.events).containsExactly(">2");
        assertThat(recorded.raw()).isEqualTo(stream);
    }

    @Test
    void theEndHandsOnAnEventWithoutItsBlankLine() {
        Recorded recorded = read(List.of(utf8("data: 1\n\ndata: 2\n")));

        assertThat(recorded.events).containsExactly(">1", ">2");
    }

    @Test
    void anEventIsHandedOnAsSoonAsItsBlankLineIsThere() {
        SseReader reader = new SseReader(LIMIT);
        Recorded recorded = new Recorded();

        reader.read(utf8("data: 1\r\n\r\n"), recorded);

        assertThat(recorded.events).containsExactly(">1");
        assertThat(reader.rest()).isEmpty();
    }

    @Test
    void anySplitGivesTheSameEventsAndTheSameBytes() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] stream = randomStream(random);
            Recorded whole = read(List.of(stream));
            Recorded split = read(split(stream, random));
            Recorded single = read(singleBytes(stream));

            assertThat(split.events).as("seed %d", seed).isEqualTo(whole.events);
            assertThat(single.events).as("seed %d", seed).isEqualTo(whole.events);
            assertThat(split.raw()).as("seed %d", seed).isEqualTo(stream);
            assertThat(single.raw()).as("seed %d", seed).isEqualTo(stream);
        }
    }

    private static byte[] randomStream(Random random) {
        String[] words = {
            "data: ",
            "event: ",
            ":",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\r\r",
            "\r\n\r\n",
            "é\u2028",
            "x".repeat(40),
            " ",
            "[DONE]",
            "id",
            "\uFEFF",
            "😀"
        };
        StringBuilder stream = new StringBuilder();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            stream.append(words[random.nextInt(words.length)]);
        }
        return utf8(stream.toString());
    }

    private static List<byte[]> split(byte[] stream, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(20));
            pieces.add(Arrays.copyOfRange(stream, from, to));
            from = to;
        }
        return pieces;
    }

    private static List<byte[]> singleBytes(byte[] stream) {
        List<byte[]> pieces = new ArrayList<>();
        for (byte b : stream) {
            pieces.add(new byte[] {b});
        }
        return pieces;
    }

    private static void feed(
            SseReader reader, SseSink sink, ByteArrayOutputStream sent, byte[] piece) {
        sent.writeBytes(piece);
        reader.read(piece, sink);
    }

    private static Recorded read(List<byte[]> pieces) {
        SseReader reader = new SseReader(LIMIT);
        Recorded recorded = new Recorded();
        pieces.forEach(piece -> reader.read(piece, recorded));
        reader.end(recorded);
        return recorded;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Recorded implements SseSink {
        private final List<String> events = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void event(SseEvent event) {
            events.add(event.type() + ">" + (event.hasData() ? event.text() : "(none)"));
            bytes.writeBytes(event.raw());
        }

        @Override
        public void fragment(byte[] fragment) {
            bytes.writeBytes(fragment);
        }

        private byte[] raw() {
            return bytes.toByteArray();
        }
    }
}
