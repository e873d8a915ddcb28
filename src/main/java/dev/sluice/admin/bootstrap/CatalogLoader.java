package dev.sluice.admin.bootstrap;

import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.logicalmodel.LogicalModels;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.catalog.Catalog;
import dev.sluice.store.Encryption;
import org.jdbi.v3.core.Handle;

/** Reads the whole configuration from the database. */
public final class CatalogLoader {
    private final Encryption encryption;

    public CatalogLoader(Encryption encryption) {
        this.encryption = encryption;
    }

    public Catalog load(Handle handle, long version) {
        return Catalog.of(version, ApiKeys.load(handle), Upstreams.load(handle, encryption))
                .withLogicalModels(LogicalModels.load(handle));
    }
}
