package dev.sluice.proxy.route;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.proxy.InboundRequest;

/**
 * One place where a call may go.
 *
 * @param model the id by which this upstream knows the model
 * @param protocol in which it would be called
 * @param reason why it stands here, compact
 */
public record Candidate(Upstream upstream, String model, Protocol protocol, String reason) {

    /**
     * {@return whether this candidate can do all that is asked} A call in the client's own dialect
     * loses nothing.
     */
    public boolean supports(InboundRequest request) {
        return protocol == request.protocol();
    }
}
