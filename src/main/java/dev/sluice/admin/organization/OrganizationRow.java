package dev.sluice.admin.organization;

import dev.sluice.catalog.Organization;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code organizations}.
 *
 * <p>Public, because JDBI binds only what it can see.
 */
public record OrganizationRow(
        UUID id,
        String name,
        @Nullable String description,
        boolean isActive,
        Instant createdAt,
        Instant updatedAt) {

    Organization inCatalog() {
        return new Organization(id, name, isActive);
    }
}
