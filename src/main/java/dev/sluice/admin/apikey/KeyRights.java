package dev.sluice.admin.apikey;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Role;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Who may do what to which key. What belongs to others is not found; a field that is not the
 * caller's to set is refused by its name.
 */
final class KeyRights {
    /** What members may change of their keys; of {@code is_active} only that it is false. */
    private static final Set<String> OWN = Set.of("name", "description", "is_active");

    /** They reach what belongs to the whole gateway. */
    private static final List<Permission> OF_THE_GATEWAY =
            List.of(Permission.RAW, Permission.ADMIN);

    private KeyRights() {}

    static void requireVisible(Actor actor, ApiKeyRow key) {
        if (!actor.sees(key.organizationId(), key.userId())) {
            throw notFound(key.id());
        }
    }

    /** Requires that the actor may revoke, rotate or change that key. */
    static void requireChangeable(Actor actor, ApiKeyRow key) {
        requireVisible(actor, key);
        if (!actor.mayChange(key.organizationId(), key.userId())) {
            throw forbidden("This role may look at API keys, and change none");
        }
        boolean own = actor.id() != null && actor.id().equals(key.userId());
        if (!own && !managesGateway(actor) && isOfTheGateway(key)) {
            throw forbidden("Only who manages the whole gateway changes a key that may do all");
        }
    }

    /** Requires that the actor may make that change of that key. */
    static void requireChange(Actor actor, ApiKeyRow key, JsonNode body) {
        requireChangeable(actor, key);
        if (!actor.manages(key.organizationId())) {
            body.propertyNames().stream()
                    .filter(field -> !OWN.contains(field))
                    .findFirst()
                    .ifPresent(KeyRights::refuse);
            if (body.path("is_active").asBoolean(false) && !key.isActive()) {
                throw forbidden("Only owners and admins switch a key on again");
            }
        }
    }

    /** Requires that the actor may make a key for that owner. */
    static void requireNew(Actor actor, ApiKeyRow.Owner owner, JsonNode body) {
        boolean own =
                actor.kind() == Actor.Kind.USER
                        && actor.role() == Role.MEMBER
                        && Objects.equals(actor.organizationId(), owner.organizationId());
        if (!actor.manages(owner.organizationId()) && !own) {
            throw actor.role().isManaging()
                    ? AdminException.notFound("Organization not found: " + owner.organizationId())
                    : forbidden("This role may look at API keys, and make none");
        }
        if (own && !Objects.equals(actor.id(), owner.userId())) {
            refuse("user_id");
        }
        if (body.path("key").isString() && !managesGateway(actor)) {
            refuse("key");
        }
    }

    /** Requires that the actor may give those permissions. */
    static void requireGivable(Actor actor, Set<Permission> before, Set<Permission> after) {
        if (managesGateway(actor)) {
            return;
        }
        for (Permission permission : OF_THE_GATEWAY) {
            if (after.contains(permission) && !before.contains(permission)) {
                throw new AdminException(
                        403,
                        "forbidden",
                        "Only who manages the whole gateway gives the permission '%s': leave it out of the field 'permissions'"
                                .formatted(permission.wireName()));
            }
        }
    }

    /** {@return the only user whose keys the actor sees; null for no such bound} */
    static @Nullable UUID onlyUser(Actor actor) {
        return actor.role() == Role.MEMBER ? actor.id() : null;
    }

    static AdminException notFound(UUID id) {
        return AdminException.notFound("API key not found: " + id);
    }

    private static boolean managesGateway(Actor actor) {
        return actor.isGatewayWide() && actor.role().isManaging();
    }

    private static boolean isOfTheGateway(ApiKeyRow key) {
        Set<Permission> permissions = new StoredKey(key, null).permissions();
        return OF_THE_GATEWAY.stream().anyMatch(permissions::contains);
    }

    private static void refuse(String field) {
        throw forbidden("The field '" + field + "' is not for this role to set");
    }

    private static AdminException forbidden(String message) {
        return new AdminException(403, "forbidden", message);
    }
}
