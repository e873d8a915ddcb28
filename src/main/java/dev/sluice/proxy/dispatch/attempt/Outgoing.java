package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.UpstreamError;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.proxy.translate.Translation;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to one upstream, ready to be sent.
 *
 * @param key the credential it carries, or null for an upstream without any
 * @param translation what its answer goes through on the way to the client
 * @param warnings what the client is told of what this upstream was not told
 */
public record Outgoing(
        OutboundRequest request,
        @Nullable UpstreamKey key,
        Translation translation,
        List<String> warnings) {
    public Outgoing {
        warnings = List.copyOf(warnings);
    }

    /**
     * {@return this without what the upstream refused with that error and can do without; null
     * where there is nothing of the kind}
     */
    public @Nullable Outgoing mended(UpstreamError refusal) {
        if (request.bodyStream() != null) {
            return null;
        }
        byte[] body = translation.upstream().mended(request.body().getBytes(), refusal);
        if (body == null) {
            return null;
        }
        List<String> more = new ArrayList<>(warnings);
        more.add("dropped:reasoning");
        return new Outgoing(request.saying(Buffer.buffer(body)), key, translation, more);
    }

    /** {@return scheme, host, port and path: what a record may show} */
    public String target() {
        String authority = request.uri().getRawAuthority();
        return request.uri().getScheme() + "://" + authority + request.uri().getRawPath();
    }
}
