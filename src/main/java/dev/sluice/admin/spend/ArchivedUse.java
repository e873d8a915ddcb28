package dev.sluice.admin.spend;

import dev.sluice.catalog.price.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What calls of a quarter of an hour used that are alike in all that use is summed by.
 *
 * @param calls all of them, refused ones too
 * @param requests those that limits count
 * @param failures those that were answered with a status of 400 or more
 * @param nanos money in nano-units
 */
record ArchivedUse(
        long calls, long requests, long failures, long inputTokens, long outputTokens, long nanos) {
    private static final long QUARTER_MICROS = 15L * 60 * 1_000_000;

    /**
     * In what calls are alike.
     *
     * @param startedAt the beginning of the quarter of an hour, in microseconds of the epoch
     * @param model the one that limits count the call for
     * @param askedModel the one that the client named
     */
    record Kind(
            long startedAt,
            @Nullable UUID apiKeyId,
            @Nullable UUID userId,
            @Nullable UUID organizationId,
            @Nullable UUID upstreamId,
            @Nullable String model,
            @Nullable String askedModel,
            @Nullable String currency) {

        static Kind of(ResultSet row) throws SQLException {
            long startedAt = row.getLong("started_at");
            return new Kind(
                    startedAt - Math.floorMod(startedAt, QUARTER_MICROS),
                    uuid(row.getString("api_key_id")),
                    uuid(row.getString("user_id")),
                    uuid(row.getString("organization_id")),
                    uuid(row.getString("upstream_id")),
                    UsedModel.of(row.getString("attempts"), row.getString("served_model")),
                    row.getString("model"),
                    row.getString("currency"));
        }

        private static @Nullable UUID uuid(@Nullable String text) {
            return text == null ? null : UUID.fromString(text);
        }
    }

    /** {@return what the call of that record used} */
    static ArchivedUse ofCall(ResultSet row) throws SQLException {
        return new ArchivedUse(
                1,
                row.getString("ending").equals("refused") ? 0 : 1,
                row.getInt("status_code") >= 400 ? 1 : 0,
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("cost_nanos"));
    }

    ArchivedUse plus(ArchivedUse more) {
        return new ArchivedUse(
                calls + more.calls,
                requests + more.requests,
                failures + more.failures,
                Money.plus(inputTokens, more.inputTokens),
                Money.plus(outputTokens, more.outputTokens),
                Money.plus(nanos, more.nanos));
    }

    long tokens() {
        return Money.plus(inputTokens, outputTokens);
    }
}
