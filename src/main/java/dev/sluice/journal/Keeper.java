package dev.sluice.journal;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's own thread, which does for it what may wait for a disk: it makes segments ahead of
 * their need, writes through what is dirty, and places the entries that had to wait.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    /** Segments past the limit that calls may still use that run when it is reached. */
    private static final long HEAD_ROOM = 4;

    private final SegmentedLog log;
    private final SegmentSource source;
    private final JournalSettings settings;
    private final Semaphore wakeups;
    private final Thread thread;
    private volatile boolean growOnce;
    private volatile boolean closing;
    private volatile @Nullable String cannotGrow;
    private volatile @Nullable String cannotForce;
    private boolean toldFull;

    Keeper(SegmentedLog log, SegmentSource source, JournalSettings settings, Semaphore wakeups) {
        this.log = log;
        this.source = source;
        this.settings = settings;
        this.wakeups = wakeups;
        this.thread = Thread.ofPlatform().name("journal").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** There is something to do. */
    void wake() {
        wakeups.release();
    }

    /**
     * Makes the next segment even at the limit: openings must be carried over before a segment can
     * be released.
     */
    void growOnce() {
        growOnce = true;
        wakeups.release();
    }

    /** {@return what is wrong with the disk, or null} */
    @Nullable String trouble() {
        String growth = cannotGrow;
        return growth == null ? cannotForce : growth;
    }

    private void run() {
        while (!closing) {
            try {
                makeRoom();
                force();
                tellWhetherFull();
                wakeups.tryAcquire(settings.fsyncInterval().toNanos(), TimeUnit.NANOSECONDS);
                wakeups.drainPermits();
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException unexpected) {
                LOG.error("The journal's thread goes on after a failure", unexpected);
            }
        }
    }

    /** Prepares the next segment, and writes what waits for it. */
    void makeRoom() {
        do {
            prepare();
            log.placeWaiting();
        } while (log.next() == null && mayGrow() && cannotGrow == null);
    }

    private void prepare() {
        if (log.next() != null || !mayGrow()) {
            return;
        }
        try {
            log.prepared(source.make(log.sequence()));
            growOnce = false;
            if (cannotGrow != null) {
                LOG.info("The journal can grow again");
            }
            cannotGrow = null;
        } catch (IOException | RuntimeException full) {
            if (cannotGrow == null) {
                LOG.error("The journal cannot grow, new calls are refused: {}", full.getMessage());
            }
            cannotGrow = "the disk takes no more: " + full.getMessage();
        }
    }

    private boolean mayGrow() {
        return growOnce
                || log.bytes() < settings.maxBytes() + (HEAD_ROOM - 1) * settings.segmentBytes();
    }

    /** Writes through what is dirty. */
    void force() {
        try {
            log.segments().forEach(Segment::force);
            if (cannotForce != null) {
                LOG.info("The journal can be written through again");
            }
            cannotForce = null;
        } catch (RuntimeException failed) {
            if (cannotForce == null) {
                LOG.error(
                        "The journal cannot be written through, new calls are refused: {}",
                        failed.getMessage());
            }
            cannotForce = "the disk fails: " + failed.getMessage();
        }
    }

    private void tellWhetherFull() {
        boolean full = log.isFull();
        if (full && !toldFull) {
            LOG.error(
                    "The journal is full, new calls are refused: {} bytes wait for the database",
                    log.bytes());
        } else if (!full && toldFull) {
            LOG.info("The journal has room again");
        }
        toldFull = full;
    }

    /** Stops the thread, after a last try for what waits. */
    @Override
    public void close() {
        closing = true;
        wakeups.release();
        try {
            thread.join();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        makeRoom();
    }
}
