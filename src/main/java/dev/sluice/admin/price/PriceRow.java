package dev.sluice.admin.price;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceJson;
import java.time.Instant;
import java.util.UUID;

/**
 * A row of {@code prices}.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param body the price as JSON
 */
public record PriceRow(UUID id, String body, Instant createdAt, Instant updatedAt) {

    Price price() {
        return PriceJson.read(id, AdminJson.tree(body));
    }
}
