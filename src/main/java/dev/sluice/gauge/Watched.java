package dev.sluice.gauge;

import dev.sluice.admin.bootstrap.CatalogRefresh;
import dev.sluice.admin.bootstrap.DatabaseWatch;
import dev.sluice.catalog.Catalogs;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.journal.Importer;
import dev.sluice.journal.Journal;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.target.Targets;

/** What operators look at. */
public record Watched(
        Catalogs catalogs,
        CatalogRefresh refresh,
        Journal journal,
        Importer importer,
        DatabaseWatch database,
        HttpEngine engine,
        Admission admission,
        Calls calls,
        Targets targets) {

    /** {@return whether the database answers, and takes what is to be written} */
    public boolean isDatabaseWell() {
        return database.isAnswering() && importer.failure() == null;
    }
}
