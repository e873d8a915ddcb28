package dev.sluice.admin.price;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Times;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceJson;
import dev.sluice.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of the operator's prices. */
public final class Prices {
    private final Database database;
    private final CatalogChanges changes;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public Prices(Database database, CatalogChanges changes, Clock clock, Supplier<UUID> ids) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        this.ids = ids;
    }

    /** {@return the prices of this database} */
    public static List<Price> load(Handle handle) {
        return handle.attach(PriceStore.class).all().stream().map(PriceRow::price).toList();
    }

    PriceRow create(JsonNode body) {
        Instant now = now();
        PriceRow row = row(read(ids.get(), body, now), now, now);
        return change(store -> {
            store.insert(row);
            return row;
        });
    }

    List<PriceRow> all() {
        return database.read(handle -> handle.attach(PriceStore.class).all());
    }

    PriceRow get(UUID id) {
        return database.read(handle -> find(handle.attach(PriceStore.class), id));
    }

    PriceRow update(UUID id, JsonNode body) {
        return change(store -> {
            PriceRow before = find(store, id);
            ObjectNode merged = (ObjectNode) AdminJson.tree(before.body());
            merged.setAll((ObjectNode) body);
            Price price = read(id, merged, before.createdAt());
            PriceRow after = row(price, before.createdAt(), now());
            store.update(after);
            return after;
        });
    }

    void delete(UUID id) {
        change(store -> {
            PriceRow before = find(store, id);
            store.delete(id);
            return before;
        });
    }

    private PriceRow change(Function<PriceStore, PriceRow> change) {
        return changes.make(handle -> {
            PriceRow row = change.apply(handle.attach(PriceStore.class));
            return new CatalogChanges.Made<>(row, List.of(new Change.PricesPut(load(handle))));
        });
    }

    /** A price without a moment holds from now on. */
    private static Price read(UUID id, JsonNode body, Instant from) {
        ObjectNode whole = ((ObjectNode) body).deepCopy();
        JsonNode validFrom = body.path("valid_from");
        Instant since =
                validFrom.isString()
                        ? Times.parse(validFrom.stringValue())
                                .orElseThrow(() ->
                                        AdminException.invalidField(
                                                "valid_from",
                                                "datetime_parsing",
                                                "must be a time such as 2030-01-31T00:00:00Z"))
                        : from;
        whole.put("valid_from", since.toString());
        try {
            return PriceJson.read(id, whole);
        } catch (IllegalArgumentException wrong) {
            throw AdminException.invalidField(field(wrong), "value_error", text(wrong));
        }
    }

    /** The message names its field in quotes. */
    private static String field(IllegalArgumentException wrong) {
        String[] parts = text(wrong).split("'", -1);
        return parts.length > 2 ? parts[1] : "model";
    }

    private static String text(IllegalArgumentException wrong) {
        @Nullable String message = wrong.getMessage();
        return message == null ? "is wrong" : message;
    }

    private static PriceRow find(PriceStore store, UUID id) {
        return store.find(id).orElseThrow(() -> notFound(id));
    }

    private static AdminException notFound(UUID id) {
        return AdminException.notFound("Price not found: " + id);
    }

    private static PriceRow row(Price price, Instant createdAt, Instant updatedAt) {
        return new PriceRow(price.id(), PriceJson.write(price).toString(), createdAt, updatedAt);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
