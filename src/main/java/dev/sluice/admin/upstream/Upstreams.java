package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.Upstream;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The rules of upstreams. */
public final class Upstreams {
    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

    private final Database database;
    private final CatalogChanges changes;
    private final Credentials credentials;
    private final Upstream.Timeouts defaults;
    private final UpstreamRows rows;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public Upstreams(
            Database database,
            CatalogChanges changes,
            UpstreamKeeping keeping,
            Clock clock,
            Supplier<UUID> ids) {
        this.database = database;
        this.changes = changes;
        this.credentials = new Credentials(keeping.encryption());
        this.defaults = keeping.timeouts();
        this.rows = new UpstreamRows(keeping, credentials);
        this.clock = clock;
        this.ids = ids;
    }

    /** {@return the upstreams of this database as calls meet them} */
    public static List<Upstream> load(Handle handle, UpstreamKeeping keeping) {
        UpstreamStore store = handle.attach(UpstreamStore.class);
        UpstreamRows rows = new UpstreamRows(keeping, new Credentials(keeping.encryption()));
        List<StoredUpstream> all = store.all().stream().map(row -> rows.read(store, row)).toList();
        Set<String> undecryptable = UpstreamRows.undecryptable(all);
        if (!undecryptable.isEmpty()) {
            LOG.warn(
                    "credentials of these upstreams cannot be decrypted with this encryption key"
                            + " and are not used: {}",
                    undecryptable);
        }
        return all.stream().map(StoredUpstream::inCatalog).toList();
    }

    /**
     * Makes these upstreams where there has never been one; bodies as {@link #create} takes them.
     * While the database is away nothing is made: the next start may.
     */
    public void beginWith(List<? extends JsonNode> bodies) {
        try {
            if (!bodies.isEmpty()
                    && database.read(handle -> handle.attach(UpstreamStore.class).count()) == 0) {
                bodies.forEach(this::create);
                LOG.info("{} upstreams were made as the settings say", bodies.size());
            }
        } catch (DatabaseUnavailable away) {
            LOG.warn("the upstreams of the settings were not made: {}", away.getMessage());
        }
    }

    StoredUpstream create(JsonNode body) {
        Instant now = now();
        StoredUpstream created =
                new StoredUpstream(
                        ids.get(),
                        UpstreamSettings.of(body),
                        credentials.after(body, List.of()),
                        defaults,
                        now,
                        now);
        return named(
                created.settings().name(),
                () ->
                        changes.make(handle -> {
                            UpstreamStore store = handle.attach(UpstreamStore.class);
                            List<Change> made = takeDefault(store, created);
                            store.insert(rows.row(created));
                            insertKeys(store, created);
                            insertModels(store, created);
                            made.add(new Change.UpstreamPut(created.inCatalog()));
                            return new CatalogChanges.Made<>(created, made);
                        }));
    }

    private static StoredUpstream named(String name, Supplier<StoredUpstream> change) {
        try {
            return change.get();
        } catch (DuplicateRow _) {
            if (name.isEmpty()) {
                throw new AdminException(
                        409, "conflict", "Another node has changed upstreams meanwhile; try again");
            }
            throw AdminException.invalidRequest(
                    "Upstream with name '" + name + "' already exists", "name");
        }
    }

    Listing<StoredUpstream> list(AdminRequest request) {
        String status = request.query("status");
        Conditions conditions =
                new Conditions()
                        .require("provider = :provider", "provider", request.query("provider"))
                        .require(
                                "is_active = :active",
                                "active",
                                status == null ? null : status.equals("active"))
                        .search(
                                request.query("search"),
                                "name",
                                "base_url",
                                "default_model",
                                "region");
        return database.read(handle -> {
            UpstreamStore store = handle.attach(UpstreamStore.class);
            return conditions
                    .newest(handle, "upstreams", UpstreamRow.class, request.paging())
                    .map(row -> rows.read(store, row));
        });
    }

