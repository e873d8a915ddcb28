package dev.sluice.catalog;

import dev.sluice.catalog.price.PriceList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.pcollections.PMap;

/**
 * Holds the current {@link Catalog} and swaps it. Reading is one volatile read; a change is in
 * force when {@link #apply} returns.
 */
public final class Catalogs {
    private final AtomicReference<Catalog> current;
    private final List<Consumer<Catalog>> observers = new CopyOnWriteArrayList<>();

    public Catalogs(Catalog initial) {
        this.current = new AtomicReference<>(initial);
    }

    public Catalog current() {
        return current.get();
    }

    /**
     * Puts a whole catalog in place of the current one: at start, or after the database had been
     * away.
     */
    public void replace(Catalog catalog) {
        current.set(catalog);
        observers.forEach(observer -> observer.accept(catalog));
    }

    /** Makes these changes, all at once. */
    public void apply(Change... changes) {
        Catalog changed = current.updateAndGet(catalog -> with(catalog, List.of(changes)));
        observers.forEach(observer -> observer.accept(changed));
    }

    /** Calls back after every change, on the thread that made it. */
    public void observe(Consumer<Catalog> observer) {
        observers.add(observer);
    }

    private static Catalog with(Catalog catalog, List<Change> changes) {
        Catalog changed = catalog;
        for (Change change : changes) {
            changed = with(changed, change);
        }
        return changed;
    }

    private static Catalog with(Catalog catalog, Change change) {
        long version = catalog.version() + 1;
        return switch (change) {
            case Change.KeyPut put -> putKey(catalog, put.key(), version);
            case Change.KeyRemoved removed -> removeKey(catalog, removed.id(), version);
            case Change.UpstreamPut put ->
                    new Catalog(
                            version,
                            catalog.keys(),
                            catalog.digests(),
                            catalog.upstreams().plus(put.upstream().id(), put.upstream()),
                            catalog.logicalModels(),
                            catalog.governance());
            case Change.UpstreamRemoved removed ->
                    new Catalog(
                            version,
                            catalog.keys(),
                            catalog.digests(),
                            catalog.upstreams().minus(removed.id()),
                            catalog.logicalModels(),
                            catalog.governance());
            case Change.LogicalModelPut put ->
                    withLogicalModels(
                            catalog,
                            catalog.logicalModels().plus(put.model().id(), put.model()),
                            version);
            case Change.LogicalModelRemoved removed ->
                    withLogicalModels(
                            catalog, catalog.logicalModels().minus(removed.id()), version);
            case Change.OfGovernance ofGovernance ->
                    new Catalog(
                            version,
                            catalog.keys(),
                            catalog.digests(),
                            catalog.upstreams(),
                            catalog.logicalModels(),
                            with(catalog.governance(), ofGovernance));
        };
    }

    private static Governance with(Governance governance, Change.OfGovernance change) {
        return switch (change) {
            case Change.OrganizationPut put ->
                    governance.withOrganizations(
                            governance
                                    .organizations()
                                    .plus(put.organization().id(), put.organization()));
            case Change.UserPut put ->
                    governance.withUsers(governance.users().plus(put.user().id(), put.user()));
            case Change.UserRemoved removed ->
                    governance.withUsers(governance.users().minus(removed.id()));
            case Change.LimitsPut put -> governance.withLimits(put.subject(), put.limits());
            case Change.PricesPut put -> governance.withPrices(new PriceList(put.prices()));
        };
    }

    private static Catalog withLogicalModels(
            Catalog catalog, PMap<String, LogicalModel> models, long version) {
        return new Catalog(
                version,
                catalog.keys(),
                catalog.digests(),
                catalog.upstreams(),
                models,
                catalog.governance());
    }

    private static Catalog putKey(Catalog catalog, ApiKey key, long version) {
        PMap<KeyDigest, ApiKey> keys = without(catalog, key.id()).plus(key.digest(), key);
        RetiringKey retiring = key.retiring();
        return new Catalog(
                version,
                retiring == null ? keys : keys.plus(retiring.digest(), key),
                catalog.digests().plus(key.id(), key.digest()),
                catalog.upstreams(),
                catalog.logicalModels(),
                catalog.governance());
    }

    /** {@return the index of keys without what that key was known by} */
    private static PMap<KeyDigest, ApiKey> without(Catalog catalog, UUID id) {
        ApiKey before = catalog.key(id).orElse(null);
        if (before == null) {
            return catalog.keys();
        }
        PMap<KeyDigest, ApiKey> rest = catalog.keys().minus(before.digest());
        RetiringKey retiring = before.retiring();
        return retiring == null ? rest : rest.minus(retiring.digest());
    }

    private static Catalog removeKey(Catalog catalog, UUID id, long version) {
        if (!catalog.digests().containsKey(id)) {
            return catalog;
        }
        return new Catalog(
                version,
                without(catalog, id),
                catalog.digests().minus(id),
                catalog.upstreams(),
                catalog.logicalModels(),
                catalog.governance());
    }
}
