package dev.sluice.admin.apikey;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /admin/keys}. Members see and change their own keys, managers of an organization its keys,
 * those of the gateway all; viewers change none.
 */
public final class ApiKeyResource {
    private final ApiKeys keys;

    public ApiKeyResource(ApiKeys keys) {
        this.keys = keys;
    }

    public List<Route> routes(AdminGate gate) {
        String all = "/admin/keys";
        String one = "/admin/keys/{id}";
        return List.of(
                gate.route("POST", all, AdminRule.SIGNED_IN, this::create),
                gate.route("GET", all, AdminRule.SIGNED_IN, this::list),
                gate.route("GET", one, AdminRule.SIGNED_IN, this::get),
                gate.route("PUT", one, AdminRule.SIGNED_IN, this::update),
                gate.route("POST", one + "/rotate", AdminRule.SIGNED_IN, this::rotate),
                gate.route("DELETE", one, AdminRule.SIGNED_IN, this::revoke));
    }

    Response create(AdminRequest request) {
        return shownOnce(201, keys.create(request));
    }

    Response list(AdminRequest request) {
        return keys.list(request).response(StoredKey::view);
    }

    Response get(AdminRequest request) {
        return Response.json(200, keys.get(request.id(), request.actor()).view().toString());
    }

    Response update(AdminRequest request) {
        StoredKey key = keys.update(request.id(), request.body(), request.actor());
        return Response.json(200, key.view().toString());
    }

    Response rotate(AdminRequest request) {
        long grace = request.body().path("grace_seconds").asLong(0);
        return shownOnce(
                200, keys.rotate(request.id(), Duration.ofSeconds(grace), request.actor()));
    }

    Response revoke(AdminRequest request) {
        keys.revoke(request.id(), request.actor());
        return Response.empty(204);
    }

    private static Response shownOnce(int status, ApiKeys.Created created) {
        ObjectNode view = created.key().view();
        view.put("key_value", created.value()).put("key", created.value());
        return Response.json(status, view.toString()).with("cache-control", "no-store");
    }
}
