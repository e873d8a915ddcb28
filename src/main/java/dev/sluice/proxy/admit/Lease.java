package dev.sluice.proxy.admit;

import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Opening.Reservation;
import dev.sluice.proxy.route.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** {@return what the call is charged if the gateway dies before it is settled} */
    Charge worst();

    /** {@return the candidate for whose upstream something is reserved} */
    Candidate reservedFor();

    /**
     * {@return the limit of output to write into the request, because nothing larger fits; null to
     * leave it}
     */
    @Nullable Long maxOutputTokens();

    /** {@return whether the attempt fits into what is held; one that does not is skipped} */
    boolean takeShareFor(Candidate candidate);

    /**
     * {@return whether an attempt beside one that runs fits, and what the slower of them will be
     * charged too}
     */
    boolean takeShareBeside(Candidate candidate, Candidate running);

    /**
     * Notes that an attempt ended without an answer although its request had been sent. Upstreams
     * may bill it: it is charged its estimated input. One that was answered with an error is not.
     */
    void lost(Candidate candidate);

    /**
     * Gives back what was held and books what was used by all attempts together. Harmless when
     * repeated.
     *
     * @param last what the last attempt used
     * @param ending a refused call is booked as nothing
     * @param model the model that is said to have answered, or null
     * @return what the call as a whole is charged
     */
    Charge settle(Usage last, Ending ending, @Nullable String model);
}
