package dev.sluice.proxy.route;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.proxy.InboundRequest;
import java.util.Optional;

/** In which of its protocols an upstream is called. */
@FunctionalInterface
public interface ProtocolChoice {
    /** One loss that makes an answer wrong weighs more than any number that weaken it. */
    int WRONG = 1000;

    /**
     * {@return the client's own protocol where the upstream speaks it, else the one that loses
     * least; empty if there is none}
     *
     * @param model as the upstream spells it
     */
    Optional<Chosen> choose(InboundRequest request, Upstream upstream, String model);

    /**
     * @param losses how much of the request cannot be told in it; 0 for nothing
     */
    record Chosen(Protocol protocol, int losses) {
        /** {@return whether the answer would be wrong for want of what cannot be told} */
        public boolean isLossy() {
            return losses >= WRONG;
        }
    }
}
