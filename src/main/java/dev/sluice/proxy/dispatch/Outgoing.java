package dev.sluice.proxy.dispatch;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.http.OutboundRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request to one upstream, ready to be sent.
 *
 * @param key the credential it carries, or null for an upstream without any
 * @param addsUsage whether the gateway asked for a usage chunk that the client did not
 */
public record Outgoing(OutboundRequest request, @Nullable UpstreamKey key, boolean addsUsage) {

    /** {@return scheme, host, port and path: what a record may show} */
    public String target() {
        String authority = request.uri().getRawAuthority();
        return request.uri().getScheme() + "://" + authority + request.uri().getRawPath();
    }
}
