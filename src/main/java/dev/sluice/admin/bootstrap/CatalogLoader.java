package dev.sluice.admin.bootstrap;

import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.logicalmodel.LogicalModels;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.catalog.Catalog;
import org.jdbi.v3.core.Handle;

/** Reads the whole configuration from the database. */
public final class CatalogLoader {
    private final UpstreamKeeping keeping;

    public CatalogLoader(UpstreamKeeping keeping) {
        this.keeping = keeping;
    }

    public Catalog load(Handle handle, long version) {
        return Catalog.of(version, ApiKeys.load(handle), Upstreams.load(handle, keeping))
                .withLogicalModels(LogicalModels.load(handle));
    }
}
