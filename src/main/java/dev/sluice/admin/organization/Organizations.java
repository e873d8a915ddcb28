package dev.sluice.admin.organization;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.admin.Patch;
import dev.sluice.admin.limit.LimitJson;
import dev.sluice.admin.limit.Limits;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.Organization;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.store.Database;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules of organizations. */
public final class Organizations {
    private final Database database;
    private final CatalogChanges changes;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public Organizations(
            Database database, CatalogChanges changes, Clock clock, Supplier<UUID> ids) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        this.ids = ids;
    }

    /** An organization and its limits. */
    record Stored(OrganizationRow row, List<Limit> limits) {
        Stored {
            limits = List.copyOf(limits);
        }
    }

    /** {@return the organizations of this database} */
    public static List<Organization> load(Handle handle) {
        return handle.attach(OrganizationStore.class).all().stream()
                .map(OrganizationRow::inCatalog)
                .toList();
    }

    Stored create(JsonNode body, Actor actor) {
        Instant now = now();
        OrganizationRow blank = new OrganizationRow(ids.get(), "", null, true, null, now, now);
        return named(() ->
                changes.make(handle -> {
                    OrganizationStore store = handle.attach(OrganizationStore.class);
                    Stored made =
                            new Stored(patched(blank, body, actor, now), limits(List.of(), body));
                    store.insert(made.row());
                    return put(handle, made, LimitChange.of(List.of(), made.limits()), now);
                }));
    }

    Stored update(UUID id, JsonNode body, Actor actor) {
        Instant now = now();
        return named(() ->
                changes.make(handle -> {
                    Stored before = find(handle, id);
                    Stored after =
                            new Stored(
                                    patched(before.row(), body, actor, now),
                                    limits(before.limits(), body));
                    handle.attach(OrganizationStore.class).update(after.row());
                    return put(handle, after, LimitChange.of(before.limits(), after.limits()), now);
                }));
    }

    /** Its records stay, and so does it; its keys and users are refused from now on. */
    void deactivate(UUID id, Actor actor) {
        Instant now = now();
        changes.make(handle -> {
            Stored before = find(handle, id);
            OrganizationRow row = before.row();
            OrganizationRow after =
                    row.with(
                            row.name(),
                            row.description(),
                            row.activation().switched(false, actor),
                            now);
            handle.attach(OrganizationStore.class).update(after);
            return put(handle, new Stored(after, before.limits()), LimitChange.NONE, now);
        });
    }

    /** Whether the limits differ from what they were. */
    private enum LimitChange {
        NONE,
        SOME;

        static LimitChange of(List<Limit> before, List<Limit> after) {
            return before.equals(after) ? NONE : SOME;
        }
    }

    private static CatalogChanges.Made<Stored> put(
            Handle handle, Stored stored, LimitChange limits, Instant now) {
        List<Change> made = new ArrayList<>();
        made.add(new Change.OrganizationPut(stored.row().inCatalog()));
        if (limits == LimitChange.SOME) {
            made.add(
                    Limits.replace(
                            handle, Subject.organization(stored.row().id()), stored.limits(), now));
        }
        return new CatalogChanges.Made<>(stored, made);
    }

    private static OrganizationRow patched(
            OrganizationRow row, JsonNode body, Actor actor, Instant now) {
        Patch patch = new Patch(body);
        return row.with(
                patch.text("name", row.name()),
                patch.optionalText("description", row.description()),
                row.activation().patched(body, actor),
                now);
    }

    private static List<Limit> limits(List<Limit> before, JsonNode body) {
        JsonNode all = body.get("limits");
        List<Limit> limits = all == null ? before : LimitJson.read("limits", all);
        return MonthlyLimits.after(limits, body);
    }

    Stored get(UUID id, Actor actor) {
        return database.read(handle -> {
            boolean own = id.equals(actor.organizationId());
            if (!own && !actor.sees(id, null)) {
                throw notFound(id);
            }
            return find(handle, id);
        });
    }

    Listing<Stored> list(AdminRequest request) {
        String status = request.query("status");
        Conditions conditions =
                new Conditions()
                        .require(
                                "is_active = :active",
                                "active",
                                status == null ? null : status.equals("active"))
                        .require("id = :own", "own", request.actor().organizationId())
                        .search(request.query("search"), "name", "description");
        return database.read(handle ->
                conditions
                        .newest(handle, "organizations", OrganizationRow.class, request.paging())
                        .map(row -> new Stored(row, limitsOf(handle, row.id()))));
    }

    private static Stored find(Handle handle, UUID id) {
        OrganizationRow row =
                handle.attach(OrganizationStore.class).find(id).orElseThrow(() -> notFound(id));
        return new Stored(row, limitsOf(handle, id));
    }

    private static List<Limit> limitsOf(Handle handle, UUID id) {
        return Limits.of(handle, Subject.organization(id));
    }

    private static AdminException notFound(@Nullable UUID id) {
        return AdminException.notFound("Organization not found: " + id);
    }

    private static Stored named(Supplier<Stored> change) {
        try {
            return change.get();
        } catch (DuplicateRow _) {
            throw AdminException.invalidRequest(
                    "Another organization has this name already", "name");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
