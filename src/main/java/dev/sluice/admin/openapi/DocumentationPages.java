package dev.sluice.admin.openapi;

import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.http.Rule;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Serves the description at {@code /openapi.json}, and Swagger UI and ReDoc showing it. All of it
 * comes from the jar: a gateway without the Internet has its documentation.
 */
public final class DocumentationPages {
    private static final String SWAGGER = "/META-INF/resources/webjars/swagger-ui/5.32.6/";
    private static final String REDOC = "/META-INF/resources/webjars/redoc/2.5.1/";
    private static final String CACHED = "public, max-age=3600";

    private static final Map<String, String> SCRIPTS =
            Map.of(
                    "/docs/swagger-ui.css", SWAGGER + "swagger-ui.css",
                    "/docs/swagger-ui-bundle.js", SWAGGER + "swagger-ui-bundle.js",
                    "/docs/favicon-32x32.png", SWAGGER + "favicon-32x32.png",
                    "/redoc/redoc.standalone.js", REDOC + "redoc.standalone.js");

    private final OpenApi description;

    public DocumentationPages(OpenApi description) {
        this.description = description;
    }

    /**
     * @param open the rule of routes that anyone may use
     */
    public List<Route> routes(Rule open) {
        List<Route> routes = new ArrayList<>();
        routes.add(later("/openapi.json", open, () -> Response.json(200, description.json())));
        routes.add(route("/docs", open, page("swagger.html")));
        routes.add(
                route("/docs/swagger-start.js", open, script("/openapi/pages/swagger-start.js")));
        routes.add(route("/redoc", open, page("redoc.html")));
        SCRIPTS.forEach((path, resource) -> routes.add(later(path, open, () -> script(resource))));
        return List.copyOf(routes);
    }

    private static Route route(String path, Rule open, Response response) {
        return new Route(
                "GET",
                path,
                open,
                exchange -> {
                    var _ = exchange.respond(response);
                });
    }

    /** What is large is read when somebody asks. */
    private static Route later(String path, Rule open, Callable<Response> page) {
        return new Route(
                "GET",
                path,
                open,
                exchange -> {
                    var _ = exchange.onVirtualThread(page).compose(exchange::respond);
                });
    }

    private static Response page(String name) {
        return new Response(
                200,
                Headers.of(
                        "content-type",
                        "text/html; charset=utf-8",
                        "x-content-type-options",
                        "nosniff",
                        "x-frame-options",
                        "DENY"),
                resource("/openapi/pages/" + name));
    }

    private static Response script(String resource) {
        return new Response(
                200,
                Headers.of("content-type", mediaType(resource), "cache-control", CACHED),
                resource(resource));
    }

    private static String mediaType(String resource) {
        if (resource.endsWith(".css")) {
            return "text/css; charset=utf-8";
        }
        return resource.endsWith(".png") ? "image/png" : "text/javascript; charset=utf-8";
    }

    private static Buffer resource(String name) {
        try (InputStream in = DocumentationPages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + name);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
