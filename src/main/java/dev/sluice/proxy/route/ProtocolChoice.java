package dev.sluice.proxy.route;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.proxy.InboundRequest;
import org.jspecify.annotations.Nullable;

/** In which of its protocols an upstream is called. */
@FunctionalInterface
public interface ProtocolChoice {
    /** The client's own or none. */
    ProtocolChoice OWN =
            (client, _, upstream) -> upstream.speaks(client) ? new Chosen(client, 0) : null;

    /**
     * {@return the client's own protocol where the upstream speaks it, else the one that loses
     * least, or null if there is none}
     *
     * @param request null where only the protocol is known
     */
    @Nullable Chosen choose(Protocol client, @Nullable InboundRequest request, Upstream upstream);

    /**
     * @param losses how much of the request cannot be told in it; 0 for nothing
     */
    record Chosen(Protocol protocol, int losses) {}
}
