package dev.sluice.admin.log;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which records to show; null means any.
 *
 * @param startTime the earliest start, inclusive
 * @param endTime the latest start, inclusive
 * @param model as it was asked for
 */
record LogFilter(
        @Nullable UUID apiKeyId,
        @Nullable UUID upstreamId,
        @Nullable Integer statusCode,
        @Nullable String model,
        @Nullable String ending,
        @Nullable Instant startTime,
        @Nullable Instant endTime) {

    static final LogFilter ALL = new LogFilter(null, null, null, null, null, null, null);

    /** {@return the conditions that apply, and what is bound in each} */
    Map<String, Object> conditions() {
        Map<String, Object> conditions = new LinkedHashMap<>();
        put(conditions, "api_key_id = :value", apiKeyId);
        put(conditions, "upstream_id = :value", upstreamId);
        put(conditions, statusCondition(), statusCode);
        put(conditions, "model = :value", model);
        put(conditions, endingCondition(), ending);
        put(conditions, "started_at >= :value", startTime);
        put(conditions, "started_at <= :value", endTime);
        return conditions;
    }

    /** What most calls end with is in no index: for anything else the index must be offered. */
    private String statusCondition() {
        boolean isUsual = statusCode != null && statusCode == 200;
        return isUsual ? "status_code = :value" : "status_code = :value and status_code <> 200";
    }

    private String endingCondition() {
        return "completed".equals(ending)
                ? "ending = :value"
                : "ending = :value and ending <> 'completed'";
    }

    private static void put(
            Map<String, Object> conditions, String condition, @Nullable Object value) {
        if (value != null) {
            conditions.put(condition, value);
        }
    }
}
