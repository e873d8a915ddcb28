package dev.sluice.proxy.listing;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Upstream;
import dev.sluice.chat.ErrorKind;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.route.Router;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The models that a key may use, in the shape of whoever asks. */
public final class ModelList {
    private final Authenticator authenticator;
    private final Router router;
    private final ModelShape openAi = new OpenAiModels();
    private final ModelShape anthropic = new AnthropicModels();
    private final ModelShape gemini = new GeminiModels();

    public ModelList(Authenticator authenticator, Router router) {
        this.authenticator = authenticator;
        this.router = router;
    }

    /** {@code GET /v1/models}: OpenAI's shape; Anthropic's for those who name its version. */
    public void list(Exchange exchange) {
        list(exchange, shape(exchange));
    }

    /** {@code GET /v1/models/{id}}. */
    public void one(Exchange exchange) {
        one(exchange, shape(exchange));
    }

    /** {@code GET /v1beta/models}. */
    public void geminiList(Exchange exchange) {
        list(exchange, gemini);
    }

    /** {@code GET /v1beta/models/{id}}. */
    public void geminiOne(Exchange exchange) {
        one(exchange, gemini);
    }

    private ModelShape shape(Exchange exchange) {
        return exchange.headers().contains("anthropic-version") ? anthropic : openAi;
    }

    private void list(Exchange exchange, ModelShape shape) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        exchange.respond(json(shape.list(router.models(key))));
    }

    private void one(Exchange exchange, ModelShape shape) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        String id = modelId(exchange.pathParameters());
        Upstream upstream = router.models(key).get(id);
        if (upstream == null) {
            throw GatewayException.client(
                    ErrorKind.NOT_FOUND,
                    "model_not_found",
                    "The model '" + id + "' does not exist or this API key may not use it.");
        }
        exchange.respond(json(shape.one(id, upstream)));
    }

    /** The upstreams that the key may use, by name; nothing of their addresses or credentials. */
    public void upstreams(Exchange exchange) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
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

    private static Response json(ObjectNode body) {
        return new Response(
                200,
                Headers.of("content-type", "application/json"),
                Buffer.buffer(JsonMapper.shared().writeValueAsBytes(body)));
    }
}
