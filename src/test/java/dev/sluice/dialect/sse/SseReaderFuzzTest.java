package dev.sluice.dialect.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated streams, cut anywhere, against the specification read in the plainest way. */
class SseReaderFuzzTest {
    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
    private static final List<String> WORDS =
            List.of(
                    "data:",
                    "data: ",
                    "data",
                    "event: a",
                    "event:",
                    "id: 7",
                    ":",
                    ": ping",
                    "retry: 5",
                    " ",
                    "\n",
                    "\n\n",
                    "\r",
                    "\r\n",
                    "\r\n\r\n",
                    "\r\r",
                    "[DONE]",
                    "{\"a\":\"b\"}",
                    "\u00ef\u00bb\u00bf",
                    "\u00e2\u0080\u00a8",
                    "\0",
                    "x");

    static Stream<Seeds> seeds() {
        return Seeds.rounds(2_000);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverTheNetworkCutsTheEventsAreThoseOfTheSpecification(Seeds seeds) {
        seeds.check(random -> {
            byte[] stream = stream(random);
            Taken taken = read(random, stream, new SseReader(1 << 20));

            assertThat(taken.events).isEqualTo(expected(stream));
            assertThat(taken.bytes.toByteArray()).isEqualTo(stream);
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aLimitBoundsWhatIsHeldAndLosesNoByte(Seeds seeds) {
        seeds.check(random -> {
            byte[] stream = stream(random);
            int limit = 1 + random.nextInt(60);
            Taken taken = read(random, stream, new SseReader(limit));

            assertThat(taken.bytes.toByteArray()).isEqualTo(stream);
            assertThat(taken.mostHeld).isLessThanOrEqualTo(limit);
            assertThat(taken.longestEvent).isLessThanOrEqualTo(limit);
            if (!taken.events.isEmpty()) {
                assertThat(expected(stream)).containsSubsequence(taken.events);
            }
        });
    }

    private static byte[] stream(Random random) {
        StringBuilder text = new StringBuilder();
        for (int piece = random.nextInt(40); piece >= 0; piece--) {
            if (random.nextInt(8) == 0) {
                byte[] noise = new byte[random.nextInt(30)];
                random.nextBytes(noise);
                text.append(new String(noise, ISO_8859_1));
            } else {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static Taken read(Random random, byte[] stream, SseReader reader) {
        Taken taken = new Taken();
        int most = 1 + random.nextInt(20);
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + random.nextInt(most + 1));
            reader.read(Arrays.copyOfRange(stream, from, to), taken);
            taken.mostHeld = Math.max(taken.mostHeld, reader.rest().length);
            from = to;
        }
        reader.end(taken);
        return taken;
    }

    /** {@return the events of a whole stream, an unfinished last one included} */
    private static List<String> expected(byte[] stream) {
        String text = new String(stream, ISO_8859_1);
        List<String> events = new ArrayList<>();
        Matcher lineEnd = LINE_END.matcher(text);
        int line = 0;
        int event = 0;
        while (lineEnd.find()) {
            if (lineEnd.start() == line) {
                events.add(event(text.substring(event, lineEnd.end()), event == 0));
                event = lineEnd.end();
            }
            line = lineEnd.end();
        }
        if (event < text.length()) {
            events.add(event(text.substring(event), event == 0));
        }
        return events;
    }

    private static String event(String raw, boolean first) {
        String fields = first && raw.startsWith("\u00ef\u00bb\u00bf") ? raw.substring(3) : raw;
        String type = "";
        List<String> data = new ArrayList<>();
        for (String line : LINE_END.split(fields, -1)) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            if (name.equals("data")) {
                data.add(value);
            } else if (name.equals("event")) {
                type = new String(value.getBytes(ISO_8859_1), UTF_8);
            }
        }
        return type + ">" + (data.isEmpty() ? "(none)" : String.join("\n", data));
    }

    private static final class Taken implements SseSink {
        private final List<String> events = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int mostHeld;
        private int longestEvent;

        @Override
        public void event(SseEvent event) {
            String data = event.hasData() ? new String(event.data(), ISO_8859_1) : "(none)";
            events.add(event.type() + ">" + data);
            bytes.writeBytes(event.raw());
            longestEvent = Math.max(longestEvent, event.raw().length);
        }

        @Override
        public void fragment(byte[] fragment) {
            bytes.writeBytes(fragment);
        }
    }
}
