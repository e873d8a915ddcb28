package dev.sluice.catalog.price;

import dev.sluice.catalog.price.Rates.ImageRate;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prices as JSON: as they are shipped, stored and shown. Numbers are written as decimal text, so
 * that no reader rounds them; they are read as either.
 */
public final class PriceJson {
    private static final Set<String> FIELDS =
            Set.of(
                    "model",
                    "models",
                    "provider",
                    "upstream_id",
                    "currency",
                    "input",
                    "cached_input",
                    "cache_write",
                    "cache_write_long",
                    "output",
                    "reasoning",
                    "request",
                    "image",
                    "second",
                    "characters",
                    "images",
                    "long_input",
                    "max_output_tokens",
                    "valid_from",
                    "source");

    private PriceJson() {}

    /**
     * {@return the price in that tree}
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Price read(UUID id, JsonNode tree) {
        JsonNode longInput = tree.path("long_input");
        return new Price(
                id,
                uuid(tree.path("upstream_id")),
                text(tree.path("provider")),
                tree.path("model").asString(""),
                tree.path("currency").asString("USD"),
                rates(tree),
                longInput.isObject()
                        ? new Price.LongInput(
                                longInput.path("more_than").asLong(), rates(longInput))
                        : null,
                tree.path("max_output_tokens").isIntegralNumber()
                        ? tree.path("max_output_tokens").asLong()
                        : null,
                Instant.parse(tree.path("valid_from").asString("1970-01-01T00:00:00Z")),
                tree.path("source").asString("operator"));
    }

    /**
     * {@return the prices of a list} An entry may name several {@code models} of one price. Ids
     * follow from what an entry names, so that reading the list again finds the same prices.
     *
     * @throws IllegalArgumentException saying what is wrong with which
     */
    public static List<Price> readAll(JsonNode list) {
        List<Price> prices = new ArrayList<>();
        for (JsonNode entry : list) {
            JsonNode models = entry.path("models");
            if (models.isArray()) {
                models.forEach(model -> prices.add(readOne(entry, model.asString(""))));
            } else {
                prices.add(readOne(entry, entry.path("model").asString("")));
            }
        }
        return List.copyOf(prices);
    }

    private static Price readOne(JsonNode entry, String model) {
        if (!(entry instanceof ObjectNode object)) {
            throw new IllegalArgumentException("a price is an object");
        }
        object.propertyNames().stream()
                .filter(field -> !FIELDS.contains(field))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new IllegalArgumentException("a price has no '" + unknown + "'");
                });
        String name =
                entry.path("provider").asString("")
                        + "/"
                        + model
                        + "@"
                        + entry.path("valid_from").asString("");
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        try {
            return read(id, object.deepCopy().put("model", model));
        } catch (IllegalArgumentException | DateTimeException wrong) {
            throw new IllegalArgumentException(
                    "the price of '" + model + "' cannot be used: " + wrong.getMessage(), wrong);
        }
    }

    private static Rates rates(JsonNode tree) {
        return new Rates(
                required(tree, "input"),
                amount(tree, "cached_input"),
                amount(tree, "cache_write"),
                amount(tree, "cache_write_long"),
                required(tree, "output"),
                amount(tree, "reasoning"),
                amount(tree, "request"),
                amount(tree, "image"),
                amount(tree, "second"),
                amount(tree, "characters"),
                images(tree.path("images")));
    }

    private static List<ImageRate> images(JsonNode list) {
        List<ImageRate> rates = new ArrayList<>();
        for (JsonNode one : list) {
            rates.add(
                    new ImageRate(
                            text(one.path("size")),
                            text(one.path("quality")),
                            required(one, "price")));
        }
        return rates;
    }

    private static BigDecimal required(JsonNode tree, String field) {
        BigDecimal amount = amount(tree, field);
        if (amount == null) {
            throw new IllegalArgumentException("a price needs '" + field + "'");
        }
        return amount;
    }

    private static @Nullable BigDecimal amount(JsonNode tree, String field) {
        JsonNode node = tree.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        try {
            BigDecimal amount =
                    node.isString() ? new BigDecimal(node.stringValue()) : node.decimalValue();
            var _ = Money.nanos(amount);
            return amount;
        } catch (RuntimeException notANumber) {
            throw new IllegalArgumentException(
                    "'" + field + "' must be an amount of money from 0 with at most nine decimals",
                    notANumber);
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable UUID uuid(JsonNode node) {
        return node.isString() ? UUID.fromString(node.stringValue()) : null;
    }

    public static ObjectNode write(Price price) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("upstream_id", price.upstreamId() == null ? null : price.upstreamId().toString());
        tree.put("provider", price.provider());
        tree.put("model", price.model());
        tree.put("currency", price.currency());
        write(tree, price.rates());
        if (price.longInput() == null) {
            tree.putNull("long_input");
        } else {
            ObjectNode longInput = tree.putObject("long_input");
            longInput.put("more_than", price.longInput().moreThan());
            write(longInput, price.longInput().rates());
        }
        tree.put("max_output_tokens", price.maxOutputTokens());
        tree.put("valid_from", price.validFrom().toString());
        tree.put("source", price.source());
        return tree;
    }

    private static void write(ObjectNode tree, Rates rates) {
        put(tree, "input", rates.input());
        put(tree, "cached_input", rates.cachedInput());
        put(tree, "cache_write", rates.cacheWrite());
        put(tree, "cache_write_long", rates.cacheWriteLong());
        put(tree, "output", rates.output());
        put(tree, "reasoning", rates.reasoning());
        put(tree, "request", rates.request());
        put(tree, "image", rates.image());
        put(tree, "second", rates.second());
        put(tree, "characters", rates.characters());
        ArrayNode images = tree.putArray("images");
        for (ImageRate rate : rates.images()) {
            put(
                    images.addObject().put("size", rate.size()).put("quality", rate.quality()),
                    "price",
                    rate.price());
        }
    }

    private static void put(ObjectNode tree, String field, @Nullable BigDecimal amount) {
        tree.put(field, amount == null ? null : amount.toPlainString());
    }
}
