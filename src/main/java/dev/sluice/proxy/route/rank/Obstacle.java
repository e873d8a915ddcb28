package dev.sluice.proxy.route.rank;

import java.util.Locale;

/** Why a place is tried only when there is no better one. */
public enum Obstacle {
    /** It has failed so often that calls are kept from it. */
    BREAKER_OPEN,
    /** Each of its keys was refused or limited a moment ago. */
    KEYS_REST,
    /** Its last health check failed. */
    UNHEALTHY,
    /** It has as many calls as it may have. */
    FULL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
