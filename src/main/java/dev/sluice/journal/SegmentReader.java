package dev.sluice.journal;

import org.jspecify.annotations.Nullable;

/** Reads a segment's entries in order, passing over bytes that are none. For one thread. */
final class SegmentReader {
    private final Segment segment;
    private final Corruption corruption;
    private int offset = Segment.FIRST_FRAME;

    /** Takes a stretch of bytes in which no sound entry stands. */
    @FunctionalInterface
    interface Corruption {
        void found(Segment segment, int from, int to);
    }

    SegmentReader(Segment segment, Corruption corruption) {
        this.segment = segment;
        this.corruption = corruption;
    }

    /** {@return the next entry, or null if there is none (yet)} */
    @Nullable Frame next() {
        int end = segment.end();
        if (offset >= end) {
            return null;
        }
        Frame frame = segment.frameAt(offset);
        return frame == null ? resume(end) : passed(frame, offset);
    }

    /**
     * Entries stand at multiples of eight: the next sound one is where reading goes on. Without
     * any, the rest is what a process left that died amid an append.
     */
    private @Nullable Frame resume(int end) {
        for (int at = offset + Frame.ALIGNMENT; at < end; at += Frame.ALIGNMENT) {
            Frame frame = segment.frameAt(at);
            if (frame != null) {
                corruption.found(segment, offset, at);
                return passed(frame, at);
            }
        }
        return null;
    }

    /** Passes over what stands unreadable at the end of a segment that is complete. */
    void giveUpRest() {
        int end = segment.end();
        if (offset < end) {
            corruption.found(segment, offset, end);
            offset = end;
        }
    }

    private Frame passed(Frame frame, int at) {
        offset = at + Frame.sizeOf(frame.payload().length);
        return frame;
    }

    /** {@return the offset behind the last entry that was read} */
    int offset() {
        return offset;
    }

    Segment segment() {
        return segment;
    }
}
