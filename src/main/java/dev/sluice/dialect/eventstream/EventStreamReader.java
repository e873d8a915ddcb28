package dev.sluice.dialect.eventstream;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Reads AWS's event streams ({@code application/vnd.amazon.eventstream}) as the bytes come: lengths
 * of the message and of its headers, their checksum, headers, payload, checksum of all. For one
 * stream.
 */
public final class EventStreamReader {
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final int LARGEST = 16 << 20;

    /** How many bytes the value of a header's type has; those of 6 and 7 say it themselves. */
    private static final int[] SIZES = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};

    private static final int TEXT = 7;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /** So many bytes must be held before there is anything to read. */
    private int needed = PRELUDE;

    /**
     * A message.
     *
     * @param headers those that are text
     */
    public record Message(Map<String, String> headers, byte[] payload) {
        public Message {
            headers = Map.copyOf(headers);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** The bytes are no event stream. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Takes further bytes, and gives the messages that are whole by now.
     *
     * @throws Malformed if they are none; nothing more may be fed then
     */
    public void feed(byte[] bytes, Consumer<Message> messages) throws Malformed {
        held.writeBytes(bytes);
        if (held.size() < needed) {
            return;
        }
        byte[] all = held.toByteArray();
        int at = 0;
        int length = length(all, at);
        while (length > 0 && all.length - at >= length) {
            messages.accept(message(all, at, length));
            at += length;
            length = length(all, at);
        }
        needed = Math.max(length, PRELUDE);
        if (at > 0) {
            held.reset();
            held.write(all, at, all.length - at);
        }
    }

    /** {@return whether the stream may end here} */
    public boolean isBetweenMessages() {
        return held.size() == 0;
    }

    /** {@return how long the message is that begins there; 0 while that is not known} */
    private static int length(byte[] all, int at) throws Malformed {
        if (all.length - at < PRELUDE) {
            return 0;
        }
        ByteBuffer prelude = ByteBuffer.wrap(all, at, PRELUDE);
        int length = prelude.getInt();
        int headers = prelude.getInt();
        if (prelude.getInt() != checksum(all, at, PRELUDE - CHECKSUM)) {
            throw new Malformed("The checksum of a message's beginning is wrong");
        }
        boolean fits = length >= PRELUDE + CHECKSUM && length <= LARGEST;
        if (!fits || headers < 0 || headers > length - PRELUDE - CHECKSUM) {
            throw new Malformed("A message has an impossible length");
        }
        return length;
    }

    private static Message message(byte[] all, int at, int length) throws Malformed {
        ByteBuffer message = ByteBuffer.wrap(all, at, length);
        int end = at + length - CHECKSUM;
        if (message.getInt(end) != checksum(all, at, length - CHECKSUM)) {
            throw new Malformed("The checksum of a message is wrong");
        }
        int payload = at + PRELUDE + message.getInt(at + 4);
        message.position(at + PRELUDE).limit(payload);
        Map<String, String> headers = headers(message);
        byte[] said = new byte[end - payload];
        System.arraycopy(all, payload, said, 0, said.length);
        return new Message(headers, said);
    }

    private static Map<String, String> headers(ByteBuffer bytes) throws Malformed {
        Map<String, String> headers = new HashMap<>();
        try {
            while (bytes.hasRemaining()) {
                String name = text(bytes, Byte.toUnsignedInt(bytes.get()));
                int type = bytes.get();
                if (type < 0 || type >= SIZES.length) {
                    throw new Malformed("A header has an unknown type");
                }
                int size = SIZES[type] < 0 ? Short.toUnsignedInt(bytes.getShort()) : SIZES[type];
                String value = text(bytes, size);
                if (type == TEXT) {
                    headers.put(name, value);
                }
            }
        } catch (BufferUnderflowException tooShort) {
            throw new Malformed("A header is longer than its message");
        }
        return headers;
    }

    private static String text(ByteBuffer bytes, int length) {
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] all, int at, int length) {
        CRC32 sum = new CRC32();
        sum.update(all, at, length);
        return (int) sum.getValue();
    }
}
