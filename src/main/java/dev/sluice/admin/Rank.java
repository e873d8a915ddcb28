package dev.sluice.admin;

import dev.sluice.catalog.Role;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How high somebody stands who changes something, lowest first. What one has switched off, only the
 * same rank or a higher one switches on again.
 */
public enum Rank {
    /** Whoever manages nobody. */
    MEMBER,
    ORGANIZATION_ADMIN,
    ORGANIZATION_OWNER,
    GATEWAY_ADMIN,
    /** The operator, too. */
    GATEWAY_OWNER;

    static Rank of(Role role, boolean isGatewayWide) {
        return switch (role) {
            case OWNER -> isGatewayWide ? GATEWAY_OWNER : ORGANIZATION_OWNER;
            case ADMIN -> isGatewayWide ? GATEWAY_ADMIN : ORGANIZATION_ADMIN;
            case MEMBER, VIEWER -> MEMBER;
        };
    }

    /**
     * {@return the rank in a column; of what was switched off nobody knows by whom, that of those
     * who manage the gateway}
     */
    static Rank stored(@Nullable String wireName) {
        return Arrays.stream(values())
                .filter(rank -> rank.wireName().equals(wireName))
                .findFirst()
                .orElse(GATEWAY_ADMIN);
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the rank in words, for people} */
    String words() {
        return switch (this) {
            case MEMBER -> "a member";
            case ORGANIZATION_ADMIN -> "an admin of the organization";
            case ORGANIZATION_OWNER -> "an owner of the organization";
            case GATEWAY_ADMIN -> "an admin of the gateway";
            case GATEWAY_OWNER -> "an owner of the gateway";
        };
    }
}
