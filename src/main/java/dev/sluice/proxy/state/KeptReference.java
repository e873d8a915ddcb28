package dev.sluice.proxy.state;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that an upstream keeps, and whose it is.
 *
 * @param kind a name of {@link dev.sluice.dialect.peek.UpstreamReference.Kind}
 * @param keyId of the API key whose call made it
 * @param userId the key's user, whose other keys may use it as well; null for none
 * @param keeper where it lives
 */
public record KeptReference(
        String id, String kind, UUID keyId, @Nullable UUID userId, Keeper keeper, Instant madeAt) {}
