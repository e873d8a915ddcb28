package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An upstream as the database has it, decrypted; its preset is applied on the way out. */
record StoredUpstream(
        UUID id,
        UpstreamSettings settings,
        List<Credentials.Credential> credentials,
        Upstream.Timeouts defaults,
        Instant createdAt,
        Instant updatedAt) {

    StoredUpstream {
        credentials = List.copyOf(credentials);
    }

    private List<Protocol> protocols() {
        List<Protocol> given = settings.protocols();
        return given == null ? Presets.of(settings.provider()).protocols() : given;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>(Presets.of(settings.provider()).flags());
        flags.putAll(settings.flags());
        return flags;
    }

    private static Duration or(@Nullable Duration given, Duration otherwise) {
        return Objects.requireNonNullElse(given, otherwise);
    }

    private Upstream.Timeouts timeouts() {
        UpstreamSettings.Patience given = settings.patience();
        Duration firstByte = or(given.firstByte(), or(given.timeout(), defaults.firstByte()));
        Duration total = or(given.timeout(), defaults.total());
        return new Upstream.Timeouts(
                total.compareTo(firstByte) > 0 ? total : firstByte,
                or(given.connect(), defaults.connect()),
                firstByte,
                or(given.idle(), defaults.idle()));
    }

    /** {@return the upstream as calls meet it, without credentials that cannot be decrypted} */
    Upstream inCatalog() {
        return new Upstream(
                id,
                settings.name(),
                settings.provider(),
                protocols(),
                settings.baseUrl(),
                settings.paths(),
                credentials.stream().flatMap(one -> one.inCatalog().stream()).toList(),
                settings.models(),
                settings.discoverModels(),
                settings.defaultModel(),
                settings.isDefault(),
                timeouts(),
                settings.preference(),
                settings.limits(),
                settings.headers(),
                settings.retryableStatusCodes(),
                new Capabilities(flags()),
                settings.isActive(),
                settings.healthCheck());
    }

    /** {@return the upstream as operators see it, credentials masked} */
    ObjectNode view() {
        ObjectNode view =
                AdminJson.object()
                        .put("id", id.toString())
                        .put("name", settings.name())
                        .put("provider", settings.provider());
        ArrayNode protocols = view.putArray("protocols");
        protocols().forEach(protocol -> protocols.add(protocol.wireName()));
        view.put("base_url", settings.baseUrl().toString());
        viewCredentials(view);
        viewRouting(view);
        viewTimeouts(view);
        viewModels(view);
        return view.put("config", settings.config())
                .put("is_active", settings.isActive())
                .put("created_at", createdAt.toString())
                .put("updated_at", updatedAt.toString());
    }

    private void viewCredentials(ObjectNode view) {
        view.put("api_key_masked", credentials.isEmpty() ? null : credentials.getFirst().masked());
        ArrayNode keys = view.putArray("keys");
        for (Credentials.Credential credential : credentials) {
            keys.addObject()
                    .put("label", credential.label())
                    .put("key_masked", credential.masked())
                    .put("weight", credential.weight())
                    .put("max_qps", credential.maxQps());
        }
        ObjectNode headers = view.putObject("headers");
        new TreeMap<>(settings.headers())
                .forEach((name, value) -> headers.put(name, ExtraHeaders.masked(name, value)));
    }

    private void viewRouting(ObjectNode view) {
        view.putObject("paths")
                .put("chat", settings.paths().chat())
                .put("models", settings.paths().models())
                .put("messages", settings.paths().messages())
                .put("responses", settings.paths().responses());
        view.put("is_default", settings.isDefault())
                .put("weight", settings.preference().weight())
                .put("priority", settings.preference().priority())
                .put("region", settings.preference().region())
                .put("max_qps", settings.limits().maxQps())
                .put("max_concurrency", settings.limits().maxConcurrency());
        ArrayNode codes = view.putArray("retryable_status_codes");
        settings.retryableStatusCodes().stream().sorted().forEach(codes::add);
    }

    private void viewTimeouts(ObjectNode view) {
        Upstream.Timeouts timeouts = timeouts();
        view.put("timeout", or(settings.patience().timeout(), defaults.total()).toSeconds());
        putSeconds(view, "connect_timeout", timeouts.connect());
        putSeconds(view, "first_byte_timeout", timeouts.firstByte());
        putSeconds(view, "idle_timeout", timeouts.idle());
        Duration healthCheck = settings.healthCheck();
        if (healthCheck == null) {
            view.putNull("health_check");
        } else {
            putSeconds(view, "health_check", healthCheck);
        }
    }

    private static void putSeconds(ObjectNode view, String field, Duration duration) {
        if (duration.toMillisPart() == 0) {
            view.put(field, duration.toSeconds());
        } else {
            view.put(field, duration.toMillis() / 1_000.0);
        }
    }

    private void viewModels(ObjectNode view) {
        view.put("default_model", settings.defaultModel());
        ArrayNode models = view.putArray("models");
        settings.models()
                .forEach(model -> {
                    if (model.json() == null) {
                        models.addObject().put("id", model.id());
                    } else {
                        models.add(AdminJson.tree(model.json()));
                    }
                });
        view.put("discover_models", settings.discoverModels());
        ObjectNode capabilities = view.putObject("capabilities");
        new TreeMap<>(flags())
                .forEach((flag, value) -> {
                    if (value.equals("true") || value.equals("false")) {
                        capabilities.put(flag, value.equals("true"));
                    } else {
                        capabilities.put(flag, value);
                    }
                });
    }
}
