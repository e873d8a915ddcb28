package dev.sluice.admin.session;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code sessions}.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param kind {@code token} or {@code browser}
 * @param refreshDigest SHA-256 of the one refresh token that is good, in hex; null for browsers
 */
public record SessionRow(
        UUID id,
        UUID userId,
        String kind,
        @Nullable String refreshDigest,
        String clientAddress,
        @Nullable String userAgent,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant endedAt,
        @Nullable String endedWhy) {}
