package dev.sluice.admin.log;

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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /admin/usage}: what calls used, also those whose records have been deleted. Members see
 * what they used, people of an organization what its keys used, managers of the gateway all of it.
 */
public final class UsageResource {
    private final Database database;

    public UsageResource(Database database) {
        this.database = database;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(gate.route("GET", "/admin/usage", AdminRule.SIGNED_IN, this::sums));
    }

    Response sums(AdminRequest request) {
        Conditions conditions = conditions(request);
        UsageSums.Grouping grouping = UsageSums.Grouping.named(request.query("group_by"));
        if (grouping == UsageSums.Grouping.UPSTREAM && !request.actor().isGatewayWide()) {
            throw new AdminException(
                    403, "forbidden", "Only who sees the whole gateway sums by upstream");
        }
        UsageSums sums = new UsageSums(conditions);
        record Answer(UsageSums.Sum total, List<UsageSums.Sum> groups) {}
        Answer answer =
                database.read(handle ->
                        new Answer(
                                sums.total(handle),
                                grouping == null ? List.of() : sums.by(handle, grouping)));
        if ("csv".equals(request.query("format"))) {
            return UsageCsv.response(grouping == null ? List.of(answer.total()) : answer.groups());
        }
        ObjectNode body = AdminJson.object();
        body.set("total", view(answer.total(), AdminJson.object()));
        ArrayNode items = body.putArray("items");
        for (UsageSums.Sum sum : answer.groups()) {
            view(sum, items.addObject().put("group", sum.name()));
        }
        return Response.json(200, body.toString());
    }

    private static ObjectNode view(UsageSums.Sum sum, ObjectNode target) {
        return target.put("requests", sum.requests())
                .put("failures", sum.failures())
                .put("input_tokens", sum.inputTokens())
                .put("output_tokens", sum.outputTokens())
                .put("total_tokens", sum.inputTokens() + sum.outputTokens())
                .put("cost_nanos", sum.costNanos())
                .put("currency", sum.currency());
    }

    private static Conditions conditions(AdminRequest request) {
        Actor actor = request.actor();
        return new Conditions()
                .require("api_key_id = :key", "key", request.queryId("api_key_id"))
                .require("user_id = :user", "user", request.queryId("user_id"))
                .require(
                        "organization_id = :organization",
                        "organization",
                        request.queryId("organization_id"))
                .require("upstream_id = :upstream", "upstream", request.queryId("upstream_id"))
                .require("model = :model", "model", request.query("model"))
                .require("started_at >= :since", "since", time(request, "start_time"))
                .require("started_at <= :until", "until", time(request, "end_time"))
                .require("organization_id = :own", "own", actor.organizationId())
                .require(
                        "user_id = :self", "self", actor.role() == Role.MEMBER ? actor.id() : null);
    }

    private static @Nullable Instant time(AdminRequest request, String name) {
        String text = request.query(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        return Times.parse(text)
                .orElseThrow(() ->
                        AdminException.invalidRequest(
                                "Invalid %s format: %s".formatted(name, text), name));
    }
}
