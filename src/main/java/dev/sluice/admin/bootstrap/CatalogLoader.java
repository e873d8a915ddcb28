package dev.sluice.admin.bootstrap;

import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.limit.Limits;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Governance;
import dev.sluice.store.Encryption;
import org.jdbi.v3.core.Handle;
import org.pcollections.HashTreePMap;

/** Reads the whole configuration from the database. */
public final class CatalogLoader {
    private final Encryption encryption;

    public CatalogLoader(Encryption encryption) {
        this.encryption = encryption;
    }

    public Catalog load(Handle handle, long version) {
        Catalog catalog =
                Catalog.of(version, ApiKeys.load(handle), Upstreams.load(handle, encryption));
        return catalog.with(Governance.EMPTY.withLimits(HashTreePMap.from(Limits.load(handle))));
    }
}
