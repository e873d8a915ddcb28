package dev.sluice.dialect.gemini.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonArrayFramingTest {
    private static final ChatError BROKEN =
            ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "It broke.");

    private final JsonArrayFraming framing = new JsonArrayFraming();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void eachEventIsAnElementByteForByteAsSoonAsItComes() {
        assertThat(text(framing.event(event("{\"a\": 1.0}")))).isEqualTo("[{\"a\": 1.0}");
        assertThat(text(framing.event(event("{\"b\":2}")))).isEqualTo(",\r\n{\"b\":2}");
        assertThat(text(framing.end())).isEqualTo("]");
        assertThat(framing.end()).isEmpty();
    }

    @Test
    void aStreamWithoutEventsIsAnEmptyArray() {
        assertThat(text(framing.end())).isEqualTo("[]");
    }

    @Test
    void aFailureIsTheLastElementOfAnArrayThatIsClosed() {
        out.writeBytes(framing.event(event("{\"a\":1}")));
        out.writeBytes(framing.fail(BROKEN, "r"));
        out.writeBytes(framing.event(event("{\"late\":1}")));
        out.writeBytes(framing.end());

        JsonNode array = Json.tree(out.toByteArray());
        assertThat(array.size()).isEqualTo(2);
        assertThat(array.path(1).path("error").path("message").asString("")).isEqualTo("It broke.");
        assertThat(array.path(1).path("error").path("code").asInt(0)).isEqualTo(502);
    }

    @Test
    void aFailureBeforeAnyEventIsAnArrayToo() {
        assertThat(Json.tree(framing.fail(BROKEN, null)).path(0).has("error")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {": ping\n\n", "data: nonsense\n\n", "data: {\"a\":\n\n", "event: x\n\n"})
    void whatIsNoJsonObjectIsLeftOut(String stream) {
        relay(stream + "data: {\"a\":1}\n\n", 1 << 16);

        assertThat(text(out.toByteArray())).isEqualTo("[{\"a\":1}]");
    }

    @Test
    void anErrorInBareJsonAmidTheEventsIsAnElement() {
        relay("data: {\"a\":1}\r\n\r\n{\n  \"error\": {\"code\": 503}\n}\n", 1 << 16);

        JsonNode array = Json.tree(out.toByteArray());
        assertThat(array.path(1).path("error").path("code").asInt(0)).isEqualTo(503);
    }

    @Test
    void anEventTooLargeToBeHeldIsAnElementInPieces() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            String end = random.nextBoolean() ? "\n\n" : "\r\n\r\n";
            String large = "{\"text\":\"data: " + "x\\n".repeat(40 + random.nextInt(40)) + "\"}";
            String stream = "data: {\"a\":1}" + end + "data: " + large + end;
            stream += "data: " + large + end + "data: {\"b\":2}" + end;
            JsonArrayFraming each = new JsonArrayFraming();
            ByteArrayOutputStream array = new ByteArrayOutputStream();
            cut(stream, 32, random, each, array);

            assertThat(Json.tree(array.toByteArray()).toString())
                    .as("seed %d: %s", seed, array)
                    .isEqualTo("[{\"a\":1}," + large + "," + large + ",{\"b\":2}]");
        }
    }

    private void relay(String stream, int limit) {
        cut(stream, limit, new Random(1), framing, out);
    }

    private static void cut(
            String stream,
            int limit,
            Random random,
            JsonArrayFraming framing,
            ByteArrayOutputStream out) {
        SseReader reader = new SseReader(limit);
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        out.writeBytes(framing.event(event));
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        out.writeBytes(framing.fragment(bytes));
                    }
                };
        int at = 0;
        while (at < stream.length()) {
            int next = Math.min(stream.length(), at + 1 + random.nextInt(50));
            reader.read(stream.substring(at, next).getBytes(StandardCharsets.UTF_8), sink);
            at = next;
        }
        reader.end(sink);
        out.writeBytes(framing.end());
    }

    private static SseEvent event(String json) {
        byte[] data = json.getBytes(StandardCharsets.UTF_8);
        return new SseEvent(
                ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8), "", data, true);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
