package dev.sluice.catalog;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key that was handed out, without its text.
 *
 * @param prefix its first characters, by which people recognise it
 * @param upstreamIds the upstreams it may use; null means all
 * @param defaultModel the model of a call that names none
 * @param sourceLabel where its calls are said to come from, in records
 * @param weak given by an operator instead of generated; its lookups are throttled
 * @param rules what narrows it further
 * @param retiring the value that it had before it was rotated; null without one
 */
public record ApiKey(
        UUID id,
        String name,
        String prefix,
        KeyDigest digest,
        Set<Permission> permissions,
        @Nullable Set<UUID> upstreamIds,
        boolean active,
        @Nullable Instant expiresAt,
        @Nullable String defaultModel,
        @Nullable String sourceLabel,
        @Nullable UUID userId,
        @Nullable UUID organizationId,
        boolean weak,
        KeyRules rules,
        @Nullable RetiringKey retiring) {

    /** A key that nothing narrows further. */
    public ApiKey(
            UUID id,
            String name,
            String prefix,
            KeyDigest digest,
            Set<Permission> permissions,
            @Nullable Set<UUID> upstreamIds,
            boolean active,
            @Nullable Instant expiresAt,
            @Nullable String defaultModel,
            @Nullable String sourceLabel,
            @Nullable UUID userId,
            @Nullable UUID organizationId,
            boolean weak) {
        this(
                id,
                name,
                prefix,
                digest,
                permissions,
                upstreamIds,
                active,
                expiresAt,
                defaultModel,
                sourceLabel,
                userId,
                organizationId,
                weak,
                KeyRules.NONE,
                null);
    }

    public ApiKey {
        permissions = Set.copyOf(permissions);
        upstreamIds = upstreamIds == null ? null : Set.copyOf(upstreamIds);
    }

    /** {@return whether the value of that digest opens this key at that moment} */
    public boolean answersTo(KeyDigest value, Instant now) {
        return digest.equals(value)
                || (retiring != null
                        && retiring.digest().equals(value)
                        && now.isBefore(retiring.until()));
    }

    /** {@return whether the value of that digest may be guessable} */
    public boolean isWeak(KeyDigest value) {
        if (retiring != null && retiring.digest().equals(value)) {
            return retiring.weak();
        }
        return weak;
    }

    public boolean isExpiredAt(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** {@return whether this key may do that; {@code admin} implies all} */
    public boolean may(Permission permission) {
        return permissions.contains(permission) || permissions.contains(Permission.ADMIN);
    }

    public boolean mayUse(Upstream upstream) {
        return upstreamIds == null || upstreamIds.contains(upstream.id());
    }
}
