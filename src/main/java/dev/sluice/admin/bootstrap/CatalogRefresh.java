package dev.sluice.admin.bootstrap;

import dev.sluice.admin.CatalogChanges;
import dev.sluice.catalog.Catalogs;
import dev.sluice.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the catalog again as soon as the database answers, when it was away at the start, or when
 * it went away amid a change.
 */
public final class CatalogRefresh implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogRefresh.class);

    private final Bootstrap bootstrap;
    private final byte[] digestKey;
    private final CatalogChanges changes;
    private final Catalogs catalogs;
    private final Duration period;
    private final Thread thread = Thread.ofVirtual().name("catalog-refresh").unstarted(this::loop);
    private volatile boolean isFromSnapshot;

    public CatalogRefresh(
            Bootstrap bootstrap,
            Bootstrap.Started started,
            CatalogChanges changes,
            Catalogs catalogs,
            Duration period) {
        this.bootstrap = bootstrap;
        this.digestKey = started.digestKey().clone();
        this.isFromSnapshot = started.isFromSnapshot();
        this.changes = changes;
        this.catalogs = catalogs;
        this.period = period;
    }

    public void start() {
        thread.start();
    }

    /** {@return whether the configuration in force is the snapshot's, for readiness to say so} */
    public boolean isFromSnapshot() {
        return isFromSnapshot;
    }

    private void loop() {
        try {
            while (true) {
                Thread.sleep(period);
                if (isFromSnapshot || changes.isUncertain()) {
                    refresh();
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void refresh() {
        try {
            if (!Arrays.equals(bootstrap.prepare(), digestKey)) {
                LOG.error(
                        "the database that has come back is not the one of the snapshot: its digest"
                                + " key differs; its configuration is not used, start again to use"
                                + " it");
                return;
            }
            changes.reload(
                    handle -> bootstrap.loader().load(handle, catalogs.current().version() + 1));
            isFromSnapshot = false;
            LOG.info("the configuration was loaded from the database again");
        } catch (DatabaseUnavailable away) {
            LOG.debug("the database is still away", away);
        } catch (RuntimeException failure) {
            LOG.error("the configuration could not be loaded from the database", failure);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
