package dev.sluice.admin.logicalmodel;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code logical_models}.
 *
 * @param capabilities a JSON array
 * @param fallbacks a JSON object of three arrays of ids
 */
public record LogicalModelRow(
        String id,
        @Nullable String displayName,
        @Nullable String description,
        String capabilities,
        boolean isEnabled,
        String strategy,
        String fallbacks,
        @Nullable Long attemptTimeoutMillis,
        @Nullable Long deadlineMillis,
        boolean isHedged,
        long hedgeAtLeastMillis,
        double hedgeMaxExtra,
        boolean isHedgeBilled,
        boolean hasAffinity,
        Instant createdAt,
        Instant updatedAt) {

    /** A row of {@code logical_model_targets}. */
    public record TargetRow(
            String logicalModelId,
            int position,
            UUID upstreamId,
            String model,
            double weight,
            int priority,
            @Nullable String region) {}

    /** An upstream's id and name. */
    public record UpstreamName(UUID id, String name) {}
}
