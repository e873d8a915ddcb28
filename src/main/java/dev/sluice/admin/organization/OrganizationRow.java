package dev.sluice.admin.organization;

import dev.sluice.admin.Activation;
import dev.sluice.catalog.Organization;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code organizations}.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param disabledBy the rank of who switched it off
 */
public record OrganizationRow(
        UUID id,
        String name,
        @Nullable String description,
        boolean isActive,
        @Nullable String disabledBy,
        Instant createdAt,
        Instant updatedAt) {

    Activation activation() {
        return Activation.stored(isActive, disabledBy);
    }

    OrganizationRow with(
            String named, @Nullable String described, Activation activation, Instant now) {
        return new OrganizationRow(
                id, named, described, activation.isActive(), activation.column(), createdAt, now);
    }

    Organization inCatalog() {
        return new Organization(id, name, isActive);
    }
}
