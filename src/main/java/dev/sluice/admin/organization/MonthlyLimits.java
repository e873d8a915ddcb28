package dev.sluice.admin.organization;

import dev.sluice.admin.AdminException;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.price.Money;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Three limits of an organization by names of their own: what it may use in a month of UTC. Null
 * and 0 mean that there is no such limit.
 */
final class MonthlyLimits {
    private static final Map<String, Measure> FIELDS =
            Map.of(
                    "monthly_requests_limit", Measure.REQUESTS,
                    "monthly_tokens_limit", Measure.TOKENS,
                    "monthly_cost_limit", Measure.MONEY);

    private MonthlyLimits() {}

    static boolean areIn(JsonNode body) {
        return FIELDS.keySet().stream().anyMatch(body::has);
    }

    /** {@return those limits with what the body says of the three in place of what they were} */
    static List<Limit> after(List<Limit> before, JsonNode body) {
        List<Limit> after = new ArrayList<>(before);
        FIELDS.forEach((field, measure) -> {
            JsonNode value = body.get(field);
            if (value != null) {
                after.removeIf(limit -> isMonthly(limit, measure));
                long amount = value.isNull() ? 0 : amount(field, measure, value);
                if (amount != 0) {
                    after.add(limit(field, measure, amount));
                }
            }
        });
        return List.copyOf(after);
    }

    private static Limit limit(String field, Measure measure, long amount) {
        try {
            return Limit.budget(measure, Period.MONTH, amount);
        } catch (IllegalArgumentException outOfReason) {
            throw invalid(field, outOfReason);
        }
    }

    private static long amount(String field, Measure measure, JsonNode value) {
        try {
            if (measure == Measure.MONEY) {
                BigDecimal decimal =
                        value.isString()
                                ? new BigDecimal(value.stringValue())
                                : value.decimalValue();
                return Money.nanos(decimal);
            }
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw new IllegalArgumentException("must be a whole number up to " + Limit.MOST);
            }
            return value.longValue();
        } catch (IllegalArgumentException outOfReason) {
            throw invalid(field, outOfReason);
        }
    }

    private static AdminException invalid(String field, IllegalArgumentException why) {
        return AdminException.invalidField(field, "value_error", String.valueOf(why.getMessage()));
    }

    private static boolean isMonthly(Limit limit, Measure measure) {
        return limit.countsLike(Limit.budget(measure, Period.MONTH, 0))
                && limit.zone().equals(ZoneOffset.UTC);
    }

    static void write(List<Limit> limits, ObjectNode view) {
        FIELDS.keySet().stream()
                .sorted()
                .forEach(field -> {
                    Measure measure = FIELDS.get(field);
                    Limit limit =
                            limits.stream()
                                    .filter(one -> measure != null && isMonthly(one, measure))
                                    .findFirst()
                                    .orElse(null);
                    if (limit == null) {
                        view.putNull(field);
                    } else if (measure == Measure.MONEY) {
                        view.put(field, Money.amount(limit.amount()).stripTrailingZeros());
                    } else {
                        view.put(field, limit.amount());
                    }
                });
    }
}
