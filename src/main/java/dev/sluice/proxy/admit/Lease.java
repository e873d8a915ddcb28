package dev.sluice.proxy.admit;

import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Opening.Reservation;
import dev.sluice.proxy.route.Candidate;
import java.util.List;

/**
 * What one call holds while it runs. Each attempt takes its share before it starts; settling gives
 * the rest back.
 */
public interface Lease {

    /**
     * {@return what is reserved, to be journalled before an upstream is called; empty when nothing
     * is}
     */
    List<Reservation> reservations();

    /** {@return whether the attempt fits into what is held; one that does not is skipped} */
    boolean takeShareFor(Candidate candidate);

    /**
     * Gives back what was held and books what was used by all attempts together. Harmless when
     * repeated.
     */
    void settle(Usage usage);
}
