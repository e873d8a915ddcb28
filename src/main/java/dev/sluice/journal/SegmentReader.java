package dev.sluice.journal;

import org.jspecify.annotations.Nullable;

/** Reads a segment's entries in order, passing over bytes that are none. For one thread. */
final class SegmentReader {
    private final Segment segment;
    private int offset = Segment.FIRST_FRAME;

    SegmentReader(Segment segment) {
        this.segment = segment;
    }

    /** Takes a stretch of bytes in which no sound entry stands. */
    interface Corruption {
        void found(Segment segment, int from, int to);
    }

    /** {@return the next entry, or null if there is none (yet)} */
    @Nullable Frame next(Corruption corruption) {
        int length = segment.lengthAt(offset);
        if (length == 0) {
            return null;
        }
        Frame frame = segment.frameAt(offset, length);
        if (frame != null) {
            offset += Frame.sizeOf(length);
            return frame;
        }
        return resume(corruption);
    }

    /**
     * Entries stand at multiples of eight: the next sound one is where reading goes on. Without
     * any, the rest is a torn tail.
     */
    private @Nullable Frame resume(Corruption corruption) {
        for (int at = offset + 8; at + Frame.HEADER <= segment.capacity(); at += 8) {
            int length = segment.lengthAt(at);
            Frame frame = length > 0 ? segment.frameAt(at, length) : null;
            if (frame != null) {
                corruption.found(segment, offset, at);
                offset = at + Frame.sizeOf(length);
                return frame;
            }
        }
        return null;
    }

    /** {@return whether bytes stand here that are neither an entry nor untouched} */
    boolean standsAtTornTail() {
        return segment.lengthAt(offset) != 0;
    }

    Segment segment() {
        return segment;
    }
}
