package dev.sluice.proxy.authenticate;

import dev.sluice.proxy.GatewayException;

/**
 * Keys of which nothing but a slow hash is known, because they were imported. The first request
 * that brings such a value has it checked, away from the event loop; from then on the key is like
 * all others.
 */
public interface UnseenKeys {
    /** There are none. */
    UnseenKeys NONE =
            new UnseenKeys() {
                @Override
                public boolean isEmpty() {
                    return true;
                }

                @Override
                public boolean mayHold(String value) {
                    return false;
                }

                @Override
                public void check(String value, String address) {}
            };

    /** {@return whether there is none left} */
    boolean isEmpty();

    /** {@return whether that could be one of their values} Asked on a call's way: from memory. */
    boolean mayHold(String value);

    /**
     * Checks the value, which may block. Afterwards the catalog knows the key, if it was one.
     *
     * @param address of the client, who may not have many values checked
     * @throws GatewayException 503 when too many are being checked, so that this one is not
     */
    void check(String value, String address);
}
