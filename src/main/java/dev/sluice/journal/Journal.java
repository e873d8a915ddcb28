package dev.sluice.journal;

import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import dev.sluice.proxy.account.RequestSink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append side: entries go into the current segment by a copy in memory under a short lock. The
 * next segment is prepared ahead, and dirty ones are written through, by the journal's own thread;
 * only when that has fallen behind does an entry wait for it, and then without holding up its
 * caller.
 */
public final class Journal implements RequestSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Future<Void> WRITTEN = Future.succeededFuture();
    private static final int MOST_WAITING = 100_000;

    private final JournalSettings settings;
    private final JournalFolder folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Segment> segments = new ArrayList<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final Map<UUID, Open> open = new HashMap<>();
    private final List<Opening> interrupted;
    private final Thread keeper;
    private volatile Segment current;
    private volatile @Nullable Segment next;
    private long sequence;
    private volatile @Nullable String failure;
    private volatile boolean overLimit;
    private volatile boolean closing;

    private record Waiting(Frame.Kind kind, UUID call, byte[] payload, Promise<Void> written) {}

    /** An opening that has not been closed, and the segment in which it stands. */
    private record Open(byte[] payload, long segment) {}

    private Journal(JournalSettings settings, JournalFolder folder, Recovery.Found found)
            throws IOException {
        this.settings = settings;
        this.folder = folder;
        this.segments.addAll(found.segments());
        this.sequence = found.lastSequence();
        this.interrupted = List.copyOf(found.interrupted());
        this.current =
                Segment.create(
                        folder.path(), found.lastNumber() + 1, settings.segmentBytes(), sequence);
        this.segments.add(current);
        this.keeper = Thread.ofPlatform().name("journal").daemon().unstarted(this::keep);
    }

    /**
     * Opens the journal of a node and recovers what is in it: a call that was opened and never
     * closed gets its {@code interrupted} record here.
     *
     * @throws IOException if the folder cannot be used, or another process uses it
     */
    public static Journal open(JournalSettings settings) throws IOException {
        JournalFolder folder = JournalFolder.open(settings.folder());
        try {
            Journal journal = new Journal(settings, folder, Recovery.of(folder));
            journal.interrupted.forEach(opening -> journal.closed(opening.record()));
            journal.current.force();
            journal.keeper.start();
            return journal;
        } catch (IOException | RuntimeException unusable) {
            folder.close();
            throw unusable;
        }
    }

    @Override
    public boolean acceptsCalls() {
        return !closing
                && !overLimit
                && (next != null || current.left() > settings.segmentBytes() / 4);
    }

    @Override
    public Future<Void> opened(Opening opening) {
        return append(Frame.Kind.OPENED, opening.record().id(), RequestRecordJson.write(opening));
    }

    @Override
    public Future<Void> closed(RequestRecord record) {
        return append(Frame.Kind.CLOSED, record.id(), RequestRecordJson.write(record));
    }

    /**
     * {@return the calls that had been opened and not closed when the process before this one
     * ended}
     */
    public List<Opening> interrupted() {
        return interrupted;
    }

    public String node() {
        return folder.node();
    }

    private Future<Void> append(Frame.Kind kind, UUID call, byte[] payload) {
        lock.lock();
        try {
            if (!waiting.isEmpty() || !place(kind, call, payload)) {
                return await(kind, call, payload);
            }
            return WRITTEN;
        } finally {
            lock.unlock();
        }
    }

    private boolean place(Frame.Kind kind, UUID call, byte[] payload) {
        if (!current.fits(payload.length)) {
            Segment prepared = next;
            if (prepared == null || !prepared.fits(payload.length)) {
                return false;
            }
            current = prepared;
            segments.add(prepared);
            next = null;
            LockSupport.unpark(keeper);
        }
        current.append(new Frame(kind, ++sequence, payload));
        switch (kind) {
            case OPENED -> open.put(call, new Open(payload, current.number()));
            case CLOSED -> open.remove(call);
        }
        return true;
    }

    private Future<Void> await(Frame.Kind kind, UUID call, byte[] payload) {
        if (closing || waiting.size() >= MOST_WAITING) {
            return Future.failedFuture(new IOException("the journal is full"));
        }
        Promise<Void> written = Promise.promise();
        waiting.add(new Waiting(kind, call, payload, written));
        LockSupport.unpark(keeper);
        return written.future();
    }

    // ---- the journal's own thread

    private void keep() {
        while (!closing) {
            prepare();
            placeWaiting();
            dirty().forEach(Segment::force);
            LockSupport.parkNanos(settings.fsyncInterval().toNanos());
        }
    }

    /** Makes the next segment ahead of its need. Only this thread does. */
    private void prepare() {
        long wanted = bytes() + settings.segmentBytes();
        overLimit = wanted > settings.maxBytes();
        if (overLimit) {
            failed(new IOException("it holds " + bytes() + " bytes that wait for the database"));
        }
        if (next == null && wanted <= settings.maxBytes() + headRoom()) {
            try {
                Segment made =
                        Segment.create(
                                folder.path(), current.number() + 1, settings.segmentBytes(), 0);
                lock.lock();
                try {
                    next = made;
                } finally {
                    lock.unlock();
                }
            } catch (IOException full) {
                failed(full);
                return;
            }
        }
        if (!overLimit && next != null) {
            recovered();
        }
    }

    /**
     * What calls that run when the limit is reached may still write, and openings that must be
     * carried over.
     */
    private long headRoom() {
        return 4L * settings.segmentBytes();
    }

    private void failed(IOException full) {
        if (failure == null) {
            LOG.error("The journal cannot grow: {}. New calls will be refused.", full.getMessage());
        }
        failure = String.valueOf(full.getMessage());
    }

    private void recovered() {
        if (failure != null) {
            LOG.info("The journal has room again");
        }
        failure = null;
    }

    /** Places what waits, as far as segments can be made for it. */
    private void placeWaiting() {
        while (true) {
            Waiting placed = placeFirst();
            if (placed != null) {
                placed.written().complete();
                continue;
            }
            if (waiting.isEmpty()) {
                return;
            }
            prepare();
            if (next == null) {
                return;
            }
        }
    }

    private @Nullable Waiting placeFirst() {
        lock.lock();
        try {
            Waiting first = waiting.peek();
            if (first == null || !place(first.kind(), first.call(), first.payload())) {
                return null;
            }
            return waiting.remove();
        } finally {
            lock.unlock();
        }
    }

    private List<Segment> dirty() {
        lock.lock();
        try {
            return List.copyOf(segments);
        } finally {
            lock.unlock();
        }
    }

    // ---- what the importer needs

    /** {@return the segments to be imported, oldest first, the current one last} */
    List<Segment> toImport() {
        return dirty();
    }

    boolean isCurrent(Segment segment) {
        lock.lock();
        try {
            return current == segment;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes the segments before that one, which have been imported whole. Openings in them that
     * are still open are written anew first.
     */
    void releaseBefore(long number) throws IOException {
        for (Segment segment : toImport()) {
            if (segment.number() >= number || !carryOver(segment)) {
                return;
            }
            Files.deleteIfExists(segment.file());
            LockSupport.unpark(keeper);
        }
    }

    private boolean carryOver(Segment segment) {
        lock.lock();
        try {
            for (Map.Entry<UUID, Open> entry : List.copyOf(open.entrySet())) {
                Open opening = entry.getValue();
                if (opening.segment() <= segment.number()
                        && !place(Frame.Kind.OPENED, entry.getKey(), opening.payload())) {
                    return false;
                }
            }
            segments.remove(segment);
            return true;
        } finally {
            lock.unlock();
        }
    }

    JournalFolder folder() {
        return folder;
    }

    /** {@return bytes on disk that have not been imported and released} */
    public long bytes() {
        return dirty().stream().mapToLong(Segment::capacity).sum();
    }

    /** {@return the sequence number of the newest entry} */
    public long lastSequence() {
        lock.lock();
        try {
            return sequence;
        } finally {
            lock.unlock();
        }
    }

    /** {@return why the journal cannot grow, or null if it can} */
    public @Nullable String failure() {
        return failure;
    }

    /** {@return stretches of bytes set aside because no sound entry stands in them} */
    public long setAside() {
        return folder.setAside();
    }

    /**
     * Writes everything through and gives the folder back. What has not been imported stays for the
     * next start.
     */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(keeper);
        try {
            keeper.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        placeWaiting();
        dirty().forEach(Segment::close);
        Segment unused = next;
        if (unused != null) {
            discard(unused);
        }
        folder.close();
    }

    private static void discard(Segment unused) {
        try {
            Files.deleteIfExists(unused.file());
        } catch (IOException harmless) {
            LOG.debug("An unused segment stays: {}", harmless.getMessage());
        }
    }
}
