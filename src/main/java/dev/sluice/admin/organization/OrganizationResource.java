package dev.sluice.admin.organization;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.limit.LimitJson;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/organizations}. Members see their own; only the gateway's managers change any. */
public final class OrganizationResource {
    private final Organizations organizations;

    public OrganizationResource(Organizations organizations) {
        this.organizations = organizations;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/admin/organizations", AdminRule.WRITE, this::create),
                gate.route("GET", "/admin/organizations", AdminRule.SIGNED_IN, this::list),
                gate.route("GET", "/admin/organizations/{id}", AdminRule.SIGNED_IN, this::get),
                gate.route("PUT", "/admin/organizations/{id}", AdminRule.WRITE, this::update),
                gate.route(
                        "DELETE", "/admin/organizations/{id}", AdminRule.WRITE, this::deactivate));
    }

    Response create(AdminRequest request) {
        return Response.json(
                201, view(organizations.create(request.body(), request.actor())).toString());
    }

    Response list(AdminRequest request) {
        return organizations.list(request).response(OrganizationResource::view);
    }

    Response get(AdminRequest request) {
        return Response.json(
                200, view(organizations.get(request.id(), request.actor())).toString());
    }

    Response update(AdminRequest request) {
        return Response.json(
                200,
                view(organizations.update(request.id(), request.body(), request.actor()))
                        .toString());
    }

    Response deactivate(AdminRequest request) {
        organizations.deactivate(request.id(), request.actor());
        return Response.empty(204);
    }

    private static ObjectNode view(Organizations.Stored stored) {
        OrganizationRow row = stored.row();
        ObjectNode view =
                AdminJson.object()
                        .put("id", row.id().toString())
                        .put("name", row.name())
                        .put("description", row.description());
        row.activation().write(view).put("status", row.isActive() ? "active" : "inactive");
        MonthlyLimits.write(stored.limits(), view);
        view.set("limits", LimitJson.write(stored.limits()));
        return view.put("created_at", row.createdAt().toString())
                .put("updated_at", row.updatedAt().toString());
    }
}
