package dev.sluice.admin.spend;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.proxy.ledger.MemoryLedger;
import dev.sluice.proxy.ledger.Priming;
import dev.sluice.store.DatabaseUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ledger's limits those of the catalog, tells new budgets what had been spent before them
 * as soon as the database has all that was journalled by then, and charges calls that nobody
 * settled.
 */
public final class LedgerUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerUpkeep.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** No call runs for so long; one that seems to has been forgotten. */
    private static final Duration LONGEST_CALL = Duration.ofHours(24);

    private final MemoryLedger ledger;
    private final Priming priming;
    private final Catalogs catalogs;
    private final Recorded recorded;
    private final Clock clock;
    private final Thread thread = Thread.ofVirtual().name("ledger-upkeep").unstarted(this::loop);

    /**
     * How far the journal has come into the database.
     *
     * @param written how many entries the journal has had
     * @param imported how many of them the database has
     */
    public record Recorded(LongSupplier written, LongSupplier imported) {}

    public LedgerUpkeep(
            MemoryLedger ledger,
            Priming priming,
            Catalogs catalogs,
            Recorded recorded,
            Clock clock) {
        this.ledger = ledger;
        this.priming = priming;
        this.catalogs = catalogs;
        this.recorded = recorded;
        this.clock = clock;
    }

    /**
     * Puts the limits in force and waits for what has been spent, as long as that is to be had at
     * once; calls whose budgets are not known yet are refused until it is.
     */
    public void start() {
        ledger.refuseUnknown(true);
        ledger.limitBy(catalogs.current().governance().limits());
        catalogs.observe(this::changed);
        prime();
        thread.start();
    }

    private void changed(Catalog catalog) {
        ledger.limitBy(catalog.governance().limits());
        if (!priming.isComplete()) {
            prime();
        }
    }

    private void prime() {
        try {
            if (isRecorded()) {
                priming.run();
                ledger.refuseUnknown(false);
            } else {
                LOG.warn("what has been spent is not in the database yet; trying again");
            }
        } catch (DatabaseUnavailable away) {
            LOG.warn("what has been spent is not known while the database is away");
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the database has all that has been journalled by now. */
    private boolean isRecorded() throws InterruptedException {
        long needed = recorded.written().getAsLong();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (recorded.imported().getAsLong() < needed) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    private void loop() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                maintain();
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private void maintain() {
        try {
            if (!priming.isComplete()) {
                prime();
            }
            int forgotten = ledger.expire(clock.instant().minus(LONGEST_CALL));
            if (forgotten > 0) {
                LOG.error("{} calls were never settled and are charged what they held", forgotten);
            }
        } catch (RuntimeException failure) {
            LOG.error("the ledger could not be looked after", failure);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
