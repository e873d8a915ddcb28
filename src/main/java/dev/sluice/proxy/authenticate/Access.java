package dev.sluice.proxy.authenticate;

import dev.sluice.http.Rule;

/** The rules of the route table: who may use a route. */
public enum Access implements Rule {
    /** Anybody: liveness, documentation, static files. */
    OPEN,
    /** A key that may see models. */
    READ,
    /** A key that may call models. */
    WRITE,
    /**
     * A key; what it needs depends on the proxied path: {@code write} for generation, {@code read}
     * for model lists, else {@code raw}.
     */
    PROXY,
    /** An administrator. */
    ADMIN,
    /** Loopback, or the metrics token. */
    METRICS
}
