package dev.sluice.admin.log;

import dev.sluice.admin.spend.SpendArchive;
import dev.sluice.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes records that are older than they are to be kept, each day at 02:00 UTC, a bounded number
 * in one transaction, so that imports get their turn in between. What they had used stays known.
 */
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final LocalTime TIME_OF_DAY = LocalTime.of(2, 0);
    private static final int STEP = 1_000;
    private static final Duration RETRY = Duration.ofMinutes(10);

    /** No single sleep is longer, so that a clock that was set is noticed. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final Database database;
    private final Clock clock;
    private final int days;
    private final Thread thread;

    /**
     * @param days how long records are kept; 0 for ever
     */
    public Retention(Database database, Clock clock, int days) {
        this.database = database;
        this.clock = clock;
        this.days = days;
        this.thread = Thread.ofVirtual().name("retention").unstarted(this::loop);
    }

    public void start() {
        if (days > 0) {
            thread.start();
        }
    }

    /** {@return how many records were deleted} */
    public int deleteOld() {
        if (days <= 0) {
            return 0;
        }
        Instant before = clock.instant().minus(Duration.ofDays(days));
        int deleted = 0;
        while (true) {
            int step = database.write(handle -> SpendArchive.deleteOlderThan(handle, before, STEP));
            deleted += step;
            if (step < STEP || Thread.currentThread().isInterrupted()) {
                return deleted;
            }
        }
    }

    /** {@return the next 02:00 UTC after that instant} */
    static Instant nextAfter(Instant instant) {
        ZonedDateTime now = instant.atZone(ZoneOffset.UTC);
        ZonedDateTime today = now.with(TIME_OF_DAY);
        return (today.isAfter(now) ? today : today.plusDays(1)).toInstant();
    }

    private void loop() {
        Instant due = nextAfter(clock.instant());
        try {
            while (true) {
                sleepUntil(due);
                due = runOnce() ? nextAfter(clock.instant()) : clock.instant().plus(RETRY);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void sleepUntil(Instant due) throws InterruptedException {
        while (clock.instant().isBefore(due)) {
            Duration left = Duration.between(clock.instant(), due);
            Thread.sleep(left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP);
        }
    }

    private boolean runOnce() {
        try {
            int deleted = deleteOld();
            LOG.info("deleted {} request records older than {} days", deleted, days);
            return true;
        } catch (RuntimeException failure) {
            LOG.warn("old request records could not be deleted; trying again later", failure);
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
