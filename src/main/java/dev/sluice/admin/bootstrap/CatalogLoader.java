package dev.sluice.admin.bootstrap;

import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.logicalmodel.LogicalModels;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.admin.user.Users;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Governance;
import dev.sluice.catalog.User;
import dev.sluice.store.Encryption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** Reads the whole configuration from the database. */
public final class CatalogLoader {
    private final Encryption encryption;

    public CatalogLoader(Encryption encryption) {
        this.encryption = encryption;
    }

    public Catalog load(Handle handle, long version) {
        Map<UUID, User> byId = new HashMap<>();
        Users.load(handle).forEach(user -> byId.put(user.id(), user));
        PMap<UUID, User> users = HashTreePMap.from(byId);
        return Catalog.of(version, ApiKeys.load(handle), Upstreams.load(handle, encryption))
                .withLogicalModels(LogicalModels.load(handle))
                .with(Governance.EMPTY.withUsers(users));
    }
}
