package dev.sluice.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a user may do in the control plane: in the whole gateway, or in the organization that the
 * user belongs to.
 */
public enum Role {
    /** Everything, owners included. */
    OWNER,
    /** Everything but owners. */
    ADMIN,
    /** The own keys and their use. */
    MEMBER,
    /** Looks, and changes nothing. */
    VIEWER;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether this role manages others} */
    public boolean isManaging() {
        return this == OWNER || this == ADMIN;
    }

    public static Optional<Role> named(String wireName) {
        return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
    }
}
