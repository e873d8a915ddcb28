package dev.sluice.admin.routing;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.proxy.route.memory.Binding;
import dev.sluice.proxy.route.memory.RoutingMemory;
import dev.sluice.proxy.route.memory.SessionKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/sessions}: where clients' sessions are bound. */
public final class SessionResource {
    private static final int MOST = 100;

    private final RoutingMemory memory;
    private final Catalogs catalogs;

    public SessionResource(RoutingMemory memory, Catalogs catalogs) {
        this.memory = memory;
        this.catalogs = catalogs;
    }

    public List<Route> routes(AdminGate gate) {
        String one = "/admin/sessions/{key_id}/{session}";
        return List.of(
                gate.route("GET", "/admin/sessions", AdminRule.READ, this::list),
                gate.route("GET", one, AdminRule.READ, this::get),
                gate.route("DELETE", one, AdminRule.WRITE, this::unbind));
    }

    Response list(AdminRequest request) {
        Integer asked = request.queryInteger("limit");
        List<Map.Entry<SessionKey, Binding>> found =
                memory.sessions(request.queryId("key_id"), asked == null ? MOST : asked);
        ObjectNode body = AdminJson.object();
        ArrayNode items = body.putArray("items");
        found.forEach(entry -> items.add(view(entry.getKey(), entry.getValue())));
        return Response.json(200, body.put("total", memory.sessionCount()).toString());
    }

    Response get(AdminRequest request) {
        SessionKey session = session(request);
        Binding binding = memory.binding(session);
        if (binding == null) {
            throw notFound(session);
        }
        return Response.json(200, view(session, binding).toString());
    }

    Response unbind(AdminRequest request) {
        SessionKey session = session(request);
        if (!memory.unbind(session)) {
            throw notFound(session);
        }
        return Response.empty(204);
    }

    private static AdminException notFound(SessionKey session) {
        return AdminException.notFound("Session not found: " + session.session());
    }

    private static SessionKey session(AdminRequest request) {
        return new SessionKey(UUID.fromString(request.path("key_id")), request.path("session"));
    }

    private ObjectNode view(SessionKey session, Binding binding) {
        ObjectNode view =
                AdminJson.object()
                        .put("key_id", session.keyId().toString())
                        .put("session", session.session());
        ArrayNode places = view.putArray("places");
        for (Binding.Place place : binding.places()) {
            UUID upstream = place.target().upstreamId();
            places.addObject()
                    .put("model", place.model())
                    .put("upstream_id", upstream.toString())
                    .put(
                            "upstream",
                            catalogs.current().upstream(upstream).map(Upstream::name).orElse(null))
                    .put("upstream_model", place.target().model());
        }
        return view.put("created_at", binding.since().toString())
                .put("last_used_at", binding.lastUsed().toString());
    }
}