    StoredUpstream get(UUID id) {
        return database.read(handle -> find(handle.attach(UpstreamStore.class), id));
    }

    StoredUpstream update(UUID id, JsonNode body) {
        String name = body.path("name").asString("");
        return named(name, () -> changes.make(handle -> update(handle, id, body)));
    }

    private CatalogChanges.Made<StoredUpstream> update(Handle handle, UUID id, JsonNode body) {
        UpstreamStore store = handle.attach(UpstreamStore.class);
        StoredUpstream before = find(store, id);
        StoredUpstream after =
                new StoredUpstream(
                        id,
                        settingsAfter(before, body),
                        credentials.after(body, before.credentials()),
                        defaults,
                        before.createdAt(),
                        now());
        List<Change> made = takeDefault(store, after);
        store.update(rows.row(after));
        if (Credentials.areIn(body)) {
            store.deleteKeys(id);
            insertKeys(store, after);
        }
        if (body.has("models")) {
            store.deleteModels(id);
            insertModels(store, after);
        }
        made.add(new Change.UpstreamPut(after.inCatalog()));
        return new CatalogChanges.Made<>(after, made);
    }

    /** Credentials go nowhere but where they were meant to go. */
    private static UpstreamSettings settingsAfter(StoredUpstream before, JsonNode body) {
        UpstreamSettings kept = before.settings();
        JsonNode url = body.path("base_url");
        if (!url.isString()
                || UpstreamUrl.isSamePlace(kept.baseUrl(), UpstreamUrl.parse(url.stringValue()))) {
            return kept.with(body, kept.headers());
        }
        if (!before.credentials().isEmpty() && !Credentials.areWhollyIn(body)) {
            throw AdminException.invalidRequest(
                    "A new scheme, host or port in base_url asks for the api_key again: send"
                            + " api_key (or keys with each key) in the same request",
                    "api_key");
        }
        if (ExtraHeaders.haveCredentials(kept.headers()) && !body.has("headers")) {
            throw AdminException.invalidRequest(
                    "A new scheme, host or port in base_url asks for the headers again: send"
                            + " headers with their real values in the same request",
                    "headers");
        }
        return kept.with(body, Map.of());
    }

    void delete(UUID id) {
        changes.make(handle -> {
            UpstreamStore store = handle.attach(UpstreamStore.class);
            StoredUpstream before = find(store, id);
            StoredUpstream after =
                    new StoredUpstream(
                            id,
                            before.settings().inactive(),
                            before.credentials(),
                            defaults,
                            before.createdAt(),
                            before.settings().isActive() ? now() : before.updatedAt());
            store.update(rows.row(after));
            return new CatalogChanges.Made<>(
                    after, List.of(new Change.UpstreamPut(after.inCatalog())));
        });
    }

    /** There is one default: the former one gives way in the same transaction. */
    private List<Change> takeDefault(UpstreamStore store, StoredUpstream upstream) {
        List<Change> changed = new ArrayList<>();
        if (!upstream.settings().isDefault()) {
            return changed;
        }
        List<UUID> former = store.defaultsBut(upstream.id());
        store.clearDefaultBut(upstream.id(), now());
        for (UUID id : former) {
            changed.add(new Change.UpstreamPut(find(store, id).inCatalog()));
        }
        return changed;
    }

    private StoredUpstream find(UpstreamStore store, UUID id) {
        UpstreamRow row =
                store.find(id)
                        .orElseThrow(() -> AdminException.notFound("Upstream not found: " + id));
        return rows.read(store, row);
    }

    private void insertKeys(UpstreamStore store, StoredUpstream upstream) {
        if (!upstream.credentials().isEmpty()) {
            store.insertKeys(rows.keyRows(upstream));
        }
    }

    private static void insertModels(UpstreamStore store, StoredUpstream upstream) {
        if (!upstream.settings().models().isEmpty()) {
            store.insertModels(UpstreamRows.modelRows(upstream));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
