package dev.sluice.admin.apikey;

import dev.sluice.admin.Activation;
import dev.sluice.catalog.Permission;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code api_keys}.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param digest in hex; null for an imported key whose text has not been seen yet
 * @param permissions wire names, separated by spaces
 * @param allUpstreams whether no row of {@code api_key_upstreams} is asked
 * @param disabledBy the rank of who switched it off
 * @param rules JSON as {@link RulesJson} writes it; null for none
 * @param retiringDigest in hex, of the value before the last rotation
 * @param useCount written when records are imported
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
        @Nullable String disabledBy,
        @Nullable Instant expiresAt,
        @Nullable String defaultModel,
        @Nullable String sourceLabel,
        @Nullable String rules,
        @Nullable UUID userId,
        @Nullable UUID organizationId,
        boolean weak,
        @Nullable String retiringDigest,
        @Nullable Instant retiringUntil,
        boolean retiringWeak,
        @Nullable Instant lastUsedAt,
        long useCount,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * What a key is recognised by.
     *
     * @param shown what may be shown of it
     * @param digest in hex
     */
    record Value(String shown, String digest, boolean weak) {}

    /** Whose a key is. */
    record Owner(@Nullable UUID userId, @Nullable UUID organizationId) {}

    static ApiKeyRow fresh(UUID id, Value value, Owner owner, KeySettings settings, Instant now) {
        return new ApiKeyRow(
                id,
                settings.name(),
                settings.description(),
                value.shown(),
                value.digest(),
                names(settings),
                settings.upstreamIds() == null,
                settings.activation().isActive(),
                settings.activation().column(),
                settings.expiresAt(),
                settings.defaultModel(),
                settings.sourceLabel(),
                RulesJson.text(settings.rules()),
                owner.userId(),
                owner.organizationId(),
                value.weak(),
                null,
                null,
                false,
                null,
                0,
                now,
                now);
    }

    ApiKeyRow with(KeySettings settings, Instant now) {
        return new ApiKeyRow(
                id,
                settings.name(),
                settings.description(),
                prefix,
                digest,
                names(settings),
                settings.upstreamIds() == null,
                settings.activation().isActive(),
                settings.activation().column(),
                settings.expiresAt(),
                settings.defaultModel(),
                settings.sourceLabel(),
                RulesJson.text(settings.rules()),
                userId,
                organizationId,
                weak,
                retiringDigest,
                retiringUntil,
                retiringWeak,
                lastUsedAt,
                useCount,
                createdAt,
                now);
    }

    /**
     * {@return this key with another value}
     *
     * @param until how long the value of now opens the key yet; null if no longer
     */
    ApiKeyRow rotated(Value value, @Nullable Instant until, Instant now) {
        return new ApiKeyRow(
                id,
                name,
                description,
                value.shown(),
                value.digest(),
                permissions,
                allUpstreams,
                isActive,
                disabledBy,
                expiresAt,
                defaultModel,
                sourceLabel,
                rules,
                userId,
                organizationId,
                value.weak(),
                until == null ? null : digest,
                until,
                until != null && weak,
                lastUsedAt,
                useCount,
                createdAt,
                now);
    }

    Activation activation() {
        return Activation.stored(isActive, disabledBy);
    }

    private static String names(KeySettings settings) {
        return settings.permissions().stream()
                .sorted()
                .map(Permission::wireName)
                .collect(Collectors.joining(" "));
    }
}
