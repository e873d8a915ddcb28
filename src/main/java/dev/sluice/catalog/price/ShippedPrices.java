package dev.sluice.catalog.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
            List<Price> prices = new ArrayList<>();
            for (JsonNode entry : JsonMapper.shared().readTree(file)) {
                addAll(prices, entry);
            }
            return List.copyOf(prices);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("prices.json cannot be read", unreadable);
        }
    }

    /** An entry may name several models of one price. */
    private static void addAll(List<Price> prices, JsonNode entry) {
        for (JsonNode model : entry.path("models")) {
            ObjectNode one = ((ObjectNode) entry).deepCopy();
            one.set("model", model);
            String name =
                    entry.path("provider").asString("")
                            + "/"
                            + model.stringValue()
                            + "@"
                            + entry.path("valid_from").asString("");
            prices.add(
                    PriceJson.read(
                            UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), one));
        }
    }
}
