package dev.sluice.admin.spend;

import dev.sluice.admin.spend.ArchivedUse.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * Deletes old request records and keeps what they had used: a budget in total outlives every
 * record, a budget of a month those that are kept for a week, and a bill all of them. Both happen
 * in the transaction of the caller, so that a call is counted in one place at any moment.
 */
public final class SpendArchive {
    private static final String DELETE =
            """
            delete from request_logs where id in (
                select id from request_logs where started_at < :before
                order by started_at limit :limit)
            returning started_at, api_key_id, user_id, organization_id, upstream_id, attempts,
                served_model, model, currency, ending, status_code, input_tokens, output_tokens,
                cost_nanos
            """;

    private static final String INSERT =
            """
            insert into archived_usage (
                started_at, api_key_id, user_id, organization_id, upstream_id, model, asked_model,
                currency, calls, requests, failures, input_tokens, output_tokens, tokens,
                cost_nanos)
            values (
                :startedAt, :apiKeyId, :userId, :organizationId, :upstreamId, :model, :askedModel,
                :currency, :calls, :requests, :failures, :inputTokens, :outputTokens, :tokens,
                :nanos)
            """;

    private SpendArchive() {}

    /** {@return how many records were deleted, at most that many} */
    public static int deleteOlderThan(Handle handle, Instant before, int limit) {
        Map<Kind, ArchivedUse> sums = new HashMap<>();
        int deleted = 0;
        try (Query query = handle.createQuery(DELETE)) {
            var calls =
                    query.bind("before", before)
                            .bind("limit", limit)
                            .map((row, _) -> Map.entry(Kind.of(row), ArchivedUse.ofCall(row)))
                            .list();
            for (var call : calls) {
                sums.merge(call.getKey(), call.getValue(), ArchivedUse::plus);
                deleted++;
            }
        }
        insert(handle, sums);
        return deleted;
    }

    private static void insert(Handle handle, Map<Kind, ArchivedUse> sums) {
        if (sums.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(INSERT)) {
            sums.forEach((kind, use) -> {
                bind(batch, kind);
                batch.bind("calls", use.calls())
                        .bind("requests", use.requests())
                        .bind("failures", use.failures())
                        .bind("inputTokens", use.inputTokens())
                        .bind("outputTokens", use.outputTokens())
                        .bind("tokens", use.tokens())
                        .bind("nanos", use.nanos())
                        .add();
            });
            batch.execute();
        }
    }

    private static void bind(PreparedBatch batch, Kind kind) {
        batch.bind("startedAt", Instant.EPOCH.plus(kind.startedAt(), ChronoUnit.MICROS))
                .bindByType("apiKeyId", kind.apiKeyId(), UUID.class)
                .bindByType("userId", kind.userId(), UUID.class)
                .bindByType("organizationId", kind.organizationId(), UUID.class)
                .bindByType("upstreamId", kind.upstreamId(), UUID.class)
                .bind("model", kind.model())
                .bind("askedModel", kind.askedModel())
                .bind("currency", kind.currency());
    }
}
