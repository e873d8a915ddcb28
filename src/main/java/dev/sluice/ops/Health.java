package dev.sluice.ops;

import dev.sluice.http.Exchange;
import dev.sluice.http.Response;
import java.time.Clock;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Liveness: it answers as long as the process does, whatever else is down. */
public final class Health {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String version;
    private final Clock clock;
    private final Supplier<Set<String>> providers;

    /**
     * The providers are the kinds of upstream that are configured; nothing else of them is shown.
     */
    public Health(String version, Clock clock, Supplier<Set<String>> providers) {
        this.version = version;
        this.clock = clock;
        this.providers = providers;
    }

    public void health(Exchange exchange) {
        ObjectNode body =
                JSON.createObjectNode()
                        .put("status", "healthy")
                        .put("ok", true)
                        .put("name", "sluice")
                        .put("version", version)
                        .put("timestamp", clock.instant().toString());
        exchange.respond(Response.json(200, body.toString()));
    }

    /** Exactly {@code {"status":"ok"}}, for clients that compare the whole body. */
    public void terse(Exchange exchange) {
        exchange.respond(Response.json(200, "{\"status\":\"ok\"}"));
    }

    /** What this is and where its documentation stands. */
    public void root(Exchange exchange) {
        ObjectNode body =
                JSON.createObjectNode()
                        .put("name", "sluice")
                        .put("project", "sluice")
                        .put("version", version)
                        .put("status", "running")
                        .put("time", clock.instant().toString())
                        .put("docs_url", "/docs")
                        .put("health_url", "/health");
        ArrayNode kinds = body.putArray("providers");
        providers.get().stream().sorted().forEach(kinds::add);
        exchange.respond(Response.json(200, body.toString()));
    }
}
