package dev.sluice.catalog;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user, as far as requests meet one. Passwords are not in the catalog.
 *
 * @param organizationId the organization that the user belongs to; null for users of the gateway as
 *     a whole
 * @param sessionsSince sessions begun before that moment have ended
 */
public record User(
        UUID id,
        String username,
        @Nullable UUID organizationId,
        Role role,
        boolean active,
        Instant sessionsSince) {}
