package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.ErrorKind;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.route.Router;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The models that a key may use, in OpenAI's shape. What an upstream's own entry says beyond that
 * is kept; {@code created} is stable.
 */
public final class ModelList {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final Authenticator authenticator;
    private final Router router;

    public ModelList(Authenticator authenticator, Router router) {
        this.authenticator = authenticator;
        this.router = router;
    }

    public void list(Exchange exchange) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        ObjectNode body = JSON.createObjectNode();
        body.put("object", "list");
        ArrayNode entries = body.putArray("data");
        router.models(key).forEach((id, upstream) -> entries.add(entry(id, upstream)));
        exchange.respond(json(body));
    }

    public void one(Exchange exchange) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        String id = modelId(exchange.pathParameters());
        Upstream upstream = router.models(key).get(id);
        if (upstream == null) {
            throw GatewayException.client(
                    ErrorKind.NOT_FOUND,
                    "model_not_found",
                    "The model '" + id + "' does not exist or this API key may not use it.");
        }
        exchange.respond(json(entry(id, upstream)));
    }

    /** The upstreams that the key may use, by name; nothing of their addresses or credentials. */
    public void upstreams(Exchange exchange) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        ObjectNode body = JSON.createObjectNode();
        ArrayNode entries = body.putArray("upstreams");
        for (Upstream upstream : router.upstreams(key)) {
            entries.addObject()
                    .put("name", upstream.name())
                    .put("provider", upstream.provider())
                    .put("is_default", upstream.isDefault() ? "True" : "False");
        }
        exchange.respond(json(body));
    }

    /** An id may hold slashes, sent raw or percent-encoded. */
    private static String modelId(Map<String, String> parameters) {
        String rest = parameters.getOrDefault("**", "");
        return URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static ObjectNode entry(String id, Upstream upstream) {
        ObjectNode entry = original(id, upstream);
        entry.put("id", id);
        entry.put("object", "model");
        if (!entry.path("created").isNumber()) {
            entry.put("created", 0);
        }
        if (!entry.path("owned_by").isString()) {
            entry.put("owned_by", upstream.provider());
        }
        entry.put("provider", upstream.name());
        return entry;
    }

    private static ObjectNode original(String id, Upstream upstream) {
        String json = upstream.model(id).map(UpstreamModel::json).orElse(null);
        if (json == null) {
            return JSON.createObjectNode();
        }
        try {
            JsonNode tree = JSON.readTree(json);
            return tree instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (JacksonException unreadable) {
            return JSON.createObjectNode();
        }
    }

    private static Response json(ObjectNode body) {
        return new Response(
                200,
                Headers.of("content-type", "application/json"),
                Buffer.buffer(JSON.writeValueAsBytes(body)));
    }
}
