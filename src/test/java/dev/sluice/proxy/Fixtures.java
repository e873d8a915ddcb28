package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.Protocol;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Upstreams, keys and logical models to test with. Ids follow from names. */
public final class Fixtures {
    private Fixtures() {}

    public static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return an upstream that speaks OpenAI Chat and serves those models} */
    public static Upstream upstream(String name, String... models) {
        return upstream(name, Upstream.Preference.NEUTRAL, Upstream.Limits.NONE, models);
    }

    public static Upstream upstream(
            String name, Upstream.Preference preference, Upstream.Limits limits, String... models) {
        return new Upstream(
                id(name),
                name,
                "openai-compatible",
                List.of(Protocol.OPENAI_CHAT),
                URI.create("http://127.0.0.1:9"),
                Upstream.Paths.STANDARD,
                List.of(key("1")),
                Arrays.stream(models).map(model -> new UpstreamModel(model, null)).toList(),
                false,
                null,
                false,
                new Upstream.Timeouts(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30)),
                preference,
                limits,
                Map.of(),
                Set.of(),
                Capabilities.STANDARD,
                true);
    }

    public static UpstreamKey key(String label) {
        return new UpstreamKey(label, new Secret("sk-" + label), 1, null);
    }

    /** {@return an API key; of no named upstreams it may use all} */
    public static ApiKey apiKey(String... upstreams) {
        Set<UUID> ids =
                upstreams.length == 0
                        ? null
                        : Set.copyOf(Arrays.stream(upstreams).map(Fixtures::id).toList());
        return new ApiKey(
                id("api-key"),
                "test",
                "sk-auto-test",
                new KeyDigest(1, 2, 3, 4),
                Set.of(Permission.WRITE),
                ids,
                true,
                null,
                null,
                null,
                null,
                null,
                false);
    }

    public static LogicalModel logical(
            String id, RoutingStrategy strategy, LogicalModel.Target... targets) {
        return logical(id, strategy, LogicalModel.Fallbacks.NONE, targets);
    }

    public static LogicalModel logical(
            String id,
            RoutingStrategy strategy,
            LogicalModel.Fallbacks fallbacks,
            LogicalModel.Target... targets) {
        return new LogicalModel(
                id,
                null,
                null,
                Set.of(),
                true,
                strategy,
                List.of(targets),
                fallbacks,
                LogicalModel.Patience.STANDARD,
                LogicalModel.Hedging.OFF,
                false);
    }

    public static LogicalModel.Target target(String upstream, String model) {
        return target(upstream, model, 1, 0, null);
    }

    public static LogicalModel.Target target(
            String upstream, String model, double weight, int priority, @Nullable String region) {
        return new LogicalModel.Target(id(upstream), model, weight, priority, region);
    }
}
