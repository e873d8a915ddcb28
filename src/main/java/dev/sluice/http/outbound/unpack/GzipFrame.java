package dev.sluice.http.outbound.unpack;

import java.util.zip.DataFormatException;

/** Where in a gzip file one stands: its header and its trailer hold nothing that is kept. */
final class GzipFrame {
    private static final int[] MAGIC = {0x1f, 0x8b, 8};
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;

    private Part part = Part.FIXED;
    private int flags;
    private int done;
    private int extra;
    private boolean anyMember;

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECKSUM,
        DATA,
        TRAILER
    }

    boolean isAmidData() {
        return part == Part.DATA;
    }

    /** {@return whether a member has just ended} */
    boolean isComplete() {
        return anyMember && part == Part.FIXED && done == 0;
    }

    void dataEnded() {
        enter(Part.TRAILER);
    }

    /**
     * {@return how many bytes from there on are no data}
     *
     * @throws DataFormatException if they are no gzip
     */
    int skip(byte[] bytes, int from) throws DataFormatException {
        int at = from;
        while (at < bytes.length && part != Part.DATA) {
            take(bytes[at++] & 0xff);
        }
        return at - from;
    }

    private void take(int b) throws DataFormatException {
        switch (part) {
            case FIXED -> fixed(b);
            case EXTRA_LENGTH -> {
                extra |= b << (8 * done++);
                if (done == 2) {
                    enter(extra == 0 ? after(Part.EXTRA) : Part.EXTRA);
                }
            }
            case EXTRA -> counted(extra);
            case NAME, COMMENT -> {
                if (b == 0) {
                    enter(after(part));
                }
            }
            case CHECKSUM -> counted(2);
            case TRAILER -> {
                counted(TRAILER);
                anyMember = true;
            }
            case DATA -> throw new IllegalStateException("data is not skipped");
        }
    }

    private void fixed(int b) throws DataFormatException {
        if (done < MAGIC.length && b != MAGIC[done]) {
            throw new DataFormatException("no gzip");
        }
        if (done == MAGIC.length) {
            flags = b;
        }
        counted(FIXED_HEADER);
    }

    private void counted(int bytes) {
        if (++done == bytes) {
            enter(after(part));
        }
    }

    private Part after(Part left) {
        return switch (left) {
            case FIXED -> has(HAS_EXTRA) ? Part.EXTRA_LENGTH : after(Part.EXTRA);
            case EXTRA_LENGTH, EXTRA -> has(HAS_NAME) ? Part.NAME : after(Part.NAME);
            case NAME -> has(HAS_COMMENT) ? Part.COMMENT : after(Part.COMMENT);
            case COMMENT -> has(HAS_CHECKSUM) ? Part.CHECKSUM : Part.DATA;
            case CHECKSUM -> Part.DATA;
            case DATA -> Part.TRAILER;
            case TRAILER -> Part.FIXED;
        };
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private void enter(Part next) {
        part = next;
        done = 0;
        if (next == Part.EXTRA_LENGTH) {
            extra = 0;
        }
    }
}
