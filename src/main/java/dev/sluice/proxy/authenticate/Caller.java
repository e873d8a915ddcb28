package dev.sluice.proxy.authenticate;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.User;
import java.util.UUID;

/** Who asks. */
public sealed interface Caller {

    /** The holder of a key that was handed out. */
    record KeyHolder(ApiKey key) implements Caller {}

    /** Somebody who signed in. */
    record SignedIn(User user, UUID session) implements Caller {}

    /** The operator, by the administration token. */
    record Operator() implements Caller {}
}
