package dev.sluice.admin;

import dev.sluice.catalog.Role;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who asks the control plane for something, and from where.
 *
 * @param id of the key or the user; null for the operator
 * @param name for people: of the key or the user
 * @param organizationId the only organization that the actor sees; null for the whole gateway
 * @param session of a user who signed in
 */
public record Actor(
        Kind kind,
        @Nullable UUID id,
        String name,
        Role role,
        @Nullable UUID organizationId,
        String address,
        @Nullable UUID session) {

    /** Somebody who has no session. */
    public Actor(
            Kind kind,
            @Nullable UUID id,
            String name,
            Role role,
            @Nullable UUID organizationId,
            String address) {
        this(kind, id, name, role, organizationId, address, null);
    }

    /** By what the actor is known. */
    public enum Kind {
        /** The administration token. */
        OPERATOR,
        /** An API key with the permission {@code admin}. */
        KEY,
        USER,
        /** Nobody yet: signing in, and the very first set-up. */
        ANONYMOUS
    }

    public static Actor operator(String address) {
        return new Actor(Kind.OPERATOR, null, "operator", Role.OWNER, null, address);
    }

    public static Actor anonymous(String address) {
        return new Actor(Kind.ANONYMOUS, null, "anonymous", Role.VIEWER, null, address);
    }

    /** {@return how high the actor stands} */
    public Rank rank() {
        return kind == Kind.ANONYMOUS ? Rank.MEMBER : Rank.of(role, organizationId == null);
    }

    /** {@return whether the actor sees the whole gateway} */
    public boolean isGatewayWide() {
        return kind != Kind.ANONYMOUS && organizationId == null && role != Role.MEMBER;
    }

    /** {@return whether the actor manages that organization, or without one the whole gateway} */
    public boolean manages(@Nullable UUID organization) {
        if (kind == Kind.ANONYMOUS || !role.isManaging()) {
            return false;
        }
        return organizationId == null || organizationId.equals(organization);
    }

    /** {@return whether the actor may look at what belongs to that organization or user} */
    public boolean sees(@Nullable UUID organization, @Nullable UUID user) {
        if (kind == Kind.ANONYMOUS) {
            return false;
        }
        if (role == Role.MEMBER) {
            return id != null && id.equals(user);
        }
        return organizationId == null || organizationId.equals(organization);
    }

    /**
     * {@return whether the actor may change what belongs to that organization and user} Members may
     * change what is their own.
     */
    public boolean mayChange(@Nullable UUID organization, @Nullable UUID user) {
        return manages(organization)
                || (kind == Kind.USER && role == Role.MEMBER && id != null && id.equals(user));
    }
}
