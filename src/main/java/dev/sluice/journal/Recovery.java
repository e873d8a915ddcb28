package dev.sluice.journal;

import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecordJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in a journal's folder when a process begins. A torn tail, which a kill leaves, ends
 * its segment without a word.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final JournalFolder folder;
    private final Map<UUID, Opening> open = new LinkedHashMap<>();
    private long lastSequence;

    /** What was found: segments oldest first, and the calls that were opened and never closed. */
    record Found(
            List<Segment> segments,
            long lastNumber,
            long lastSequence,
            List<Opening> interrupted) {}

    private Recovery(JournalFolder folder) {
        this.folder = folder;
    }

    static Found of(JournalFolder folder) throws IOException {
        Recovery recovery = new Recovery(folder);
        List<Segment> kept = new ArrayList<>();
        long lastNumber = 0;
        for (Segment segment : folder.segments()) {
            recovery.read(segment);
            kept.add(segment);
            lastNumber = Math.max(lastNumber, segment.number());
        }
        return new Found(
                kept, lastNumber, recovery.lastSequence, List.copyOf(recovery.open.values()));
    }

    private void read(Segment segment) {
        lastSequence = Math.max(lastSequence, segment.after());
        SegmentReader reader = new SegmentReader(segment);
        Frame frame = reader.next(folder::setAside);
        while (frame != null) {
            lastSequence = Math.max(lastSequence, frame.sequence());
            note(frame);
            frame = reader.next((_, _, _) -> {});
        }
    }

    /** An entry that is sound and yet unreadable is the importer's to set aside. */
    private void note(Frame frame) {
        try {
            switch (frame.kind()) {
                case OPENED -> {
                    Opening opening = RequestRecordJson.opening(frame.payload());
                    open.put(opening.record().id(), opening);
                }
                case CLOSED -> open.remove(RequestRecordJson.record(frame.payload()).id());
            }
        } catch (RuntimeException unreadable) {
            LOG.debug("Entry {} cannot be read", frame.sequence(), unreadable);
        }
    }
}
