package dev.sluice.catalog;

import dev.sluice.chat.Protocol;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A provider's endpoint as an operator configured it. Presets have already been applied: nothing
 * here is looked up by provider name again.
 *
 * @param provider the preset it was made from, for people
 * @param protocols what it speaks, in the order of preference
 * @param models model ids it is configured to serve, exact
 * @param headers further headers of every call to it
 * @param retryableStatusCodes statuses that mean "try another"; empty means the built-in rule
 * @param healthCheck how often it is asked whether it is well; null for never
 */
public record Upstream(
        UUID id,
        String name,
        String provider,
        List<Protocol> protocols,
        URI baseUrl,
        Paths paths,
        List<UpstreamKey> keys,
        List<UpstreamModel> models,
        boolean discoverModels,
        @Nullable String defaultModel,
        boolean isDefault,
        Timeouts timeouts,
        Preference preference,
        Limits limits,
        Map<String, String> headers,
        Set<Integer> retryableStatusCodes,
        Capabilities capabilities,
        boolean active,
        @Nullable Duration healthCheck) {

    /** An upstream that is not asked how it is. */
    public Upstream(
            UUID id,
            String name,
            String provider,
            List<Protocol> protocols,
            URI baseUrl,
            Paths paths,
            List<UpstreamKey> keys,
            List<UpstreamModel> models,
            boolean discoverModels,
            @Nullable String defaultModel,
            boolean isDefault,
            Timeouts timeouts,
            Preference preference,
            Limits limits,
            Map<String, String> headers,
            Set<Integer> retryableStatusCodes,
            Capabilities capabilities,
            boolean active) {
        this(
                id,
                name,
                provider,
                protocols,
                baseUrl,
                paths,
                keys,
                models,
                discoverModels,
                defaultModel,
                isDefault,
                timeouts,
                preference,
                limits,
                headers,
                retryableStatusCodes,
                capabilities,
                active,
                null);
    }

    /** Paths that override the protocol's own, relative to the base URL, or null. */
    public record Paths(
            @Nullable String chat,
            @Nullable String models,
            @Nullable String messages,
            @Nullable String responses) {
        public static final Paths STANDARD = new Paths(null, null, null, null);
    }

    public record Timeouts(Duration total, Duration connect, Duration firstByte, Duration idle) {}

    /**
     * @param priority lower is tried first
     */
    public record Preference(double weight, int priority, @Nullable String region) {
        public static final Preference NEUTRAL = new Preference(1, 0, null);
    }

    public record Limits(@Nullable Integer maxQps, @Nullable Integer maxConcurrency) {
        public static final Limits NONE = new Limits(null, null);
    }

    public Upstream {
        protocols = List.copyOf(protocols);
        keys = List.copyOf(keys);
        models = List.copyOf(models);
        headers = Map.copyOf(headers);
        retryableStatusCodes = Set.copyOf(retryableStatusCodes);
    }

    /** {@return this upstream, serving those models} */
    public Upstream serving(List<UpstreamModel> served) {
        return new Upstream(
                id,
                name,
                provider,
                protocols,
                baseUrl,
                paths,
                keys,
                served,
                discoverModels,
                defaultModel,
                isDefault,
                timeouts,
                preference,
                limits,
                headers,
                retryableStatusCodes,
                capabilities,
                active,
                healthCheck);
    }

    public boolean speaks(Protocol protocol) {
        return protocols.contains(protocol);
    }

    public Optional<UpstreamModel> model(String modelId) {
        return models.stream().filter(model -> model.id().equals(modelId)).findFirst();
    }
}
