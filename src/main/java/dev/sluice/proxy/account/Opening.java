package dev.sluice.proxy.account;

import java.util.List;
import java.util.UUID;

/**
 * A call that is about to reach an upstream while something is reserved for it. If the gateway dies
 * before the call's record is written, this is what its {@code interrupted} record and its charge
 * are made of.
 *
 * @param record the call as far as it is known, ending {@code INTERRUPTED}
 * @param reservations what is reserved, by scope
 */
public record Opening(RequestRecord record, List<Reservation> reservations) {

    /**
     * @param scope such as {@code key}, {@code organization}
     * @param kind such as {@code requests}, {@code tokens}, {@code money} (nano-units)
     */
    public record Reservation(String scope, UUID scopeId, String kind, long amount) {}

    public Opening {
        reservations = List.copyOf(reservations);
    }
}
