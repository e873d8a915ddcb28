package dev.sluice.admin.bootstrap;

import dev.sluice.store.Database;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Asks the database every second whether it answers, so that its state can be shown at any time
 * without waiting for it.
 */
public final class DatabaseWatch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final long PATIENCE = Duration.ofSeconds(4).toNanos();

    private final Database database;
    private final LongSupplier ticker;
    private final Thread thread = Thread.ofVirtual().name("database-watch").unstarted(this::loop);
    private volatile long answeredAt;
    private volatile boolean answered;

    /** The ticker counts nanoseconds, monotonic. */
    public DatabaseWatch(Database database, LongSupplier ticker) {
        this.database = database;
        this.ticker = ticker;
        this.answeredAt = ticker.getAsLong();
        this.answered = true;
    }

    public void start() {
        thread.start();
    }

    /** {@return whether it answered when it was last asked, and not too long ago} */
    public boolean isAnswering() {
        return answered && ticker.getAsLong() - answeredAt < PATIENCE;
    }

    private void loop() {
        try {
            while (true) {
                answered = database.answers();
                if (answered) {
                    answeredAt = ticker.getAsLong();
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
