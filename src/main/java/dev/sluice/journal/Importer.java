package dev.sluice.journal;

import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecordJson;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the journal's records into the database, in order and once: the position commits with the
 * rows. While the database is away it waits and tries again; nothing is dropped. A record that the
 * database refuses while it takes others is set aside.
 */
public final class Importer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Importer.class);
    private static final int BATCH = 1_000;

    /** Records are few enough to wait for more: a commit costs as much as a dozen of them. */
    private static final Duration IDLE = Duration.ofMillis(100);

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** So often a batch may fail before its records are tried one by one. */
    private static final int BATCH_TRIES = 3;

    /** So often a record must have been refused before it is set aside. */
    private static final int RECORD_TRIES = 9;

    private final Journal journal;
    private final RecordImport target;
    private final Clock clock;
    private final Backlog backlog;
    private final Thread thread;
    private boolean knowsDatabase;
    private long position = -1;

    /** Those since something was written. */
    private int failures;

    private volatile boolean stopping;
    private volatile @Nullable Instant oldest;
    private volatile @Nullable String failure;

    /**
     * @param clock tells how long entries have been waiting
     */
    public Importer(Journal journal, RecordImport target, Clock clock) {
        this.journal = journal;
        this.target = target;
        this.clock = clock;
        this.backlog = new Backlog(journal);
        this.thread = Thread.ofPlatform().name("journal-import").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * {@return how many journalled entries have not reached the database, or are not known to have}
     */
    public long lag() {
        return Math.max(0, journal.log().entries() - backlog.passed());
    }

    /** {@return how many of the journal's entries the database has, or needs not} */
    public long imported() {
        return backlog.passed();
    }

    /** {@return how long the oldest entry that has not reached the database has been waiting} */
    public Duration oldestWaiting() {
        Instant since = oldest;
        if (since == null || lag() == 0) {
            return Duration.ZERO;
        }
        Duration age = Duration.between(since, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
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
        while (lag() > 0 && System.nanoTime() < deadline && thread.isAlive()) {
            LockSupport.unpark(thread);
            thread.join(Duration.ofMillis(10));
        }
        return lag() == 0;
    }

    /** Stops after the batch that is being written. What is not imported stays in the journal. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
                LOG.warn("The import of records does not end: the database holds it up");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            try {
                boolean isBehind = importSome();
                succeeded();
                if (!isBehind) {
                    LockSupport.parkNanos(IDLE.toNanos());
                }
            } catch (IOException | RuntimeException | Error away) {
                failed(away);
            }
        }
    }

    /**
     * Imports one batch. {@return whether that was as many as it may be, so that there are more}
     */
    private boolean importSome() throws IOException {
        if (position < 0) {
            note(backlog.oldest());
            position = askPosition();
        }
        List<Frame> batch = backlog.next(BATCH, position);
        note(batch.isEmpty() ? null : batch.getFirst());
        if (batch.isEmpty()) {
            backlog.release();
            return false;
        }
        try {
            write(batch);
        } catch (RuntimeException refused) {
            if (failures + 1 < BATCH_TRIES) {
                throw refused;
            }
            backlog.rewind();
            oneByOne(batch);
        }
        return batch.size() == BATCH;
    }

    /**
     * Where the database knows more entries than this journal ever numbered, part of the journal
     * has been lost, and its numbers would be taken for old ones.
     */
    private long askPosition() throws IOException {
        long known = target.importedUpTo(journal.node());
        if (!knowsDatabase && known > journal.recoveredSequence()) {
            LOG.warn(
                    "The database has entries up to {} of this journal, which knows of {}: it gets"
                            + " a new node id, and what it holds is imported again",
                    known,
                    journal.recoveredSequence());
            journal.folder().identity().renew();
            known = target.importedUpTo(journal.node());
        }
        knowsDatabase = true;
        return known;
    }

    private void write(List<Frame> batch) throws IOException {
        List<RequestRecord> records = new ArrayList<>(batch.size());
        for (Frame frame : batch) {
            RequestRecord record = readable(frame);
            if (record != null) {
                records.add(record);
            }
        }
        write(batch, records);
    }

    private void write(List<Frame> batch, List<RequestRecord> records) {
        long upTo = batch.getLast().sequence();
        target.write(journal.node(), upTo, records);
        position = upTo;
        failures = 0;
        batch.forEach(backlog::pass);
    }

    private @Nullable RequestRecord readable(Frame frame) throws IOException {
        if (frame.kind() != Frame.Kind.CLOSED) {
            return null;
        }
        try {
            return RequestRecordJson.record(frame.payload());
        } catch (RuntimeException unreadable) {
            journal.folder().quarantine().entry(frame, "its record cannot be read");
            return null;
        }
    }

    /**
     * A batch was refused again and again: what is at fault is found, and set aside. But only once
     * the database has taken another record: a full disk or a locked table is no record's fault.
     */
    private void oneByOne(List<Frame> batch) throws IOException {
        position = target.importedUpTo(journal.node());
        boolean takesOthers = false;
        for (int i = 0; i < batch.size() && !stopping; i++) {
            Frame frame = batch.get(i);
            RuntimeException refusal = refusal(frame, RECORD_TRIES);
            if (refusal == null) {
                // Its write may have failed after the commit: it is there all the same.
                backlog.pass(frame);
                takesOthers |= frame.kind() == Frame.Kind.CLOSED;
                continue;
            }
            if (!takesOthers && !takesOneOf(batch.subList(i + 1, batch.size()))) {
                throw refusal;
            }
            // What held up all of them may have ended only now.
            if (refusal(frame, 1) != null) {
                journal.folder()
                        .quarantine()
                        .entry(frame, "the database refuses it: " + reasonOf(refusal));
                write(List.of(frame), List.of());
            }
        }
    }

    /** Tries to write one record. {@return why it cannot be; null if it is there} */
    private @Nullable RuntimeException refusal(Frame frame, int tries) throws IOException {
        RuntimeException refusal = null;
        for (int tried = 0; tried < tries && frame.sequence() > position; tried++) {
            LockSupport.parkNanos(Duration.ofMillis((1L << tried) - 1).toNanos());
            try {
                write(List.of(frame));
                return null;
            } catch (RuntimeException refused) {
                refusal = refused;
            }
            position = target.importedUpTo(journal.node());
        }
        return frame.sequence() > position ? refusal : null;
    }

    /** Writes a record ahead of its turn: it comes again in its turn, which changes nothing. */
    private boolean takesOneOf(List<Frame> others) throws IOException {
        for (Frame other : others) {
            RequestRecord record = readable(other);
            if (record == null) {
                continue;
            }
            try {
                target.write(journal.node(), position, List.of(record));
                return true;
            } catch (RuntimeException refused) {
                LOG.debug("Refused as well: {}", refused.getMessage());
            }
        }
        return false;
    }

    private void note(@Nullable Frame waiting) {
        oldest = waiting == null ? null : Instant.ofEpochMilli(waiting.atMillis());
    }

    private void succeeded() {
        if (failure != null) {
            LOG.info("Records reach the database again");
        }
        failure = null;
        failures = 0;
    }

    private void failed(Throwable away) {
        backlog.rewind();
        position = -1;
        if (failure == null) {
            LOG.warn("Records wait in the journal: {}", reasonOf(away));
        }
        failure = reasonOf(away);
        long wait = FIRST_WAIT.toMillis() << Math.min(failures, 10);
        failures++;
        LockSupport.parkNanos(Duration.ofMillis(Math.min(wait, LONGEST_WAIT.toMillis())).toNanos());
    }

    private static String reasonOf(Throwable failure) {
        return failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage();
    }
}
