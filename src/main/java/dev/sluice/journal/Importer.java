package dev.sluice.journal;

import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the journal's records into the database, in order and once: the position commits with the
 * rows. While the database is away it waits and tries again; nothing is dropped.
 */
public final class Importer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Importer.class);
    private static final int BATCH = 500;
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Journal journal;
    private final RecordImport target;
    private final Thread thread;
    private @Nullable SegmentReader reader;
    private long position = -1;
    private int failures;
    private volatile boolean stopping;
    private volatile long importedUpTo;
    private volatile @Nullable String failure;

    public Importer(Journal journal, RecordImport target) {
        this.journal = journal;
        this.target = target;
        this.thread = Thread.ofPlatform().name("journal-import").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * {@return how many journalled entries have not reached the database} All that are held, while
     * it has been away since the start.
     */
    public long lag() {
        return Math.max(0, journal.lastSequence() - importedUpTo);
    }

    /** {@return why the last import failed, or null if it did not} */
    public @Nullable String failure() {
        return failure;
    }

    /**
     * Waits until everything journalled so far is imported, or the time is over. {@return whether
     * it is}
     */
    public boolean drain(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        LockSupport.unpark(thread);
        while (lag() > 0 && System.nanoTime() < deadline) {
            if (thread.join(Duration.ofMillis(20))) {
                break;
            }
        }
        return lag() == 0;
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                boolean more = importSome();
                succeeded();
                if (!more) {
                    LockSupport.parkNanos(IDLE.toNanos());
                }
            } catch (IOException | RuntimeException away) {
                failed(away);
            }
        }
    }

    /** Imports one batch. {@return whether there may be more} */
    private boolean importSome() throws IOException {
        if (position < 0) {
            moveTo(target.importedUpTo(journal.node()));
        }
        List<Frame> batch = nextBatch();
        if (batch.isEmpty()) {
            return false;
        }
        try {
            write(batch);
        } catch (RuntimeException refused) {
            reader = null;
            if (++failures < 3 || batch.size() == 1) {
                throw refused;
            }
            oneByOne(batch);
        }
        return true;
    }

    private void write(List<Frame> batch) {
        List<RequestRecord> records = new ArrayList<>(batch.size());
        for (Frame frame : batch) {
            RequestRecord record = readable(frame);
            if (record != null) {
                records.add(record);
            }
        }
        long upTo = batch.getLast().sequence();
        target.write(journal.node(), upTo, records);
        moveTo(upTo);
    }

    /**
     * Where a batch is refused again and again while single records are not, the one at fault is
     * set aside.
     */
    private void oneByOne(List<Frame> batch) {
        int refused = 0;
        for (Frame frame : batch) {
            try {
                write(List.of(frame));
            } catch (RuntimeException failed) {
                refused++;
                if (refused == batch.size() || refused > 3) {
                    throw failed;
                }
                journal.folder().setAside(frame, String.valueOf(failed.getMessage()));
                skip(frame);
            }
        }
    }

    private void skip(Frame frame) {
        target.write(journal.node(), frame.sequence(), List.of());
        moveTo(frame.sequence());
    }

    private void moveTo(long upTo) {
        position = upTo;
        importedUpTo = upTo;
    }

    private @Nullable RequestRecord readable(Frame frame) {
        if (frame.kind() != Frame.Kind.CLOSED) {
            return null;
        }
        try {
            return RequestRecordJson.record(frame.payload());
        } catch (RuntimeException unreadable) {
            journal.folder().setAside(frame, "its record cannot be read");
            return null;
        }
    }

    private List<Frame> nextBatch() throws IOException {
        List<Frame> batch = new ArrayList<>();
        while (batch.size() < BATCH) {
            SegmentReader from = current();
            Frame frame = from.next((_, _, _) -> {});
            if (frame == null) {
                if (!batch.isEmpty() || !advance(from)) {
                    return batch;
                }
            } else if (frame.sequence() > position) {
                batch.add(frame);
            }
        }
        return batch;
    }

    private SegmentReader current() {
        SegmentReader known = reader;
        if (known == null) {
            known = new SegmentReader(journal.toImport().getFirst());
            reader = known;
        }
        return known;
    }

    /**
     * Leaves a segment in which nothing is left and to which nothing will be added. {@return
     * whether there is another}
     */
    private boolean advance(SegmentReader from) throws IOException {
        List<Segment> segments = journal.toImport();
        int index = segments.indexOf(from.segment());
        if (journal.isCurrent(from.segment()) || index + 1 >= segments.size()) {
            return false;
        }
        Frame late = from.next((_, _, _) -> {});
        if (late != null) {
            reader = null;
            return true;
        }
        Segment following = segments.get(index + 1);
        journal.releaseBefore(following.number());
        reader = new SegmentReader(following);
        return true;
    }

    private void succeeded() {
        if (failure != null) {
            LOG.info("Records reach the database again");
        }
        failure = null;
        failures = 0;
    }

    private void failed(Exception away) {
        reader = null;
        position = -1;
        String reason = String.valueOf(away.getMessage());
        if (failure == null) {
            LOG.warn("Records wait in the journal: {}", reason);
        }
        failure = reason;
        long wait = Math.min(LONGEST_WAIT.toMillis(), 100L << Math.min(failures, 6));
        LockSupport.parkNanos(Duration.ofMillis(wait).toNanos());
    }
}
