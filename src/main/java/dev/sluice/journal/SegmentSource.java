package dev.sluice.journal;

import java.io.IOException;

/** Makes a journal's segments, numbered one after the other. For one thread at a time. */
final class SegmentSource {
    private final JournalFolder folder;
    private final Segment.Allocation allocation;
    private final int segmentBytes;
    private long highestNumber;

    SegmentSource(
            JournalFolder folder,
            Segment.Allocation allocation,
            int segmentBytes,
            long highestNumber) {
        this.folder = folder;
        this.allocation = allocation;
        this.segmentBytes = segmentBytes;
        this.highestNumber = highestNumber;
    }

    /**
     * Makes a segment in which no entry will be numbered below that one.
     *
     * @throws IOException if the disk is full or fails
     */
    Segment make(long firstSequence) throws IOException {
        SegmentHeader header =
                new SegmentHeader(highestNumber + 1, firstSequence, folder.identity().current());
        Segment made = allocation.create(folder.path(), header, segmentBytes);
        highestNumber++;
        return made;
    }
}
