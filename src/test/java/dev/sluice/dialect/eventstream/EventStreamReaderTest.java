package dev.sluice.dialect.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.dialect.eventstream.EventStreamReader.Malformed;
import dev.sluice.dialect.eventstream.EventStreamReader.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS's framing, whole, in pieces and broken. */
class EventStreamReaderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 100, 10_000})
    void anySplitGivesTheSameMessages(int piece) throws Exception {
        byte[] stream =
                joined(message("a", "one"), message("b", ""), message("c", "x".repeat(999)));
        EventStreamReader reader = new EventStreamReader();
        List<String> found = new ArrayList<>();

        for (int at = 0; at < stream.length; at += piece) {
            byte[] bytes = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece));
            reader.feed(bytes, said -> found.add(text(said)));
        }

        assertThat(found).containsExactly("a:one", "b:", "c:" + "x".repeat(999));
        assertThat(reader.isBetweenMessages()).isTrue();
    }

    @Test
    void amidAMessageItMayNotEnd() throws Exception {
        EventStreamReader reader = new EventStreamReader();
        byte[] message = message("a", "one");
        reader.feed(Arrays.copyOf(message, message.length - 1), _ -> {});
        assertThat(reader.isBetweenMessages()).isFalse();
    }

    @Test
    void headersOfEveryTypeArePassedByAndTextsAreRead() throws Exception {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        int[] sizes = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};
        for (int type = 0; type < sizes.length; type++) {
            headers.writeBytes(new byte[] {1, (byte) ('a' + type), (byte) type});
            headers.writeBytes(
                    sizes[type] < 0 ? new byte[] {0, 2, 'h', 'i'} : new byte[sizes[type]]);
        }
        List<Message> found = new ArrayList<>();
        new EventStreamReader()
                .feed(message(headers.toByteArray(), "p".getBytes(UTF_8)), found::add);

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().headers()).containsOnlyKeys("h").containsEntry("h", "hi");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 20, -1, -6})
    void aBrokenByteIsNoticed(int place) {
        byte[] message = message("a", "one two three");
        message[place < 0 ? message.length + place : place] ^= 0x40;
        assertThatThrownBy(() -> new EventStreamReader().feed(message, _ -> {}))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void impossibleLengthsAreRefusedBeforeAnythingIsHeld() {
        for (int length : new int[] {0, 15, -1, Integer.MAX_VALUE}) {
            ByteBuffer prelude = ByteBuffer.allocate(12).putInt(length).putInt(0);
            prelude.putInt(checksum(prelude.array(), 8));
            assertThatThrownBy(() -> new EventStreamReader().feed(prelude.array(), _ -> {}))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("impossible length");
        }
        ByteBuffer prelude = ByteBuffer.allocate(12).putInt(100).putInt(Integer.MAX_VALUE);
        prelude.putInt(checksum(prelude.array(), 8));
        assertThatThrownBy(() -> new EventStreamReader().feed(prelude.array(), _ -> {}))
                .isInstanceOf(Malformed.class);
    }

    @RepeatedTest(200)
    void itIsTotalOnHeadersOfAnyBytes(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        byte[] headers = new byte[random.nextInt(40)];
        random.nextBytes(headers);
        byte[] message = message(headers, new byte[random.nextInt(9)]);
        try {
            new EventStreamReader().feed(message, said -> assertThat(said.payload()).isNotNull());
        } catch (Malformed refused) {
            assertThat(refused).as("seed " + seed).hasMessageContaining("header");
        }
    }

    @Test
    void chunksBecomeEventsAndWhatIsNoneIsPassedBy() throws Exception {
        byte[] said = "{\"type\":\"ping\",\n \"a\":1}".getBytes(UTF_8);
        String chunk = "{\"bytes\":\"" + Base64.getEncoder().encodeToString(said) + "\"}";
        BedrockEvents events = new BedrockEvents();
        byte[] stream =
                joined(
                        message(":event-type", chunk),
                        message(":event-type", "{\"bytes\":\"%%%\"}"),
                        message(":event-type", "no json"),
                        message(":event-type", "{\"bytes\":\"e30=\"}"));

        assertThat(new String(events.feed(stream), UTF_8))
                .isEqualTo("event: ping\ndata: {\"type\":\"ping\",  \"a\":1}\n\n");
        assertThat(events.mayEnd()).isTrue();
    }

    private static String text(Message message) {
        return String.join(",", message.headers().keySet())
                + ":"
                + new String(message.payload(), UTF_8);
    }

    private static byte[] message(String header, String payload) {
        byte[] name = header.getBytes(UTF_8);
        ByteBuffer headers = ByteBuffer.allocate(name.length + 6);
        headers.put((byte) name.length).put(name).put((byte) 7).putShort((short) 2);
        headers.put("hi".getBytes(UTF_8));
        return message(headers.array(), payload.getBytes(UTF_8));
    }

    private static byte[] message(byte[] headers, byte[] payload) {
        int length = 16 + headers.length + payload.length;
        ByteBuffer message = ByteBuffer.allocate(length).putInt(length).putInt(headers.length);
        message.putInt(checksum(message.array(), 8)).put(headers).put(payload);
        message.putInt(checksum(message.array(), length - 4));
        return message.array();
    }

    private static byte[] joined(byte[]... messages) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            stream.writeBytes(message);
        }
        return stream.toByteArray();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
