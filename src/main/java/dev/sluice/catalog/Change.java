package dev.sluice.catalog;

import java.util.UUID;

/** A change of the configuration. Each is idempotent: applying it twice is applying it once. */
public sealed interface Change {
    record KeyPut(ApiKey key) implements Change {}

    record KeyRemoved(UUID id) implements Change {}

    record UpstreamPut(Upstream upstream) implements Change {}

    record UpstreamRemoved(UUID id) implements Change {}

    record LogicalModelPut(LogicalModel model) implements Change {}

    record LogicalModelRemoved(String id) implements Change {}
}
