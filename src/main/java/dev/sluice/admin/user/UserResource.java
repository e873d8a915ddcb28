package dev.sluice.admin.user;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /admin/users}. Members see themselves, managers of an organization its users, managers of
 * the gateway all.
 */
public final class UserResource {
    private final Users users;

    public UserResource(Users users) {
        this.users = users;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/admin/users", AdminRule.SIGNED_IN, this::create),
                gate.route("GET", "/admin/users", AdminRule.SIGNED_IN, this::list),
                gate.route("GET", "/admin/users/{id}", AdminRule.SIGNED_IN, this::get),
                gate.route("PUT", "/admin/users/{id}", AdminRule.SIGNED_IN, this::update),
                gate.route("DELETE", "/admin/users/{id}", AdminRule.SIGNED_IN, this::deactivate));
    }

    Response create(AdminRequest request) {
        return Response.json(201, view(users.create(request.body(), request.actor())).toString());
    }

    Response list(AdminRequest request) {
        return users.list(request).response(UserResource::view);
    }

    Response get(AdminRequest request) {
        return Response.json(200, view(users.get(request.id(), request.actor())).toString());
    }

    Response update(AdminRequest request) {
        return Response.json(
                200, view(users.update(request.id(), request.body(), request.actor())).toString());
    }

    Response deactivate(AdminRequest request) {
        users.deactivate(request.id(), request.actor());
        return Response.empty(204);
    }

    /** {@return the user as people see one; never with what proves a password} */
    public static ObjectNode view(UserRow row) {
        ObjectNode view =
                AdminJson.object()
                        .put("id", row.id().toString())
                        .put("username", row.username())
                        .put("email", row.email())
                        .put("display_name", row.displayName())
                        .put("role", row.role())
                        .put(
                                "organization_id",
                                row.organizationId() == null
                                        ? null
                                        : row.organizationId().toString());
        return row.activation()
                .write(view)
                .put("status", row.isActive() ? "active" : "inactive")
                .put(
                        "last_sign_in_at",
                        row.lastSignInAt() == null ? null : row.lastSignInAt().toString())
                .put("created_at", row.createdAt().toString())
                .put("updated_at", row.updatedAt().toString());
    }
}
