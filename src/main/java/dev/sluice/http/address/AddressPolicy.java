package dev.sluice.http.address;

/**
 * Which resolved addresses a call may connect to; checked at connect time on the address itself,
 * never on the name.
 */
public enum AddressPolicy {
    /**
     * An operator's upstream: loopback and private networks too, but not link-local, metadata,
     * unspecified or multicast.
     */
    OPERATOR,
    /** An operator's upstream where a setting allows everything. */
    ANYTHING,
    /** A URL that a client or an organization gave: public unicast addresses only. */
    PUBLIC
}
