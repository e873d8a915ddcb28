package dev.sluice.admin.apikey;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/keys}. */
public final class ApiKeyResource {
    private final ApiKeys keys;

    public ApiKeyResource(ApiKeys keys) {
        this.keys = keys;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/admin/keys", AdminRule.WRITE, this::create),
                gate.route("GET", "/admin/keys", AdminRule.READ, this::list),
                gate.route("GET", "/admin/keys/{id}", AdminRule.READ, this::get),
                gate.route("PUT", "/admin/keys/{id}", AdminRule.WRITE, this::update),
                gate.route("DELETE", "/admin/keys/{id}", AdminRule.WRITE, this::revoke));
    }

    Response create(AdminRequest request) {
        JsonNode given = request.body().path("key");
        ApiKeys.Created created =
                keys.create(request.body(), given.isString() ? given.stringValue() : null);
        ObjectNode view = created.key().view();
        view.put("key_value", created.value()).put("key", created.value());
        return Response.json(201, view.toString()).with("cache-control", "no-store");
    }

    Response list(AdminRequest request) {
        return keys.list(request.paging()).response(StoredKey::view);
    }

    Response get(AdminRequest request) {
        return Response.json(200, keys.get(request.id()).view().toString());
    }

    Response update(AdminRequest request) {
        return Response.json(200, keys.update(request.id(), request.body()).view().toString());
    }

    Response revoke(AdminRequest request) {
        keys.revoke(request.id());
        return Response.empty(204);
    }
}
