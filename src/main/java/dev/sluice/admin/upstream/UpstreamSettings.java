package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.Patch;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.Protocol;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an operator said of an upstream; what was left to its provider's preset is null.
 *
 * @param flags capabilities that were set here
 */
record UpstreamSettings(
        String name,
        String provider,
        @Nullable List<Protocol> protocols,
        URI baseUrl,
        Upstream.Paths paths,
        @Nullable String defaultModel,
        boolean isDefault,
        Patience patience,
        Upstream.Preference preference,
        Upstream.Limits limits,
        Map<String, String> headers,
        Set<Integer> retryableStatusCodes,
        List<UpstreamModel> models,
        boolean discoverModels,
        Map<String, String> flags,
        @Nullable String config,
        boolean isActive,
        @Nullable Duration healthCheck) {

    /** Time-outs as they were given. */
    record Patience(
            @Nullable Duration timeout,
            @Nullable Duration connect,
            @Nullable Duration firstByte,
            @Nullable Duration idle) {}

    private static final URI NOWHERE = URI.create("http://unset.invalid");

    private static final UpstreamSettings DEFAULTS =
            new UpstreamSettings(
                    "",
                    "",
                    null,
                    NOWHERE,
                    Upstream.Paths.STANDARD,
                    null,
                    false,
                    new Patience(null, null, null, null),
                    Upstream.Preference.NEUTRAL,
                    Upstream.Limits.NONE,
                    Map.of(),
                    Set.of(),
                    List.of(),
                    false,
                    Map.of(),
                    null,
                    true,
                    null);

    /**
     * {@return a new upstream's settings}
     *
     * @throws AdminException 422 where a field does not fit
     */
    static UpstreamSettings of(JsonNode body) {
        UpstreamSettings settings = DEFAULTS.with(body, Map.of());
        if (body.has("base_url")) {
            return settings;
        }
        String preset = Presets.of(settings.provider()).baseUrl();
        if (preset == null) {
            throw AdminException.invalidField(
                    "base_url", "missing", "is missing, and this provider has no public one");
        }
        return settings.at(URI.create(preset));
    }

    /**
     * {@return these settings with what the body says in their place}
     *
     * @param maskedHeaders headers that the body may name by their masked value
     */
    UpstreamSettings with(JsonNode body, Map<String, String> maskedHeaders) {
        Patch patch = new Patch(body);
        boolean active = patch.value("is_active", isActive, JsonNode::booleanValue);
        return new UpstreamSettings(
                patch.text("name", name),
                patch.text("provider", provider),
                patch.optional("protocols", protocols, UpstreamSettings::protocols),
                patch.value("base_url", baseUrl, node -> UpstreamUrl.parse(node.stringValue())),
                body.has("paths") ? paths(body.path("paths")) : paths,
                patch.optionalText("default_model", defaultModel),
                active && patch.value("is_default", isDefault, JsonNode::booleanValue),
                patience(patch),
                new Upstream.Preference(
                        patch.value("weight", preference.weight(), JsonNode::asDouble),
                        patch.value("priority", preference.priority(), JsonNode::intValue),
                        patch.optionalText("region", preference.region())),
                new Upstream.Limits(
                        patch.optional("max_qps", limits.maxQps(), JsonNode::intValue),
                        patch.optional(
                                "max_concurrency", limits.maxConcurrency(), JsonNode::intValue)),
                patch.value("headers", headers, node -> ExtraHeaders.read(node, maskedHeaders)),
                patch.value(
                        "retryable_status_codes",
                        retryableStatusCodes,
                        UpstreamSettings::statusCodes),
                patch.value("models", models, UpstreamSettings::models),
                patch.value("discover_models", discoverModels, JsonNode::booleanValue),
                patch.value("capabilities", flags, UpstreamSettings::flags),
                patch.optionalText("config", config),
                active,
                patch.optional("health_check", healthCheck, UpstreamSettings::seconds));
    }

    private Patience patience(Patch patch) {
        return new Patience(
                patch.optional("timeout", patience.timeout(), UpstreamSettings::seconds),
                patch.optional("connect_timeout", patience.connect(), UpstreamSettings::seconds),
                patch.optional(
                        "first_byte_timeout", patience.firstByte(), UpstreamSettings::seconds),
                patch.optional("idle_timeout", patience.idle(), UpstreamSettings::seconds));
    }

    private static List<Protocol> protocols(JsonNode node) {
        Set<Protocol> protocols = new LinkedHashSet<>();
        node.forEach(name -> Protocol.named(name.stringValue()).ifPresent(protocols::add));
        return List.copyOf(protocols);
    }

    private static Upstream.Paths paths(JsonNode node) {
        return new Upstream.Paths(
                path(node, "chat"),
                path(node, "models"),
                path(node, "messages"),
                path(node, "responses"));
    }

    private static @Nullable String path(JsonNode paths, String field) {
        JsonNode node = paths.path(field);
        if (!node.isString()) {
            return null;
        }
        String path = node.stringValue();
        if (!UpstreamUrl.isPath(path)) {
            throw AdminException.invalidFields(
                    List.of(
                            new FieldProblem(
                                    "url_parsing",
                                    List.of("body", "paths", field),
                                    "must be a path without the segments . and .., and %"
                                            + " followed by two hex digits")));
        }
        return path;
    }

    private static Duration seconds(JsonNode node) {
        return Duration.ofMillis(
                node.decimalValue().multiply(BigDecimal.valueOf(1_000)).longValue());
    }

    private static Set<Integer> statusCodes(JsonNode node) {
        Set<Integer> codes = new TreeSet<>();
        node.forEach(code -> codes.add(code.intValue()));
        return codes;
    }

    /** An entry of nothing but an id is its id; of two with the same id the first counts. */
    private static List<UpstreamModel> models(JsonNode node) {
        Map<String, UpstreamModel> models = new LinkedHashMap<>();
        for (JsonNode entry : node) {
            String id = entry.isString() ? entry.stringValue() : entry.path("id").stringValue();
            boolean isBare = entry.isString() || entry.size() == 1;
            if (id.indexOf('\0') >= 0) {
                throw AdminException.invalidField(
                        "models",
                        "string_pattern_mismatch",
                        "must not contain the character U+0000");
            }
            models.putIfAbsent(id, new UpstreamModel(id, isBare ? null : AdminJson.text(entry)));
        }
        return List.copyOf(models.values());
    }

    private static Map<String, String> flags(JsonNode node) {
        Map<String, String> flags = new LinkedHashMap<>();
        node.properties().forEach(flag -> flags.put(flag.getKey(), flag.getValue().asString()));
        return flags;
    }

    /** {@return the same, taken out of use} */
    UpstreamSettings inactive() {
        return changed(baseUrl, false, false);
    }

    private UpstreamSettings at(URI url) {
        return changed(url, isDefault, isActive);
    }

    private UpstreamSettings changed(URI url, boolean asDefault, boolean active) {
        return new UpstreamSettings(
                name,
                provider,
                protocols,
                url,
                paths,
                defaultModel,
                asDefault,
                patience,
                preference,
                limits,
                headers,
                retryableStatusCodes,
                models,
                discoverModels,
                flags,
                config,
                active,
                healthCheck);
    }
}
