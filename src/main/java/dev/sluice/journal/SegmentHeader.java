package dev.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The head of a segment, little-endian: magic (8), format version (4), CRC-32C of what follows (4),
 * segment number (8), first sequence number (8), node id (16), reserved.
 *
 * @param number its place among the segments of its node
 * @param firstSequence below which no entry in it is numbered
 */
record SegmentHeader(long number, long firstSequence, UUID node) {
    static final int SIZE = 64;

    /** Where the segment's number stands. */
    static final int NUMBER_AT = 16;

    private static final long MAGIC = 0x534C_5549_4345_4A31L;
    private static final int FORMAT = 1;
    private static final int CHECKED_FROM = 16;
    private static final int CHECKED_TO = 48;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(FORMAT).putInt(0);
        bytes.putLong(number).putLong(firstSequence);
        bytes.putLong(node.getMostSignificantBits()).putLong(node.getLeastSignificantBits());
        bytes.putInt(12, checksum(bytes));
        return bytes.rewind();
    }

    static SegmentHeader read(ByteBuffer segment) throws IOException {
        if (segment.capacity() < SIZE || segment.getLong(0) != MAGIC) {
            throw new IOException("it is no journal segment");
        }
        if (segment.getInt(8) != FORMAT) {
            throw new IOException(
                    "its format " + segment.getInt(8) + " is not known here, only " + FORMAT);
        }
        if (segment.getInt(12) != checksum(segment)) {
            throw new IOException("its header is damaged");
        }
        return new SegmentHeader(
                segment.getLong(NUMBER_AT),
                segment.getLong(24),
                new UUID(segment.getLong(32), segment.getLong(40)));
    }

    private static int checksum(ByteBuffer segment) {
        CRC32C crc = new CRC32C();
        crc.update(segment.slice(CHECKED_FROM, CHECKED_TO - CHECKED_FROM));
        return (int) crc.getValue();
    }
}
