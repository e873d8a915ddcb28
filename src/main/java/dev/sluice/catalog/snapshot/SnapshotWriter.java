package dev.sluice.catalog.snapshot;

import dev.sluice.catalog.Catalogs;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a snapshot some time after the catalog has changed; many changes make one. */
public final class SnapshotWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);

    private final CatalogSnapshot snapshot;
    private final Catalogs catalogs;
    private final byte[] digestKey;
    private final Duration delay;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("snapshot").factory());

    public SnapshotWriter(
            CatalogSnapshot snapshot, Catalogs catalogs, byte[] digestKey, Duration delay) {
        this.snapshot = snapshot;
        this.catalogs = catalogs;
        this.digestKey = digestKey.clone();
        this.delay = delay;
    }

    /** Writes the present catalog soon, and each later one. */
    public void start() {
        catalogs.observe(_ -> schedule());
        schedule();
    }

    private void schedule() {
        if (isDue.compareAndSet(false, true) && !executor.isShutdown()) {
            var _ = executor.schedule(this::write, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void write() {
        // First, so that a change during the writing makes a further one.
        isDue.set(false);
        try {
            snapshot.write(new CatalogSnapshot.Snapshot(digestKey, catalogs.current()));
        } catch (RuntimeException failure) {
            LOG.warn("the configuration's snapshot could not be written", failure);
        }
    }

    /** Writes what has not been written yet. */
    @Override
    public void close() {
        executor.shutdownNow();
        if (isDue.get()) {
            write();
        }
    }
}
