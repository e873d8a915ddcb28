package dev.sluice.admin;

import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import dev.sluice.store.DatabaseUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns failures into answers of the control plane: {@code error} for programs that know OpenAI's
 * shape, {@code detail} for those that know FastAPI's, an object, or an array for 422.
 */
public final class AdminErrors {
    private static final Logger LOG = LoggerFactory.getLogger(AdminErrors.class);

    private AdminErrors() {}

    public static Response response(Throwable failure) {
        return switch (failure) {
            case AdminException refused -> refused(refused);
            case HttpFailure http ->
                    refused(
                            new AdminException(
                                    http.status(), http.code(), String.valueOf(http.getMessage())));
            case DatabaseUnavailable away -> {
                LOG.warn("the control plane cannot use the database: {}", away.getMessage());
                yield refused(
                                new AdminException(
                                        503,
                                        "database_unavailable",
                                        "The database cannot be used at the moment; try again later"))
                        .with("retry-after", "5");
            }
            default -> {
                LOG.error("an operation of the control plane failed", failure);
                yield refused(
                        new AdminException(
                                500,
                                "internal_error",
                                "The gateway failed; its log says more under this x-request-id"));
            }
        };
    }

    private static Response refused(AdminException refused) {
        ObjectNode body = AdminJson.object();
        body.putObject("error")
                .put("message", refused.getMessage())
                .put("type", type(refused.status()))
                .put("code", refused.code())
                .put("param", refused.param());
        if (refused.problems().isEmpty()) {
            body.putObject("detail")
                    .put("error", refused.code())
                    .put("message", refused.getMessage());
        } else {
            refused.problems().forEach(problem -> describe(problem, body.withArray("detail")));
        }
        return Response.json(refused.status(), body.toString());
    }

    private static void describe(AdminException.FieldProblem problem, ArrayNode details) {
        ObjectNode detail = details.addObject().put("type", problem.type());
        detail.set("loc", AdminJson.MAPPER.valueToTree(problem.place()));
        detail.put("msg", problem.message());
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }
}
