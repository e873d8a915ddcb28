package dev.sluice.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry in a segment. On disk, little-endian, at a multiple of eight: length of the payload (4;
 * written last, so that a torn entry has none), CRC-32C of what follows it (4), kind (1), format
 * version (1), reserved (6), sequence number (8), payload, padding.
 */
record Frame(Kind kind, long sequence, byte[] payload) {
    static final int HEADER = 24;
    static final int LARGEST_PAYLOAD = 16 << 20;
    private static final byte VERSION = 1;

    /** What an entry says. The codes are on disk: never reused. */
    enum Kind {
        OPENED(1),
        CLOSED(2);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    /** {@return bytes that a payload takes on disk} */
    static int sizeOf(int payloadLength) {
        return (HEADER + payloadLength + 7) & ~7;
    }

    /** Writes all but the length; {@return the length, with which the entry becomes visible} */
    static int write(ByteBuffer segment, int offset, Frame frame) {
        byte[] payload = frame.payload();
        segment.put(offset + 8, frame.kind().code);
        segment.put(offset + 9, VERSION);
        segment.putShort(offset + 10, (short) 0);
        segment.putInt(offset + 12, 0);
        segment.putLong(offset + 16, frame.sequence());
        segment.put(offset + HEADER, payload);
        segment.putInt(offset + 4, checksum(segment, offset, payload.length));
        return payload.length;
    }

    /**
     * {@return the entry of that length at that offset, or null if there is none that is whole and
     * sound}
     */
    static @Nullable Frame read(ByteBuffer segment, int offset, int length) {
        if (length <= 0
                || length > LARGEST_PAYLOAD
                || (long) offset + sizeOf(length) > segment.capacity()
                || segment.getInt(offset + 4) != checksum(segment, offset, length)) {
            return null;
        }
        Kind kind = kind(segment.get(offset + 8));
        if (kind == null || segment.get(offset + 9) != VERSION) {
            return null;
        }
        byte[] payload = new byte[length];
        segment.get(offset + HEADER, payload);
        return new Frame(kind, segment.getLong(offset + 16), payload);
    }

    private static @Nullable Kind kind(byte code) {
        for (Kind kind : Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    private static int checksum(ByteBuffer segment, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(segment.slice(offset + 8, HEADER - 8 + length));
        return (int) crc.getValue();
    }
}
