package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.util.List;

/** {@code /admin/models}. */
public final class LogicalModelResource {
    private final LogicalModels models;

    public LogicalModelResource(LogicalModels models) {
        this.models = models;
    }

    public List<Route> routes(AdminGate gate) {
        String all = "/admin/models";
        String one = "/admin/models/{id}";
        return List.of(
                gate.route("POST", all, AdminRule.WRITE, this::create),
                gate.route("GET", all, AdminRule.READ, this::list),
                gate.route("GET", one, AdminRule.READ, this::get),
                gate.route("PUT", one, AdminRule.WRITE, this::update),
                gate.route("DELETE", one, AdminRule.WRITE, this::delete));
    }

    Response create(AdminRequest request) {
        return Response.json(201, models.create(request.body()).view().toString());
    }

    Response list(AdminRequest request) {
        return models.list(request).response(StoredLogicalModel::view);
    }

    Response get(AdminRequest request) {
        return Response.json(200, models.get(request.path("id")).view().toString());
    }

    Response update(AdminRequest request) {
        return Response.json(
                200, models.update(request.path("id"), request.body()).view().toString());
    }

    Response delete(AdminRequest request) {
        models.delete(request.path("id"));
        return Response.empty(204);
    }
}
