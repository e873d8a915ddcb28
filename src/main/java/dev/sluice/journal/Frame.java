package dev.sluice.journal;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry in a segment. On disk, little-endian, at a multiple of eight: length of the payload (4;
 * written last, so that a torn entry has none), checksum (4), kind (1), format version (1),
 * milliseconds since the epoch (6), sequence number (8), call id (16), payload, padding. The
 * checksum is the CRC-32C of the length and of all that follows it, mixed with the place: a block
 * that a disk wrote to a wrong place is no entry.
 *
 * @param call the id of the call it speaks of, so that none has to be parsed to tell which are open
 * @param atMillis when it was appended
 */
record Frame(Kind kind, UUID call, long atMillis, long sequence, byte[] payload) {
    static final int HEADER = 40;
    static final int ALIGNMENT = 8;
    private static final int CHECKED_FROM = 8;
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
        return (HEADER + payloadLength + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Writes all but the length, with which the entry becomes visible. */
    void write(ByteBuffer segment, int offset) {
        segment.put(offset + 8, kind.code);
        segment.put(offset + 9, VERSION);
        segment.putShort(offset + 10, (short) (atMillis >>> 32));
        segment.putInt(offset + 12, (int) atMillis);
        segment.putLong(offset + 16, sequence);
        segment.putLong(offset + 24, call.getMostSignificantBits());
        segment.putLong(offset + 32, call.getLeastSignificantBits());
        segment.put(offset + HEADER, payload);
        segment.putInt(offset + 4, checksum(segment, offset, payload.length));
    }

    /**
     * {@return the entry of that length at that offset, or null if there is none that is whole and
     * sound} What is plainly none is told without a checksum: noise must not cost one for each of
     * its bytes.
     */
    static @Nullable Frame read(ByteBuffer segment, int offset, int length) {
        if (length <= 0 || length > segment.capacity() - offset - HEADER) {
            return null;
        }
        Kind kind = kind(segment.get(offset + 8));
        if (kind == null
                || segment.get(offset + 9) != VERSION
                || segment.getInt(offset + 4) != checksum(segment, offset, length)) {
            return null;
        }
        byte[] payload = new byte[length];
        segment.get(offset + HEADER, payload);
        return new Frame(
                kind,
                new UUID(segment.getLong(offset + 24), segment.getLong(offset + 32)),
                ((segment.getShort(offset + 10) & 0xffffL) << 32)
                        | (segment.getInt(offset + 12) & 0xffffffffL),
                segment.getLong(offset + 16),
                payload);
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
        crc.update(length);
        crc.update(length >>> 8);
        crc.update(length >>> 16);
        crc.update(length >>> 24);
        crc.update(segment.slice(offset + CHECKED_FROM, HEADER - CHECKED_FROM + length));
        return (int) crc.getValue() ^ place(segment, offset);
    }

    private static int place(ByteBuffer segment, int offset) {
        return (int) segment.getLong(SegmentHeader.NUMBER_AT) * 0x9E3779B9 + offset;
    }
}
