package dev.sluice.proxy.state;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps something: an upstream, and there the account that one of its keys belongs to.
 *
 * @param keyLabel null for an upstream without keys, and where it is not known
 */
public record Keeper(UUID upstreamId, @Nullable String keyLabel) {}
