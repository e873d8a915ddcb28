package dev.sluice.admin.upstream;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code upstreams}: what the operator said; what was left to the preset is null. Times
 * are milliseconds; {@code paths}, {@code retryableStatusCodes} and {@code capabilities} are JSON.
 *
 * <p>Public, because JDBI binds only what it can see.
 *
 * @param protocols wire names, separated by spaces
 * @param headersEncrypted JSON, encrypted, because header values may be credentials
 */
public record UpstreamRow(
        UUID id,
        String name,
        String provider,
        @Nullable String protocols,
        String baseUrl,
        String paths,
        @Nullable String defaultModel,
        boolean isDefault,
        @Nullable Long timeoutMillis,
        @Nullable Long connectTimeoutMillis,
        @Nullable Long firstByteTimeoutMillis,
        @Nullable Long idleTimeoutMillis,
        double weight,
        int priority,
        @Nullable String region,
        @Nullable Integer maxQps,
        @Nullable Integer maxConcurrency,
        @Nullable String headersEncrypted,
        String retryableStatusCodes,
        boolean discoverModels,
        String capabilities,
        @Nullable String config,
        boolean isActive,
        @Nullable Long healthCheckMillis,
        Instant createdAt,
        Instant updatedAt) {

    /** A row of {@code upstream_keys}. */
    public record KeyRow(
            UUID upstreamId,
            int position,
            String label,
            String secretEncrypted,
            double weight,
            @Nullable Integer maxQps) {}

    /**
     * A row of {@code upstream_models}.
     *
     * @param json the whole entry, or null where it is the id alone
     */
    public record ModelRow(UUID upstreamId, String modelId, int position, @Nullable String json) {}
}
