package dev.sluice.admin.user;

import dev.sluice.admin.Activation;
import dev.sluice.catalog.Role;
import dev.sluice.catalog.User;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code users}.
 *
 * @param username in lower case
 * @param email in lower case
 * @param passwordHash bcrypt
 * @param role its wire name
 * @param disabledBy the rank of who switched the user off
 * @param sessionsSince sessions begun before that moment have ended
 */
public record UserRow(
        UUID id,
        @Nullable UUID organizationId,
        String username,
        String email,
        @Nullable String displayName,
        String passwordHash,
        String role,
        boolean isActive,
        @Nullable String disabledBy,
        Instant sessionsSince,
        @Nullable Instant lastSignInAt,
        Instant createdAt,
        Instant updatedAt) {

    /** {@return the user as requests meet one} */
    public User inCatalog() {
        return new User(id, username, organizationId, known(), isActive, sessionsSince);
    }

    Activation activation() {
        return Activation.stored(isActive, disabledBy);
    }

    /** {@return the role; what this version does not know may only look} */
    public Role known() {
        return Role.named(role).orElse(Role.VIEWER);
    }

    @Override
    public String toString() {
        return "UserRow[" + username + "]";
    }
}
