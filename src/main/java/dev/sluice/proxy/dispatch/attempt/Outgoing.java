package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.http.OutboundRequest;
import dev.sluice.proxy.translate.Translation;
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

    /** {@return scheme, host, port and path: what a record may show} */
    public String target() {
        String authority = request.uri().getRawAuthority();
        return request.uri().getScheme() + "://" + authority + request.uri().getRawPath();
    }
}
