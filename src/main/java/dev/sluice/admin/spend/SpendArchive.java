package dev.sluice.admin.spend;

import dev.sluice.catalog.price.Money;
import dev.sluice.proxy.ledger.Amounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Deletes old request records and keeps what they had used: a budget in total outlives every
 * record, and a budget of a month those that are kept for a week.
 */
public final class SpendArchive {
    private static final String DELETE =
            """
            delete from request_logs where id in (
                select id from request_logs where started_at < :before
                order by started_at limit :limit)
            returning started_at, api_key_id, user_id, organization_id, upstream_id, attempts,
                served_model, ending, input_tokens, output_tokens, cost_nanos
            """;

    private static final String INSERT =
            """
            insert into archived_usage (
                started_at, api_key_id, user_id, organization_id, upstream_id, model, requests,
                tokens, cost_nanos)
            values (
                :startedAt, :apiKeyId, :userId, :organizationId, :upstreamId, :model, :requests,
                :tokens, :nanos)
            """;

    private static final long QUARTER_MICROS = 15L * 60 * 1_000_000;

    private SpendArchive() {}

    private record Row(Bucket bucket, Amounts amounts) {}

    private record Bucket(
            long startedAt,
            @Nullable UUID apiKeyId,
            @Nullable UUID userId,
            @Nullable UUID organizationId,
            @Nullable UUID upstreamId,
            @Nullable String model) {}

    /** {@return how many records were deleted, at most that many} */
    public static int deleteOlderThan(Handle handle, Instant before, int limit) {
        List<Row> rows = delete(handle, before, limit);
        Map<Bucket, Amounts> sums = new HashMap<>();
        for (Row row : rows) {
            if (row.amounts().requests() > 0) {
                sums.merge(row.bucket(), row.amounts(), Amounts::plus);
            }
        }
        insert(handle, sums);
        return rows.size();
    }

    private static List<Row> delete(Handle handle, Instant before, int limit) {
        try (Query query = handle.createQuery(DELETE)) {
            return query.bind("before", before)
                    .bind("limit", limit)
                    .map((row, _) -> {
                        long startedAt = row.getLong("started_at");
                        Bucket bucket =
                                new Bucket(
                                        startedAt - Math.floorMod(startedAt, QUARTER_MICROS),
                                        uuid(row.getString("api_key_id")),
                                        uuid(row.getString("user_id")),
                                        uuid(row.getString("organization_id")),
                                        uuid(row.getString("upstream_id")),
                                        UsedModel.of(
                                                row.getString("attempts"),
                                                row.getString("served_model")));
                        boolean isRefused = row.getString("ending").equals("refused");
                        Amounts amounts =
                                new Amounts(
                                        isRefused ? 0 : 1,
                                        Money.plus(
                                                row.getLong("input_tokens"),
                                                row.getLong("output_tokens")),
                                        row.getLong("cost_nanos"));
                        return new Row(bucket, amounts);
                    })
                    .list();
        }
    }

    private static void insert(Handle handle, Map<Bucket, Amounts> sums) {
        if (sums.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(INSERT)) {
            sums.forEach((bucket, amounts) ->
                    batch.bind(
                                    "startedAt",
                                    Instant.EPOCH.plus(bucket.startedAt(), ChronoUnit.MICROS))
                            .bindByType("apiKeyId", bucket.apiKeyId(), UUID.class)
                            .bindByType("userId", bucket.userId(), UUID.class)
                            .bindByType("organizationId", bucket.organizationId(), UUID.class)
                            .bindByType("upstreamId", bucket.upstreamId(), UUID.class)
                            .bind("model", bucket.model())
                            .bind("requests", amounts.requests())
                            .bind("tokens", amounts.tokens())
                            .bind("nanos", amounts.nanos())
                            .add());
            batch.execute();
        }
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        return text == null ? null : UUID.fromString(text);
    }
}
