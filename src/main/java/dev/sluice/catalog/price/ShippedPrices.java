package dev.sluice.catalog.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The public list prices that come with the gateway, as data with dates and sources in {@code
 * prices.json}. An operator's own price stands before them.
 */
public final class ShippedPrices {
    private ShippedPrices() {}

    /** {@return all of them} Read from the class path each time: keep the result. */
    public static List<Price> all() {
        try (InputStream file = ShippedPrices.class.getResourceAsStream("/prices.json")) {
            if (file == null) {
                throw new IllegalStateException("prices.json is not on the class path");
            }
            return PriceJson.readAll(JsonMapper.shared().readTree(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("prices.json cannot be read", unreadable);
        }
    }
}
