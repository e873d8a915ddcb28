package dev.sluice.proxy.authenticate;

import dev.sluice.catalog.ApiKey;

/** Who asks. */
public sealed interface Caller {

    /** The holder of a key that was handed out. */
    record KeyHolder(ApiKey key) implements Caller {}

    /** The operator, by the administration token. */
    record Operator() implements Caller {}
}
