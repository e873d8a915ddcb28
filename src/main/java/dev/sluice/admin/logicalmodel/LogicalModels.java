package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Upstream;
import dev.sluice.store.Database;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The rules of logical models. Those that the settings declare are shown with the others, stand in
 * place of stored ones of the same id, and are changed in the settings alone.
 */
public final class LogicalModels {
    private static final Logger LOG = LoggerFactory.getLogger(LogicalModels.class);

    private final Database database;
    private final CatalogChanges changes;
    private final Clock clock;
    private final Map<String, DeclaredModel> declared = new LinkedHashMap<>();
    private final Instant declaredSince;

    /**
     * @param declared by the settings, for as long as the gateway runs
     */
    public LogicalModels(
            Database database, CatalogChanges changes, Clock clock, List<DeclaredModel> declared) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        declared.forEach(one -> this.declared.put(one.model().id(), one));
        this.declaredSince = now();
    }

    /** {@return the logical models of this database as calls meet them} */
    public static List<LogicalModel> load(Handle handle) {
        LogicalModelStore store = handle.attach(LogicalModelStore.class);
        return store.all().stream().map(row -> LogicalModelRows.read(store, row)).toList();
    }

    StoredLogicalModel create(JsonNode body) {
        String id = body.path("id").stringValue();
        if (declared.containsKey(id)) {
            throw AdminException.invalidRequest(
                    "Model '" + id + "' already exists: the settings declare it", "id");
        }
        try {
            return changes.make(handle -> {
                LogicalModelStore store = handle.attach(LogicalModelStore.class);
                Instant now = now();
                StoredLogicalModel created =
                        stored(store, body, LogicalModelBody.blank(id), now, now);
                store.insert(LogicalModelRows.row(created));
                insertTargets(store, created.model());
                return made(created);
            });
        } catch (DuplicateRow _) {
            throw AdminException.invalidRequest("Model '" + id + "' already exists", "id");
        }
    }

    Listing<StoredLogicalModel> list(AdminRequest request) {
        String status = request.query("status");
        String search = request.query("search");
        Conditions conditions =
                new Conditions()
                        .require(
                                "is_enabled = :enabled",
                                "enabled",
                                status == null ? null : status.equals("enabled"))
                        .search(search, "id", "display_name", "description");
        return database.read(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            TreeSet<String> ids = new TreeSet<>(ids(handle, conditions));
            ids.removeAll(declared.keySet());
            declared.values().stream()
                    .map(DeclaredModel::model)
                    .filter(model -> status == null || model.enabled() == status.equals("enabled"))
                    .filter(model -> isNamed(model, search))
                    .forEach(model -> ids.add(model.id()));
            Map<UUID, String> names = names(store);
            return Listing.page(List.copyOf(ids), request.paging())
                    .map(id -> find(store, id, names));
        });
    }

    private static List<String> ids(Handle handle, Conditions conditions) {
        try (Query query =
                handle.createQuery("select id from logical_models" + conditions.where())) {
            conditions.bind(query);
            return query.mapTo(String.class).list();
        }
    }

    /** {@return whether one of the model's names holds the text, whatever the case} */
    private static boolean isNamed(LogicalModel model, @Nullable String search) {
        String part = search == null ? "" : search.strip().toLowerCase(Locale.ROOT);
        return Stream.of(model.id(), model.displayName(), model.description())
                .anyMatch(name -> name != null && name.toLowerCase(Locale.ROOT).contains(part));
    }

    StoredLogicalModel get(String id) {
        return database.read(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            return find(store, id, names(store));
        });
    }

    StoredLogicalModel update(String id, JsonNode body) {
        refuseDeclared(id);
        return changes.make(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            StoredLogicalModel before = find(store, id, names(store));
            StoredLogicalModel after =
                    stored(store, body, before.model(), before.createdAt(), now());
            store.update(LogicalModelRows.row(after));
            if (body.has("targets")) {
                store.deleteTargets(id);
                insertTargets(store, after.model());
            }
            return made(after);
        });
    }

    void delete(String id) {
        refuseDeclared(id);
        changes.make(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            StoredLogicalModel before = find(store, id, names(store));
            store.deleteTargets(id);
            store.delete(id);
            return new CatalogChanges.Made<>(before, List.of(new Change.LogicalModelRemoved(id)));
        });
    }

    /** Says in the log which upstreams the settings count on in vain. */
    public void warnOfMissing(Collection<Upstream> upstreams) {
        for (DeclaredModel one : declared.values()) {
            for (String name : one.missing(upstreams)) {
                LOG.warn(
                        "routing.models: model '{}' names the upstream '{}', which is not"
                                + " configured; that target is left out until it is",
                        one.model().id(),
                        name);
            }
        }
    }

    private void refuseDeclared(String id) {
        if (declared.containsKey(id)) {
            throw AdminException.invalidRequest(
                    "Model '"
                            + id
                            + "' is declared by the settings; change routing.models there and"
                            + " start again",
                    "id");
        }
    }

    private static CatalogChanges.Made<StoredLogicalModel> made(StoredLogicalModel model) {
        return new CatalogChanges.Made<>(model, List.of(new Change.LogicalModelPut(model.model())));
    }

    private static StoredLogicalModel stored(
            LogicalModelStore store,
            JsonNode body,
            LogicalModel before,
            Instant createdAt,
            Instant updatedAt) {
        Map<UUID, String> names = names(store);
        Map<String, UUID> ids = new HashMap<>();
        names.forEach((id, name) -> {
            ids.put(id.toString(), id);
            ids.put(name, id);
        });
        return StoredLogicalModel.stored(
                new LogicalModelBody(body).onto(before, ids), createdAt, updatedAt, names);
    }

    private StoredLogicalModel find(LogicalModelStore store, String id, Map<UUID, String> names) {
        DeclaredModel one = declared.get(id);
        if (one != null) {
            return StoredLogicalModel.declared(one, declaredSince, names);
        }
        return store.find(id)
                .map(row ->
                        StoredLogicalModel.stored(
                                LogicalModelRows.read(store, row),
                                row.createdAt(),
                                row.updatedAt(),
                                names))
                .orElseThrow(() -> AdminException.notFound("Model not found: " + id));
    }

    private static Map<UUID, String> names(LogicalModelStore store) {
        Map<UUID, String> names = new HashMap<>();
        store.upstreams().forEach(upstream -> names.put(upstream.id(), upstream.name()));
        return names;
    }

    private static void insertTargets(LogicalModelStore store, LogicalModel model) {
        if (!model.targets().isEmpty()) {
            store.insertTargets(LogicalModelRows.targetRows(model));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
