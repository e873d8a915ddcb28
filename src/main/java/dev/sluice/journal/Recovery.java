package dev.sluice.journal;

import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands in a journal's folder when a process begins. A torn tail, which a kill leaves,
 * ends its segment without a word; an entry that had become visible and is damaged is set aside and
 * told.
 */
final class Recovery {
    /**
     * How many numbers are left out after a start: those that entries may have borne which a power
     * cut took, while the database had them already.
     */
    private static final long NUMBERS_LEFT_OUT = 1 << 20;

    private final JournalFolder folder;
    private final int segmentBytes;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<UUID, Found> open = new LinkedHashMap<>();
    private long lastSequence;
    private long entries;

    private record Found(Frame frame, long segment) {}

    /**
     * What was found.
     *
     * @param segments those that hold something, oldest first
     * @param spare a prepared one that holds nothing
     * @param highestNumber that any file bears
     * @param lastSequence after which new entries are numbered
     * @param entries sound ones, imported or not
     */
    record State(
            List<Segment> segments,
            @Nullable Segment spare,
            long highestNumber,
            long lastSequence,
            long entries) {}

    /** A call that was cut, as its opening stands in a segment. */
    record Interrupted(Opening opening, byte[] payload, long segment) {
        UUID call() {
            return opening.record().id();
        }
    }

    Recovery(JournalFolder folder, int segmentBytes) {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
    }

    State read() throws IOException {
        long highestNumber = folder.highestNumber();
        Segment spare = null;
        for (Segment segment : folder.segments()) {
            read(segment);
            if (!segment.isEmpty()) {
                segments.add(segment);
            } else if (segment.number() == highestNumber && isUsable(segment)) {
                spare = segment;
            } else {
                segment.close();
                Files.delete(segment.file());
            }
        }
        return new State(
                List.copyOf(segments),
                spare,
                highestNumber,
                highestNumber == 0 ? 0 : lastSequence + NUMBERS_LEFT_OUT,
                entries);
    }

    private boolean isUsable(Segment spare) {
        return spare.hasCleanEnd() && spare.capacity() >= segmentBytes;
    }

    private void read(Segment segment) {
        lastSequence = Math.max(lastSequence, segment.header().firstSequence());
        SegmentReader reader = new SegmentReader(segment, folder.quarantine()::stretch);
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            lastSequence = Math.max(lastSequence, frame.sequence());
            entries++;
            switch (frame.kind()) {
                case OPENED -> open.put(frame.call(), new Found(frame, segment.number()));
                case CLOSED -> open.remove(frame.call());
            }
        }
        segment.endAt(reader.offset());
        if (segment.hasVisibleEntryAtEnd()) {
            folder.quarantine().stretch(segment, segment.end(), segment.usedBytes());
        }
    }

    /**
     * {@return the calls that were opened and never closed, their records ending {@code
     * interrupted}}
     */
    List<Interrupted> interrupted() throws IOException {
        List<Interrupted> interrupted = new ArrayList<>();
        for (Found found : open.values()) {
            Opening opening = readable(found.frame());
            if (opening != null) {
                interrupted.add(new Interrupted(opening, found.frame().payload(), found.segment()));
            }
        }
        return interrupted;
    }

    private @Nullable Opening readable(Frame frame) throws IOException {
        try {
            Opening opening = RequestRecordJson.opening(frame.payload());
            return new Opening(cut(opening.record()), opening.reservations());
        } catch (RuntimeException unreadable) {
            folder.quarantine().entry(frame, "its opening cannot be read");
            return null;
        }
    }

    private static RequestRecord cut(RequestRecord record) {
        RequestRecord.Outcome known = record.outcome();
        RequestRecord.Outcome cut =
                new RequestRecord.Outcome(
                        Ending.INTERRUPTED,
                        known.status(),
                        Fault.GATEWAY,
                        known.errorCode() == null ? "interrupted" : known.errorCode(),
                        known.errorText());
        return new RequestRecord(
                record.id(),
                record.startedAt(),
                record.asker(),
                record.asked(),
                record.served(),
                cut,
                record.timing(),
                record.usage(),
                record.cost(),
                record.traffic(),
                record.attempts(),
                record.warnings());
    }
}
