package dev.sluice.admin.user;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.catalog.Role;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who may do what to which user. Nobody gives away more than is theirs. */
final class UserRules {
    /** What people may change of themselves; a password changes by {@code /auth/password}. */
    private static final Set<String> OWN = Set.of("email", "display_name");

    private UserRules() {}

    /**
     * {@return the organization of a new user}
     *
     * @param asked null where the body names none
     */
    static @Nullable UUID organizationOfNew(Actor actor, @Nullable UUID asked) {
        UUID organization = asked == null ? actor.organizationId() : asked;
        if (!actor.manages(organization)) {
            throw actor.role().isManaging()
                    ? AdminException.notFound("Organization not found: " + organization)
                    : forbidden("Only owners and admins may do that");
        }
        return organization;
    }

    static void requireVisible(Actor actor, UserRow user) {
        boolean own = user.id().equals(actor.id());
        if (!own && !actor.sees(user.organizationId(), user.id())) {
            throw notFound(user.id());
        }
    }

    /** Requires that the actor may make that change of that user. */
    static void requireChangeable(Actor actor, UserRow before, JsonNode body) {
        requireVisible(actor, before);
        boolean manages = actor.manages(before.organizationId());
        boolean own = before.id().equals(actor.id());
        if (!manages && !own) {
            throw forbidden("Only owners and admins may change other users");
        }
        if (own) {
            body.propertyNames().stream()
                    .filter(field -> !OWN.contains(field))
                    .findFirst()
                    .ifPresent(UserRules::refuseOwn);
        } else {
            requireOwner(actor, before.known());
        }
    }

    private static void refuseOwn(String field) {
        throw new AdminException(
                403,
                "forbidden",
                field.equals("password")
                        ? "Change your own password by POST /auth/password"
                        : "Nobody changes the field '" + field + "' of themselves");
    }

    /** Requires that the actor may give the user what it is to have. */
    static void requireGivable(Actor actor, UserSettings before, UserSettings after) {
        if (before.role() != after.role()) {
            requireOwner(actor, after.role());
        }
        if (!Objects.equals(before.organizationId(), after.organizationId())
                && !actor.manages(after.organizationId())) {
            throw AdminException.notFound("Organization not found: " + after.organizationId());
        }
    }

    /** Only owners make, change and unmake owners. */
    static void requireOwner(Actor actor, Role role) {
        if (role == Role.OWNER && actor.role() != Role.OWNER) {
            throw forbidden("Only an owner may do that to an owner");
        }
    }

    static AdminException notFound(UUID id) {
        return AdminException.notFound("User not found: " + id);
    }

    static AdminException forbidden(String message) {
        return new AdminException(403, "forbidden", message);
    }
}
