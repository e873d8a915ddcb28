package dev.sluice.admin.log;

import dev.sluice.admin.Conditions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what the calls that fulfil some conditions used. Of calls whose records have been deleted
 * the quarters of an hour are known in which they began: a quarter is within a time if its
 * beginning is.
 */
final class UsageSums {
    private static final int MOST_GROUPS = 1_000;
    private static final String SUMS =
            """
            coalesce(sum(calls), 0) as requests,
            coalesce(sum(failures), 0) as failures,
            coalesce(sum(input_tokens), 0) as input_tokens,
            coalesce(sum(output_tokens), 0) as output_tokens,
            coalesce(sum(cost_nanos), 0) as cost_nanos,
            max(currency) as currency\
            """;

    private final Conditions conditions;

    UsageSums(Conditions conditions) {
        this.conditions = conditions;
    }

    /** By what to sum. */
    enum Grouping {
        KEY("api_key_id"),
        USER("user_id"),
        ORGANIZATION("organization_id"),
        UPSTREAM("upstream_id"),
        MODEL("model"),
        /** Days of UTC. */
        DAY("started_at / 86400000000");

        private final String expression;

        Grouping(String expression) {
            this.expression = expression;
        }

        static @Nullable Grouping named(@Nullable String name) {
            return name == null ? null : valueOf(name.toUpperCase(Locale.ROOT));
        }

        private @Nullable String name(RowView row) {
            return switch (this) {
                case KEY, USER, ORGANIZATION, UPSTREAM -> text(row.getColumn("name", UUID.class));
                case MODEL -> row.getColumn("name", String.class);
                case DAY -> LocalDate.ofEpochDay(row.getColumn("name", Long.class)).toString();
            };
        }

        private static @Nullable String text(@Nullable UUID id) {
            return id == null ? null : id.toString();
        }
    }

    /**
     * What calls used.
     *
     * @param name of their group; null for those that belong to none
     * @param failures how many of the requests
     */
    record Sum(
            @Nullable String name,
            long requests,
            long failures,
            long inputTokens,
            long outputTokens,
            long costNanos,
            @Nullable String currency) {}

    Sum total(Handle handle) {
        try (Query query = handle.createQuery("select " + SUMS + calls("1"))) {
            conditions.bind(query);
            return query.reduceRows(List.<Sum>of(), (_, row) -> List.of(sum(null, row))).getFirst();
        }
    }

    /** {@return the groups with the most requests, days in their order} */
    List<Sum> by(Handle handle, Grouping grouping) {
        String sql =
                "select name, "
                        + SUMS
                        + calls(grouping.expression)
                        + " group by name"
                        + (grouping == Grouping.DAY
                                ? " order by name desc"
                                : " order by requests desc, name")
                        + " limit "
                        + MOST_GROUPS;
        try (Query query = handle.createQuery(sql)) {
            conditions.bind(query);
            return query.<List<Sum>>reduceRows(
                    new ArrayList<>(),
                    (sums, row) -> {
                        sums.add(sum(grouping.name(row), row));
                        return sums;
                    });
        }
    }

    /** One statement sees each call in exactly one of the two, whenever records are deleted. */
    private String calls(String name) {
        return """
         from (
            select %1$s as name, 1 as calls,
                case when status_code >= 400 then 1 else 0 end as failures,
                input_tokens, output_tokens, cost_nanos, currency
            from request_logs %2$s
            union all
            select %1$s as name, calls, failures, input_tokens, output_tokens, cost_nanos, currency
            from (
                select started_at, api_key_id, user_id, organization_id, upstream_id,
                    asked_model as model, calls, failures, input_tokens, output_tokens,
                    cost_nanos, currency
                from archived_usage) archived %2$s
        ) used\
        """
                .formatted(name, conditions.where());
    }

    private static Sum sum(@Nullable String name, RowView row) {
        return new Sum(
                name,
                row.getColumn("requests", Long.class),
                row.getColumn("failures", Long.class),
                row.getColumn("input_tokens", Long.class),
                row.getColumn("output_tokens", Long.class),
                row.getColumn("cost_nanos", Long.class),
                row.getColumn("currency", String.class));
    }
}
