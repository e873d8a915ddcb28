package dev.sluice.admin.openapi;

import dev.sluice.admin.AdminException.FieldProblem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Numbers that no field takes: beyond 64 bits, or so fine that they would be rounded to something
 * else. They are found before anything computes with them: {@code 1e999999999} is short, and its
 * digits are not.
 */
final class UnusableNumbers {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MOST_DECIMALS = 18;

    private UnusableNumbers() {}

    /**
     * {@return one problem for each}
     *
     * @param where {@code body}, {@code query} or {@code path}
     */
    static List<FieldProblem> in(String where, JsonNode value) {
        List<FieldProblem> problems = new ArrayList<>();
        collect(List.of(where), value, problems);
        return problems;
    }

    private static void collect(List<Object> place, JsonNode value, List<FieldProblem> problems) {
        if (value.isNumber()) {
            collect(place, value.decimalValue(), problems);
        }
        value.properties()
                .forEach(field ->
                        collect(within(place, field.getKey()), field.getValue(), problems));
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            collect(within(place, i), value.get(i), problems);
        }
    }

    private static void collect(
            List<Object> place, BigDecimal number, List<FieldProblem> problems) {
        if (number.abs().compareTo(MOST) > 0) {
            problems.add(
                    new FieldProblem(
                            "number_too_large", place, "is a number that is too large to be used"));
        } else if (number.stripTrailingZeros().scale() > MOST_DECIMALS) {
            problems.add(
                    new FieldProblem(
                            "number_too_fine",
                            place,
                            "is a number with more than " + MOST_DECIMALS + " decimals"));
        }
    }

    private static List<Object> within(List<Object> place, Object step) {
        List<Object> longer = new ArrayList<>(place);
        longer.add(step);
        return longer;
    }
}
