package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Permission;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.route.memory.SessionKey;
import dev.sluice.proxy.transcript.Transcripts;
import io.vertx.core.buffer.Buffer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /context/{session}}: the last calls of one of the key's own sessions, newest first
 * (seed-contract-b §1.3). Each is JSON text within the JSON, as clients of it expect.
 */
public final class ContextPage {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final Authenticator authenticator;
    private final Transcripts transcripts;

    public ContextPage(Authenticator authenticator, Transcripts transcripts) {
        this.authenticator = authenticator;
        this.transcripts = transcripts;
    }

    public void show(Exchange exchange) {
        ApiKey key = authenticator.authenticate(exchange, Permission.READ);
        String session = exchange.pathParameters().getOrDefault("session", "");
        ObjectNode body = JSON.createObjectNode().put("session_id", session);
        ArrayNode history = body.putArray("history");
        for (Transcripts.Said said : transcripts.of(new SessionKey(key.id(), session))) {
            history.add(
                    JSON.createObjectNode()
                            .put("request", said.request())
                            .put("response", said.answer())
                            .toString());
        }
        exchange.respond(
                new Response(
                        200,
                        Headers.of("content-type", "application/json"),
                        Buffer.buffer(JSON.writeValueAsBytes(body))));
    }
}
