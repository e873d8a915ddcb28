package dev.sluice.admin.apikey;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code api_keys}.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param digest in hex; null for an imported key whose text has not been seen yet
 * @param permissions wire names, separated by spaces
 * @param allUpstreams whether no row of {@code api_key_upstreams} is asked
 */
public record ApiKeyRow(
        UUID id,
        String name,
        @Nullable String description,
        String prefix,
        @Nullable String digest,
        String permissions,
        boolean allUpstreams,
        boolean isActive,
        @Nullable Instant expiresAt,
        @Nullable String defaultModel,
        @Nullable String sourceLabel,
        @Nullable UUID userId,
        @Nullable UUID organizationId,
        boolean weak,
        Instant createdAt,
        Instant updatedAt) {}
