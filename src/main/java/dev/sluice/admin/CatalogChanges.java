package dev.sluice.admin;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Change;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Changes the configuration: the database first, then the catalog, one change at a time, so that
 * the catalog meets changes in the order in which they were committed.
 */
public final class CatalogChanges {
    private final Database database;
    private final Catalogs catalogs;
    private final AuditTrail trail;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean isUncertain;

    public CatalogChanges(Database database, Catalogs catalogs) {
        this(database, catalogs, AuditTrail.NONE);
    }

    /** Every change is noted in that trail. */
    public CatalogChanges(Database database, Catalogs catalogs, AuditTrail trail) {
        this.database = database;
        this.catalogs = catalogs;
        this.trail = trail;
    }

    /**
     * What a transaction did.
     *
     * @param changes what the catalog must learn of it
     */
    public record Made<T>(T result, List<Change> changes) {
        public Made {
            changes = List.copyOf(changes);
        }
    }

    /** {@return the transaction's result, once the next request will see the change} */
    public <T> T make(Function<Handle, Made<T>> transaction) {
        turn.lock();
        try {
            // The transaction may run on a thread of the database.
            Actor actor = Acting.actor();
            Made<T> made =
                    database.write(handle -> noted(handle, actor, transaction.apply(handle)));
            catalogs.apply(made.changes().toArray(Change[]::new));
            return made.result();
        } catch (DatabaseUnavailable away) {
            // It may have been committed all the same.
            isUncertain = true;
            throw away;
        } finally {
            turn.unlock();
        }
    }

    private <T> Made<T> noted(Handle handle, Actor actor, Made<T> made) {
        if (!made.changes().isEmpty()) {
            trail.note(handle, actor, ChangeEntries.of(catalogs.current(), made.changes()));
        }
        return made;
    }

    /** Puts what the database holds in place of the current catalog. */
    public void reload(Function<Handle, Catalog> load) {
        turn.lock();
        try {
            isUncertain = false;
            catalogs.replace(database.read(load));
        } catch (DatabaseUnavailable away) {
            isUncertain = true;
            throw away;
        } finally {
            turn.unlock();
        }
    }

    /** {@return whether that organization, if it is one, has not been switched off} */
    public boolean areActive(@Nullable UUID organizationId) {
        return catalogs.current().governance().areActive(null, organizationId);
    }

    /** {@return whether the catalog may differ from the database and is to be loaded again} */
    public boolean isUncertain() {
        return isUncertain;
    }
}
