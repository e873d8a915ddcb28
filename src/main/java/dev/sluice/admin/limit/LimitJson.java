package dev.sluice.admin.limit;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.price.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Limits as clients write and see them. Money is decimal text, so that no reader rounds it. */
public final class LimitJson {
    private LimitJson() {}

    /**
     * {@return the limits of an array}
     *
     * @throws AdminException 422 where one is out of reason, or two count the same
     */
    public static List<Limit> read(String field, JsonNode array) {
        List<Limit> limits = new ArrayList<>();
        for (JsonNode one : array) {
            limits.add(readOne(field, one));
        }
        try {
            return Limit.distinct(limits);
        } catch (IllegalArgumentException twice) {
            throw invalid(field, twice.getMessage());
        }
    }

    private static Limit readOne(String field, JsonNode one) {
        Measure measure = Measure.named(one.path("kind").asString("")).orElseThrow();
        Period period = Period.named(one.path("period").asString("")).orElse(null);
        try {
            return new Limit(
                    measure,
                    period,
                    amount(measure, one.path("amount")),
                    ZoneId.of(one.path("zone").asString("UTC")));
        } catch (DateTimeException unknownZone) {
            throw invalid(field, "names a time zone that does not exist, such as Europe/Berlin");
        } catch (IllegalArgumentException outOfReason) {
            throw invalid(field, outOfReason.getMessage());
        }
    }

    /**
     * {@return an amount, exactly}
     *
     * @throws IllegalArgumentException where it is none, or too large to be held exactly
     */
    static long amount(Measure measure, JsonNode node) {
        if (measure == Measure.MONEY) {
            return Money.nanos(decimal(node));
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new IllegalArgumentException(
                    "an amount of "
                            + measure.wireName()
                            + " is a whole number up to "
                            + Limit.MOST);
        }
        return node.longValue();
    }

    private static BigDecimal decimal(JsonNode node) {
        try {
            return node.isString() ? new BigDecimal(node.stringValue()) : node.decimalValue();
        } catch (RuntimeException notANumber) {
            throw new IllegalArgumentException(
                    "an amount of money is a decimal number such as 12.50", notANumber);
        }
    }

    private static AdminException invalid(String field, @Nullable String message) {
        return AdminException.invalidField(field, "value_error", String.valueOf(message));
    }

    public static ArrayNode write(List<Limit> limits) {
        ArrayNode array = AdminJson.MAPPER.createArrayNode();
        limits.forEach(limit -> write(limit, array.addObject()));
        return array;
    }

    static void write(Limit limit, ObjectNode tree) {
        tree.put("kind", limit.measure().wireName());
        tree.put("period", limit.period() == null ? null : limit.period().wireName());
        put(tree, "amount", limit, limit.amount());
        tree.put("zone", limit.isBudget() ? limit.zone().getId() : null);
    }

    /** Puts an amount of that limit's measure: money as text, counts as numbers. */
    static void put(ObjectNode tree, String field, Limit limit, long amount) {
        if (limit.measure() == Measure.MONEY) {
            tree.put(field, Money.text(amount));
        } else {
            tree.put(field, amount);
        }
    }
}
