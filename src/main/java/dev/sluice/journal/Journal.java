package dev.sluice.journal;

import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import dev.sluice.proxy.account.RequestSink;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What must survive the process: openings and records, on disk until the database has them. One
 * process has a folder at a time; its threads share one journal.
 */
public final class Journal implements RequestSink, AutoCloseable {
    private final JournalSettings settings;
    private final JournalFolder folder;
    private final SegmentedLog log;
    private final Keeper keeper;
    private final List<Opening> interrupted;
    private final long recoveredSequence;

    private Journal(JournalSettings settings, Clock clock, Segment.Allocation allocation)
            throws IOException {
        this.settings = settings;
        this.folder = JournalFolder.open(settings.folder());
        try {
            Recovery recovery = new Recovery(folder, settings.segmentBytes());
            Recovery.State found = recovery.read();
            this.recoveredSequence = found.lastSequence();
            SegmentSource source =
                    new SegmentSource(
                            folder, allocation, settings.segmentBytes(), found.highestNumber());
            Semaphore wakeups = new Semaphore(0);
            Segment first = first(found, source);
            this.log = new SegmentedLog(settings, clock, wakeups, found, first);
            this.keeper = new Keeper(log, source, settings, wakeups);
            this.interrupted = close(recovery.interrupted());
            keeper.start();
        } catch (IOException | RuntimeException unusable) {
            folder.close();
            throw unusable;
        }
    }

    /**
     * Opens the journal of a node and recovers what is in it: a call that was opened and never
     * closed gets its {@code interrupted} record here.
     *
     * @param clock tells when an entry was written
     * @throws IOException if the folder cannot be used, or another process uses it
     */
    public static Journal open(JournalSettings settings, Clock clock) throws IOException {
        return open(settings, clock, Segment::create);
    }

    static Journal open(JournalSettings settings, Clock clock, Segment.Allocation allocation)
            throws IOException {
        return new Journal(settings, clock, allocation);
    }

    /**
     * Where to go on: in the newest segment, unless something torn stands at its end. On a full
     * disk a start is possible as long as there is something to import, for that makes room.
     */
    private static Segment first(Recovery.State found, SegmentSource source) throws IOException {
        Segment newest = found.segments().isEmpty() ? null : found.segments().getLast();
        if (newest != null && newest.hasCleanEnd()) {
            return newest;
        }
        if (found.spare() != null) {
            return found.spare();
        }
        try {
            return source.make(found.lastSequence());
        } catch (IOException full) {
            if (newest == null) {
                throw new IOException("the journal cannot be begun: " + full.getMessage(), full);
            }
            newest.seal();
            return newest;
        }
    }

    /** Writes the records of calls that were cut. Killed meanwhile, the next start goes on. */
    private List<Opening> close(List<Recovery.Interrupted> cut) {
        for (Recovery.Interrupted call : cut) {
            log.recovered(call.call(), call.payload(), call.segment());
        }
        List<Opening> openings = new ArrayList<>();
        for (Recovery.Interrupted call : cut) {
            openings.add(call.opening());
            var _ = closed(call.opening().record());
            keeper.makeRoom();
        }
        if (!log.hasRoom()) {
            keeper.makeRoom();
        }
        keeper.force();
        return List.copyOf(openings);
    }

    /** {@inheritDoc} Not when its limit is reached, nor while the disk is full or fails. */
    @Override
    public boolean acceptsCalls() {
        return log.hasRoom() && !log.isFull() && keeper.trouble() == null;
    }

    @Override
    public Future<Void> opened(Opening opening) {
        return log.append(
                new SegmentedLog.Entry(
                        Frame.Kind.OPENED,
                        opening.record().id(),
                        RequestRecordJson.write(opening)));
    }

    @Override
    public Future<Void> closed(RequestRecord record) {
        return log.append(
                new SegmentedLog.Entry(
                        Frame.Kind.CLOSED, record.id(), RequestRecordJson.write(record)));
    }

    /**
     * {@return the calls that had been opened and not closed when the process before this one
     * ended}
     */
    public List<Opening> interrupted() {
        return interrupted;
    }

    // ---- what the importer needs

    SegmentedLog log() {
        return log;
    }

    JournalFolder folder() {
        return folder;
    }

    /** {@return after which number the entries of this process begin} */
    long recoveredSequence() {
        return recoveredSequence;
    }

    /**
     * Deletes the segments before that one, which have been imported whole. Openings in them that
     * are still open are written anew first. Where those make up most of a segment that gains
     * nothing: it is kept until they are fewer, or room is needed.
     */
    void releaseBefore(Segment kept) throws IOException {
        for (Segment segment : log.segments()) {
            if (segment.number() >= kept.number() || !carryOver(segment)) {
                return;
            }
            log.forget(segment);
            segment.close();
            Files.deleteIfExists(segment.file());
            keeper.wake();
        }
    }

    private boolean carryOver(Segment segment) {
        List<OpenCalls.Open> open = log.openUpTo(segment);
        long bytes = open.stream().mapToLong(call -> Frame.sizeOf(call.payload().length)).sum();
        if (bytes > segment.capacity() / 2 && log.bytes() < settings.maxBytes() / 2) {
            return false;
        }
        for (OpenCalls.Open call : open) {
            if (!log.carryOver(call)) {
                keeper.growOnce();
                return false;
            }
        }
        if (!open.isEmpty()) {
            log.segments().forEach(Segment::force);
        }
        return true;
    }

    // ---- what operators look at

    /** {@return the id under which the database remembers how far this journal was imported} */
    public String node() {
        return folder.identity().current().toString();
    }

    /** {@return how many entries were found at the start or have been written since} */
    public long entries() {
        return log.entries();
    }

    /** {@return bytes on disk that have not been imported and released} */
    public long bytes() {
        return log.bytes();
    }

    /** {@return segments that stand ready: one, or none for a moment or while the disk is full} */
    public int preparedSegments() {
        return log.next() == null ? 0 : 1;
    }

    /** {@return calls of which an opening is held and no record} */
    public int openCalls() {
        return log.openCalls();
    }

    /** {@return why new calls are refused, or null if that is not the journal's doing} */
    public @Nullable String failure() {
        String trouble = keeper.trouble();
        if (trouble != null) {
            return trouble;
        }
        return log.isFull() ? log.bytes() + " bytes wait for the database" : null;
    }

    /** {@return damaged entries, stretches and files that were set aside since the start} */
    public long setAside() {
        return folder.quarantine().count();
    }

    /**
     * Writes everything through and gives the folder back. What has not been imported stays for the
     * next start.
     */
    @Override
    public void close() {
        keeper.close();
        log.close();
        keeper.force();
        log.unmap();
        folder.close();
    }
}
