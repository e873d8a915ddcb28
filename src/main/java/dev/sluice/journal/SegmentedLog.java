package dev.sluice.journal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The segments in use, and the place where the next entry goes. An append is a copy into mapped
 * memory under a short lock. Where no prepared segment has room, it waits in a bounded queue for
 * the {@link Keeper} to make one; its caller does not.
 */
final class SegmentedLog {
    private static final Future<Void> WRITTEN = Future.succeededFuture();

    private final JournalSettings settings;
    private final Clock clock;
    private final Semaphore keeperWakeups;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Segment> segments;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final OpenCalls open = new OpenCalls();
    private long waitingBytes;
    private long sequence;
    private long entries;
    private volatile Segment current;
    private volatile @Nullable Segment next;
    private volatile long sealedBytes;
    private volatile boolean closed;

    /** What is to be written. */
    record Entry(Frame.Kind kind, UUID call, byte[] payload) {
        int size() {
            return Frame.sizeOf(payload.length);
        }
    }

    private record Waiting(Entry entry, Promise<Void> written) {}

    /**
     * @param found segments with entries, and what is known of their entries
     * @param current the one to go on in
     * @param keeperWakeups released when there is something for the keeper to do
     */
    SegmentedLog(
            JournalSettings settings,
            Clock clock,
            Semaphore keeperWakeups,
            Recovery.State found,
            Segment current) {
        this.settings = settings;
        this.clock = clock;
        this.keeperWakeups = keeperWakeups;
        this.sequence = found.lastSequence();
        this.entries = found.entries();
        this.segments = new ArrayList<>(found.segments());
        if (!segments.contains(current)) {
            segments.add(current);
        }
        this.current = current;
        this.next = found.spare() == current ? null : found.spare();
        this.sealedBytes = sumOfSealed();
    }

    /**
     * Writes an entry. {@return completes when a killed process would still have it; at once, as
     * long as the keeper is ahead}
     */
    Future<Void> append(Entry entry) {
        lock.lock();
        try {
            if (closed) {
                return Future.failedFuture(new IOException("the journal is closed"));
            }
            return waiting.isEmpty() && place(entry) ? WRITTEN : await(entry);
        } finally {
            lock.unlock();
        }
    }

    private boolean place(Entry entry) {
        if (entry.size() > current.left() && !moveOn(entry)) {
            return false;
        }
        Segment into = current;
        sequence++;
        entries++;
        into.append(
                new Frame(entry.kind(), entry.call(), clock.millis(), sequence, entry.payload()));
        open.note(entry.kind(), entry.call(), entry.payload(), into.number());
        return true;
    }

    private boolean moveOn(Entry entry) {
        Segment prepared = next;
        if (prepared == null || entry.size() > prepared.left()) {
            return false;
        }
        segments.add(prepared);
        current = prepared;
        next = null;
        sealedBytes = sumOfSealed();
        keeperWakeups.release();
        return true;
    }

    private Future<Void> await(Entry entry) {
        if (entry.size() > settings.segmentBytes() - Segment.FIRST_FRAME) {
            return Future.failedFuture(
                    new IOException(
                            "an entry of "
                                    + entry.size()
                                    + " bytes is larger than journal.segment_bytes"));
        }
        if (waitingBytes + entry.size() > settings.segmentBytes()) {
            return Future.failedFuture(new IOException("the journal is full"));
        }
        Promise<Void> written = Promise.promise();
        waiting.add(new Waiting(entry, written));
        waitingBytes += entry.size();
        keeperWakeups.release();
        return written.future();
    }

    /** Writes the entries that wait, as far as there is room. */
    void placeWaiting() {
        for (Waiting placed = placeFirst(); placed != null; placed = placeFirst()) {
            placed.written().tryComplete();
        }
    }

    private @Nullable Waiting placeFirst() {
        lock.lock();
        try {
            Waiting first = waiting.peek();
            if (first == null || !place(first.entry())) {
                return null;
            }
            waitingBytes -= first.entry().size();
            return waiting.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a segment to go on in when the current one is full. */
    void prepared(Segment made) {
        lock.lock();
        try {
            next = made;
        } finally {
            lock.unlock();
        }
    }

    @Nullable Segment next() {
        return next;
    }

    Segment current() {
        return current;
    }

    /** {@return those that are held, oldest first, the current one last} */
    List<Segment> segments() {
        lock.lock();
        try {
            return List.copyOf(segments);
        } finally {
            lock.unlock();
        }
    }

    /** Notes an opening that stands in a segment since before the start. */
    void recovered(UUID call, byte[] payload, long segment) {
        lock.lock();
        try {
            open.note(Frame.Kind.OPENED, call, payload, segment);
        } finally {
            lock.unlock();
        }
    }

    /** {@return the openings that would vanish with that segment and the ones before it} */
    List<OpenCalls.Open> openUpTo(Segment segment) {
        lock.lock();
        try {
            return open.upTo(segment.number());
        } finally {
            lock.unlock();
        }
    }

    /** Writes an opening anew, unless its call has been closed. {@return whether there was room} */
    boolean carryOver(OpenCalls.Open call) {
        lock.lock();
        try {
            return !open.contains(call)
                    || place(new Entry(Frame.Kind.OPENED, call.call(), call.payload()));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a segment that was imported whole and in which no open call's opening stands. */
    void forget(Segment segment) {
        lock.lock();
        try {
            segments.remove(segment);
            sealedBytes = sumOfSealed();
        } finally {
            lock.unlock();
        }
    }

    private long sumOfSealed() {
        return segments.stream()
                .filter(segment -> segment != current)
                .mapToLong(Segment::capacity)
                .sum();
    }

    /** {@return bytes on disk of the segments that are held} */
    long bytes() {
        return sealedBytes + current.capacity();
    }

    /** {@return whether what waits for the database takes all that it may} */
    boolean isFull() {
        return sealedBytes + current.end() >= settings.maxBytes();
    }

    /** {@return whether the keeper is far enough ahead} */
    boolean hasRoom() {
        return !closed && (next != null || current.left() > current.capacity() / 4);
    }

    long sequence() {
        lock.lock();
        try {
            return sequence;
        } finally {
            lock.unlock();
        }
    }

    /** {@return entries that were found at the start or have been written since} */
    long entries() {
        lock.lock();
        try {
            return entries;
        } finally {
            lock.unlock();
        }
    }

    int openCalls() {
        lock.lock();
        try {
            return open.count();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what still waits fails. */
    void close() {
        List<Waiting> unwritten;
        lock.lock();
        try {
            closed = true;
            unwritten = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        for (Waiting entry : unwritten) {
            entry.written().tryFail(new IOException("the journal is closed"));
        }
    }

    /** Unmaps all segments of a closed log. */
    void unmap() {
        segments().forEach(Segment::close);
        Segment unused = next;
        if (unused != null) {
            unused.close();
        }
    }
}
