package dev.sluice.proxy.account;

import java.util.Locale;

/** How a call ended. */
public enum Ending {
    COMPLETED,
    FAILED,
    TIMED_OUT,
    CLIENT_LEFT,
    UPSTREAM_BROKE,
    /** The gateway died amid the call; written at the next start. */
    INTERRUPTED,
    /** The gateway said no before asking any upstream. */
    REFUSED;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
