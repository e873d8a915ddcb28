package dev.sluice.proxy.discover;

import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.Protocol;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.proxy.dispatch.attempt.UpstreamClient;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks an upstream for its list of models. */
final class ModelListRequest {
    private ModelListRequest() {}

    /** The key is null for an upstream without keys. */
    static OutboundRequest of(
            Upstream upstream, @Nullable UpstreamKey key, UpstreamClient upstreams) {
        Protocol protocol = upstream.protocols().getFirst();
        Headers headers = upstreams.headers(upstream, key, protocol, Headers.EMPTY, Set.of());
        OutboundRequest request =
                OutboundRequest.whole(
                        "GET",
                        uri(upstream, protocol),
                        headers.with("accept", "application/json"),
                        Buffer.buffer(),
                        upstreams.timeouts(upstream),
                        upstreams.reach());
        return upstreams.authorized(request, key);
    }

    /** Long lists come in pages; the first is asked to be as long as it may. */
    private static URI uri(Upstream upstream, Protocol protocol) {
        URI models = Endpoints.models(upstream);
        return switch (protocol) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> models;
            case ANTHROPIC -> URI.create(models + "?limit=1000");
            case GEMINI -> URI.create(models + "?pageSize=1000");
        };
    }
}
