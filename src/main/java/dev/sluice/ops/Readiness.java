package dev.sluice.ops;

import dev.sluice.http.Exchange;
import dev.sluice.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether new calls should be sent here. Once a configuration is loaded, a database that is away
 * does not change that; it is only shown.
 */
public final class Readiness {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, Supplier<Part>> parts = new LinkedHashMap<>();
    private final AtomicBoolean draining = new AtomicBoolean();

    /**
     * How a part is.
     *
     * @param needed whether no call can be served while it is not well
     * @param state a word or a sentence, never a secret
     */
    public record Part(boolean well, boolean needed, String state) {}

    /** Adds a part; asked on every request, so it must answer from memory. */
    public Readiness with(String name, Supplier<Part> part) {
        parts.put(name, part);
        return this;
    }

    /** From now on nothing new should come. */
    public void drain() {
        draining.set(true);
    }

    public void ready(Exchange exchange) {
        boolean ready = !draining.get();
        ObjectNode body = JSON.createObjectNode();
        ObjectNode shown = JSON.createObjectNode();
        for (Map.Entry<String, Supplier<Part>> entry : parts.entrySet()) {
            Part part = entry.getValue().get();
            ready &= part.well() || !part.needed();
            shown.putObject(entry.getKey()).put("well", part.well()).put("state", part.state());
        }
        body.put("ready", ready).put("draining", draining.get());
        body.set("parts", shown);
        exchange.respond(Response.json(ready ? 200 : 503, body.toString()));
    }
}
