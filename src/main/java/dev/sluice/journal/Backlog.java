package dev.sluice.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal's entries in order, across its segments, as its importer reads them. Segments that
 * were read to their end are released. For one thread; the count may be read by any.
 */
final class Backlog {
    private final Journal journal;
    private @Nullable SegmentReader reader;
    private @Nullable Segment following;
    private long countedUpTo;
    private volatile long passed;

    Backlog(Journal journal) {
        this.journal = journal;
    }

    /** {@return the next entries that are numbered above that, none if there are none (yet)} */
    List<Frame> next(int most, long after) throws IOException {
        List<Frame> batch = new ArrayList<>();
        while (batch.size() < most) {
            Frame frame = reader().next();
            if (frame == null) {
                if (!batch.isEmpty() || !moveOn()) {
                    break;
                }
            } else if (frame.sequence() > after) {
                batch.add(frame);
            } else {
                pass(frame);
            }
        }
        return batch;
    }

    /** {@return the oldest entry that is held, or null if none is} */
    @Nullable Frame oldest() {
        for (Segment segment : journal.log().segments()) {
            Frame frame = readerOf(segment).next();
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    /** Notes that an entry needs no import any more. */
    void pass(Frame frame) {
        if (frame.sequence() > countedUpTo) {
            countedUpTo = frame.sequence();
            long sum = passed + 1;
            passed = sum;
        }
    }

    /** {@return how many of the journal's entries need no import any more} */
    long passed() {
        return passed;
    }

    /** Reads from the oldest segment again. */
    void rewind() {
        reader = null;
        following = null;
    }

    /** Deletes the segments that have been read to their end, as far as that is possible now. */
    void release() throws IOException {
        journal.releaseBefore(reader().segment());
    }

    private SegmentReader reader() {
        SegmentReader known = reader;
        if (known == null) {
            known = readerOf(journal.log().segments().getFirst());
            reader = known;
        }
        return known;
    }

    private SegmentReader readerOf(Segment segment) {
        return new SegmentReader(segment, journal.folder().quarantine()::stretch);
    }

    /**
     * Goes to the next segment, if nothing can come in this one any more: if there was a next one
     * already before this one was read to its end. {@return whether there may be more to read}
     */
    private boolean moveOn() throws IOException {
        SegmentReader from = reader();
        Segment known = following;
        if (known == null) {
            following = successor(from.segment());
            return following != null;
        }
        from.giveUpRest();
        reader = readerOf(known);
        following = null;
        release();
        return true;
    }

    private @Nullable Segment successor(Segment segment) {
        for (Segment other : journal.log().segments()) {
            if (other.number() > segment.number()) {
                return other;
            }
        }
        return null;
    }
}
