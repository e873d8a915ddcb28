package dev.sluice.simulator.delivery;

import dev.sluice.http.Exchange;
import dev.sluice.simulator.endpoint.Refusal;

/** Who is let in to a path. */
@FunctionalInterface
public interface Entrance {
    /** Everybody. */
    Entrance OPEN = (_, _) -> {};

    /**
     * Looks at a request's credential.
     *
     * @throws Refusal if it has none that counts
     */
    void check(Exchange exchange, byte[] body) throws Refusal;
}
