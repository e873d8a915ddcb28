package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.KeyRules;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.http.Headers;
import dev.sluice.proxy.route.Question;
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

    /** {@return the same key, narrowed to those models} */
    public static ApiKey withModels(ApiKey key, Set<String> models) {
        return new ApiKey(
                key.id(),
                key.name(),
                key.prefix(),
                key.digest(),
                key.permissions(),
                key.upstreamIds(),
                key.active(),
                key.expiresAt(),
                key.defaultModel(),
                key.sourceLabel(),
                key.userId(),
                key.organizationId(),
                key.weak(),
                new KeyRules(models, null, List.of(), true),
                null);
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

    public static LogicalModel disabled(LogicalModel model) {
        return changed(model, false, model.affinity());
    }

    public static LogicalModel withAffinity(LogicalModel model) {
        return changed(model, model.enabled(), true);
    }

    private static LogicalModel changed(LogicalModel model, boolean enabled, boolean affinity) {
        return new LogicalModel(
                model.id(),
                model.displayName(),
                model.description(),
                model.capabilities(),
                enabled,
                model.strategy(),
                model.targets(),
                model.fallbacks(),
                model.patience(),
                model.hedging(),
                affinity);
    }

    /** {@return the same upstream, asked for its models} */
    public static Upstream discovering(Upstream upstream) {
        return changed(upstream, true, upstream.retryableStatusCodes());
    }

    /** {@return the same upstream with those statuses worth another try} */
    public static Upstream retrying(Upstream upstream, Set<Integer> statuses) {
        return changed(upstream, upstream.discoverModels(), statuses);
    }

    private static Upstream changed(Upstream upstream, boolean discover, Set<Integer> statuses) {
        return new Upstream(
                upstream.id(),
                upstream.name(),
                upstream.provider(),
                upstream.protocols(),
                upstream.baseUrl(),
                upstream.paths(),
                upstream.keys(),
                upstream.models(),
                discover,
                upstream.defaultModel(),
                upstream.isDefault(),
                upstream.timeouts(),
                upstream.preference(),
                upstream.limits(),
                upstream.headers(),
                statuses,
                upstream.capabilities(),
                upstream.active());
    }

    /** {@return a question that leaves no trace} */
    public static Question rehearsal(String model) {
        return new Question(null, model, null, null, null, null, Set.of(), 1, true);
    }

    /** {@return a request in OpenAI Chat; headers are names and values in turn} */
    public static InboundRequest request(UUID id, @Nullable String model, String... headers) {
        return request(id, model, "Hello", headers);
    }

    public static InboundRequest saying(UUID id, String model, String words) {
        return request(id, model, words, new String[0]);
    }

    private static InboundRequest request(
            UUID id, @Nullable String model, String words, String[] headers) {
        byte[] body =
                ("{\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        Dialect chat = new OpenAiChatDialect();
        RequestPeek peek =
                new RequestPeek(model, null, false, null, false, null, null, null, null, 1, 0);
        return new InboundRequest(
                id.toString(),
                Protocol.OPENAI_CHAT,
                body,
                peek,
                model,
                false,
                Headers.of(headers),
                null,
                new CanonicalRequest(chat, body, Envelope.NONE));
    }
}
