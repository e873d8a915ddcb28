package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Listing;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.store.Database;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/** The rules of logical models. */
public final class LogicalModels {
    private final Database database;
    private final CatalogChanges changes;
    private final Clock clock;

    public LogicalModels(Database database, CatalogChanges changes, Clock clock) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
    }

    /** {@return the logical models of this database as calls meet them} */
    public static List<LogicalModel> load(Handle handle) {
        LogicalModelStore store = handle.attach(LogicalModelStore.class);
        return store.all().stream().map(row -> LogicalModelRows.read(store, row)).toList();
    }

    StoredLogicalModel create(JsonNode body) {
        String id = body.path("id").stringValue();
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

    Listing<StoredLogicalModel> list(AdminRequest.Paging paging) {
        return database.read(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            Map<UUID, String> names = names(store);
            return new Listing<>(
                    store.page(paging.size(), paging.offset()).stream()
                            .map(row -> stored(store, row, names))
                            .toList(),
                    store.count(),
                    paging);
        });
    }

    StoredLogicalModel get(String id) {
        return database.read(handle -> find(handle.attach(LogicalModelStore.class), id));
    }

    StoredLogicalModel update(String id, JsonNode body) {
        return changes.make(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            StoredLogicalModel before = find(store, id);
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
        changes.make(handle -> {
            LogicalModelStore store = handle.attach(LogicalModelStore.class);
            StoredLogicalModel before = find(store, id);
            store.deleteTargets(id);
            store.delete(id);
            return new CatalogChanges.Made<>(before, List.of(new Change.LogicalModelRemoved(id)));
        });
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
        return new StoredLogicalModel(
                new LogicalModelBody(body, ids).onto(before), createdAt, updatedAt, names);
    }

    private static StoredLogicalModel stored(
            LogicalModelStore store, LogicalModelRow row, Map<UUID, String> names) {
        return new StoredLogicalModel(
                LogicalModelRows.read(store, row), row.createdAt(), row.updatedAt(), names);
    }

    private static StoredLogicalModel find(LogicalModelStore store, String id) {
        return store.find(id)
                .map(row -> stored(store, row, names(store)))
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
