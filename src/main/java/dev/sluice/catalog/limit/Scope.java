package dev.sluice.catalog.limit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** For whom a limit holds. A call must fit all limits of all its scopes. */
public enum Scope {
    /** All calls together. */
    GLOBAL,
    ORGANIZATION,
    USER,
    KEY,
    /** All calls that one upstream serves. */
    UPSTREAM,
    /** All calls of one model, by the id under which upstreams know it. */
    MODEL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Scope> named(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName().equals(wireName))
                .findFirst();
    }
}
