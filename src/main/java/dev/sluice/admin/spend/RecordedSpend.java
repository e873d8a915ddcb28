package dev.sluice.admin.spend;

import dev.sluice.catalog.limit.Subject;
import dev.sluice.proxy.ledger.Amounts;
import dev.sluice.proxy.ledger.SpendHistory;
import dev.sluice.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What is recorded in {@code request_logs}, and in {@code archived_usage} of what no longer is. */
public final class RecordedSpend implements SpendHistory {
    /** Beyond that all subjects are read: a database takes only so many values in a statement. */
    private static final int MOST_NAMED = 500;

    /** No call has more tokens; one that claims so must not overflow a sum. */
    private static final String TOKENS =
            """
            case when input_tokens > 1000000000000000 then 1000000000000000 else input_tokens end
            + case when output_tokens > 1000000000000000 then 1000000000000000 else output_tokens
              end\
            """;

    private static final String RECORDS =
            """
            select %1$s as subject,
                case when ending = 'refused' then 0 else 1 end as requests,
            """
                    + TOKENS
                    + """
                         as tokens,
                        coalesce(cost_nanos, 0) as nanos
                    from request_logs
                    where started_at >= :from and started_at + duration_micros <= :until %2$s
                    """;

    private static final String ARCHIVE =
            """
            select %1$s as subject, requests, tokens, cost_nanos as nanos
            from archived_usage where started_at >= :from %2$s
            """;

    private final Database database;

    public RecordedSpend(Database database) {
        this.database = database;
    }

    @Override
    public Map<UUID, Amounts> spent(Span span, Set<UUID> ids) {
        return switch (span.scope()) {
            case GLOBAL -> sums(span, "'" + Subject.global().id() + "'", null, ids);
            case ORGANIZATION -> sums(span, "organization_id", "organization_id", ids);
            case USER -> sums(span, "user_id", "user_id", ids);
            case KEY -> sums(span, "api_key_id", "api_key_id", ids);
            case UPSTREAM -> sums(span, "upstream_id", "upstream_id", ids);
            case MODEL -> database.read(handle -> ofModels(handle, span, ids));
        };
    }

    /**
     * @param subject what a row belongs to, in SQL
     * @param column the column by which rows are chosen; null for all rows
     */
    private Map<UUID, Amounts> sums(
            Span span, String subject, @Nullable String column, Set<UUID> ids) {
        boolean isNamed = column != null && ids.size() <= MOST_NAMED;
        String condition =
                column == null
                        ? ""
                        : isNamed
                                ? "and " + column + " in (<ids>)"
                                : "and " + column + " is not null";
        String sql =
                "select subject, sum(requests) as requests, sum(tokens) as tokens,"
                        + " sum(nanos) as nanos from ("
                        + RECORDS.formatted(subject, condition)
                        + " union all "
                        + ARCHIVE.formatted(subject, condition)
                        + ") spend group by subject";
        return database.read(handle -> {
            try (Query query = bound(handle, sql, span)) {
                if (isNamed) {
                    query.bindList("ids", List.copyOf(ids));
                }
                Map<UUID, Amounts> sums = new HashMap<>();
                query.map((row, _) -> new Sum(UUID.fromString(row.getString("subject")), of(row)))
                        .forEach(sum -> sums.put(sum.subject(), sum.amounts()));
                return sums;
            }
        });
    }

    private record Sum(UUID subject, Amounts amounts) {}

    private static Query bound(Handle handle, String sql, Span span) {
        Instant from = span.from() == null ? Instant.EPOCH : span.from();
        return handle.createQuery(sql)
                .bind("from", from)
                .bind("until", span.endedBefore().truncatedTo(ChronoUnit.MICROS));
    }

    private static Amounts of(ResultSet row) throws SQLException {
        return new Amounts(row.getLong("requests"), row.getLong("tokens"), row.getLong("nanos"));
    }

    /** Which model a call counts for stands in its attempts: they are read one by one. */
    private static Map<UUID, Amounts> ofModels(Handle handle, Span span, Set<UUID> ids) {
        Map<UUID, Amounts> sums = new HashMap<>();
        String records =
                RECORDS.formatted("''", "").replace("'' as subject", "attempts, served_model");
        String archive = ARCHIVE.formatted("model", "");
        try (Query query = bound(handle, records, span)) {
            query.map((row, _) ->
                            new OfModel(
                                    UsedModel.of(
                                            row.getString("attempts"),
                                            row.getString("served_model")),
                                    of(row)))
                    .forEach(used -> used.addTo(sums, ids));
        }
        try (Query query = handle.createQuery(archive)) {
            query.bind("from", span.from() == null ? Instant.EPOCH : span.from())
                    .map((row, _) -> new OfModel(row.getString("subject"), of(row)))
                    .forEach(used -> used.addTo(sums, ids));
        }
        return sums;
    }

    private record OfModel(@Nullable String model, Amounts amounts) {
        void addTo(Map<UUID, Amounts> sums, Set<UUID> ids) {
            if (model != null) {
                UUID id = Subject.model(model).id();
                if (ids.contains(id)) {
                    sums.merge(id, amounts, Amounts::plus);
                }
            }
        }
    }
}
