package dev.sluice.admin.price;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Listing;
import dev.sluice.admin.Times;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceJson;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/prices}. */
public final class PriceResource {
    private final Database database;
    private final CatalogChanges changes;
    private final List<Price> shipped;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public PriceResource(
            Database database,
            CatalogChanges changes,
            List<Price> shipped,
            Clock clock,
            Supplier<UUID> ids) {
        this.database = database;
        this.changes = changes;
        this.shipped = List.copyOf(shipped);
        this.clock = clock;
        this.ids = ids;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/admin/prices", AdminRule.WRITE, this::create),
                gate.route("GET", "/admin/prices", AdminRule.READ, this::list),
                gate.route("GET", "/admin/prices/shipped", AdminRule.READ, this::listShipped),
                gate.route("GET", "/admin/prices/{id}", AdminRule.READ, this::get),
                gate.route("PUT", "/admin/prices/{id}", AdminRule.WRITE, this::update),
                gate.route("DELETE", "/admin/prices/{id}", AdminRule.WRITE, this::delete));
    }

    /** {@return the prices of this database} */
    public static List<Price> load(Handle handle) {
        return handle.attach(PriceStore.class).all().stream().map(PriceRow::price).toList();
    }

    Response create(AdminRequest request) {
        Instant now = now();
        Price price = read(ids.get(), request.body(), now);
        PriceRow row = row(price, now, now);
        change(store -> store.insert(row));
        return Response.json(201, view(row).toString());
    }

    Response list(AdminRequest request) {
        return page(
                        request,
                        database.read(handle -> handle.attach(PriceStore.class).all()),
                        row -> row.price().model())
                .response(PriceResource::view);
    }

    Response listShipped(AdminRequest request) {
        return page(request, shipped, Price::model)
                .response(price -> PriceJson.write(price).put("id", price.id().toString()));
    }

    private static <T> Listing<T> page(
            AdminRequest request, List<T> all, Function<T, String> model) {
        String search = request.query("search");
        String wanted = search == null ? "" : search.strip().toLowerCase(Locale.ROOT);
        List<T> found =
                all.stream()
                        .filter(one -> model.apply(one).toLowerCase(Locale.ROOT).contains(wanted))
                        .toList();
        AdminRequest.Paging paging = request.paging();
        return new Listing<>(
                found.stream().skip(paging.offset()).limit(paging.size()).toList(),
                found.size(),
                paging);
    }

    Response get(AdminRequest request) {
        return Response.json(200, view(find(request.id())).toString());
    }

    Response update(AdminRequest request) {
        PriceRow before = find(request.id());
        ObjectNode merged = (ObjectNode) AdminJson.tree(before.body());
        merged.setAll((ObjectNode) request.body());
        PriceRow after =
                row(read(before.id(), merged, before.createdAt()), before.createdAt(), now());
        change(store -> {
            if (store.update(after) == 0) {
                throw notFound(after.id());
            }
        });
        return Response.json(200, view(after).toString());
    }

    Response delete(AdminRequest request) {
        change(store -> {
            if (store.delete(request.id()) == 0) {
                throw notFound(request.id());
            }
        });
        return Response.empty(204);
    }

    private void change(Consumer<PriceStore> change) {
        changes.make(handle -> {
            change.accept(handle.attach(PriceStore.class));
            return new CatalogChanges.Made<>(true, List.of(new Change.PricesPut(load(handle))));
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

    private PriceRow find(UUID id) {
        return database.read(handle -> handle.attach(PriceStore.class).all()).stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow(() -> notFound(id));
    }

    private static AdminException notFound(UUID id) {
        return AdminException.notFound("Price not found: " + id);
    }

    private static PriceRow row(Price price, Instant createdAt, Instant updatedAt) {
        return new PriceRow(price.id(), PriceJson.write(price).toString(), createdAt, updatedAt);
    }

    private static ObjectNode view(PriceRow row) {
        return PriceJson.write(row.price())
                .put("id", row.id().toString())
                .put("created_at", row.createdAt().toString())
                .put("updated_at", row.updatedAt().toString());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
