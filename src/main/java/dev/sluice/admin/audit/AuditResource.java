package dev.sluice.admin.audit;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Times;
import dev.sluice.catalog.Role;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /admin/audit}, newest first, page after page by cursor. Members see what they did,
 * managers of an organization what its people did, those of the gateway everything.
 */
public final class AuditResource {
    private final Database database;

    public AuditResource(Database database) {
        this.database = database;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(gate.route("GET", "/admin/audit", AdminRule.SIGNED_IN, this::search));
    }

    Response search(AdminRequest request) {
        int size = request.paging().size();
        Conditions conditions = conditions(request);
        UUID after = cursor(request.query("cursor"));
        conditions.require("id < :after", "after", after);
        List<AuditRow> rows =
                database.read(handle -> {
                    try (Query query =
                            handle.createQuery(
                                    "select * from audit_log"
                                            + conditions.where()
                                            + " order by id desc limit :limit")) {
                        conditions.bind(query);
                        return query.bind("limit", size + 1)
                                .map(ConstructorMapper.of(AuditRow.class))
                                .list();
                    }
                });
        ObjectNode body = AdminJson.object();
        ArrayNode items = body.putArray("items");
        rows.stream().limit(size).forEach(row -> items.add(row.view()));
        body.put("page_size", size)
                .put("next_cursor", rows.size() > size ? rows.get(size - 1).id().toString() : null);
        return Response.json(200, body.toString());
    }

    private static Conditions conditions(AdminRequest request) {
        Actor actor = request.actor();
        return new Conditions()
                .require("actor_id = :actor", "actor", request.queryId("actor_id"))
                .require("resource = :resource", "resource", request.query("resource"))
                .require("resource_id = :subject", "subject", request.queryId("resource_id"))
                .require("action = :action", "action", request.query("action"))
                .require("at >= :since", "since", time(request, "start_time"))
                .require("at <= :until", "until", time(request, "end_time"))
                .require("organization_id = :own", "own", actor.organizationId())
                .require(
                        "actor_id = :self", "self", actor.role() == Role.MEMBER ? actor.id() : null)
                .search(request.query("search"), "actor_name", "before_change", "after_change");
    }

    private static @Nullable Instant time(AdminRequest request, String name) {
        String text = request.query(name);
        if (text == null) {
            return null;
        }
        return Times.parse(text)
                .orElseThrow(() ->
                        AdminException.invalidRequest(
                                "Invalid %s format: %s".formatted(name, text), name));
    }

    /** Ids are ordered by time, so that one is a place in the list. */
    private static @Nullable UUID cursor(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw AdminException.invalidRequest(
                    "Invalid cursor: use next_cursor of an earlier answer", "cursor");
        }
    }
}
