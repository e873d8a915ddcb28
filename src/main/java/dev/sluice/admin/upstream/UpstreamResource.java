package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.upstream.probe.UpstreamProbe;
import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** {@code /admin/upstreams}. */
public final class UpstreamResource {
    private final Upstreams upstreams;
    private final UpstreamProbe probe;

    public UpstreamResource(Upstreams upstreams, UpstreamProbe probe) {
        this.upstreams = upstreams;
        this.probe = probe;
    }

    public List<Route> routes(AdminGate gate) {
        String all = "/admin/upstreams";
        String one = "/admin/upstreams/{id}";
        return List.of(
                gate.route("POST", all, AdminRule.WRITE, this::create),
                gate.route("GET", all, AdminRule.READ, this::list),
                gate.route("GET", one, AdminRule.READ, this::get),
                gate.route("PUT", one, AdminRule.WRITE, this::update),
                gate.route("DELETE", one, AdminRule.WRITE, this::delete),
                gate.route("POST", one + "/test", AdminRule.WRITE, this::test));
    }

    Response create(AdminRequest request) {
        return Response.json(201, upstreams.create(request.body()).view().toString());
    }

    Response list(AdminRequest request) {
        return upstreams.list(request).response(StoredUpstream::view);
    }

    Response get(AdminRequest request) {
        return Response.json(200, upstreams.get(request.id()).view().toString());
    }

    Response update(AdminRequest request) {
        return Response.json(200, upstreams.update(request.id(), request.body()).view().toString());
    }

    Response delete(AdminRequest request) {
        upstreams.delete(request.id());
        return Response.empty(204);
    }

    Response test(AdminRequest request) {
        Upstream upstream = upstreams.get(request.id()).inCatalog();
        if (!upstream.speaks(Protocol.OPENAI_CHAT)) {
            throw AdminException.invalidRequest(
                    "Only upstreams that speak openai-chat can be tested");
        }
        return Response.json(200, probe.test(upstream, model(request.body(), upstream)).toString());
    }

    private static String model(JsonNode body, Upstream upstream) {
        JsonNode asked = body.path("model");
        if (asked.isString()) {
            return asked.stringValue();
        }
        if (upstream.defaultModel() != null) {
            return upstream.defaultModel();
        }
        if (!upstream.models().isEmpty()) {
            return upstream.models().getFirst().id();
        }
        throw AdminException.invalidField(
                "model",
                "missing",
                "is missing, and the upstream has neither a default_model nor models");
    }
}
