package dev.sluice.admin.bootstrap;

import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.limit.Limits;
import dev.sluice.admin.logicalmodel.LogicalModels;
import dev.sluice.admin.organization.Organizations;
import dev.sluice.admin.price.Prices;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.admin.upstream.Upstreams;
import dev.sluice.admin.user.Users;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Governance;
import dev.sluice.catalog.Organization;
import dev.sluice.catalog.User;
import dev.sluice.catalog.price.PriceList;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** Reads the whole configuration from the database. */
public final class CatalogLoader {
    private final UpstreamKeeping keeping;

    public CatalogLoader(UpstreamKeeping keeping) {
        this.keeping = keeping;
    }

    public Catalog load(Handle handle, long version) {
        Catalog catalog =
                Catalog.of(version, ApiKeys.load(handle), Upstreams.load(handle, keeping))
                        .withLogicalModels(LogicalModels.load(handle));
        return catalog.with(
                Governance.EMPTY
                        .withOrganizations(organizations(handle))
                        .withUsers(users(handle))
                        .withLimits(HashTreePMap.from(Limits.load(handle)))
                        .withPrices(new PriceList(Prices.load(handle))));
    }

    private static PMap<UUID, User> users(Handle handle) {
        PMap<UUID, User> byId = HashTreePMap.empty();
        for (User user : Users.load(handle)) {
            byId = byId.plus(user.id(), user);
        }
        return byId;
    }

    private static PMap<UUID, Organization> organizations(Handle handle) {
        PMap<UUID, Organization> byId = HashTreePMap.empty();
        for (Organization organization : Organizations.load(handle)) {
            byId = byId.plus(organization.id(), organization);
        }
        return byId;
    }
}
