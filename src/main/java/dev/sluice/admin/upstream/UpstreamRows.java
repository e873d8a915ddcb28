package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminJson;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.chat.Protocol;
import dev.sluice.store.Encryption;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Turns upstreams into rows and back. */
final class UpstreamRows {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamRows.class);
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS =
            new TypeReference<>() {};
    private static final TypeReference<TreeSet<Integer>> NUMBERS = new TypeReference<>() {};

    private final Encryption encryption;
    private final Upstream.Timeouts defaults;
    private final Credentials credentials;

    UpstreamRows(UpstreamKeeping keeping, Credentials credentials) {
        this.encryption = keeping.encryption();
        this.defaults = keeping.timeouts();
        this.credentials = credentials;
    }

    UpstreamRow row(StoredUpstream upstream) {
        UpstreamSettings settings = upstream.settings();
        UpstreamSettings.Patience patience = settings.patience();
        return new UpstreamRow(
                upstream.id(),
                settings.name(),
                settings.provider(),
                names(settings.protocols()),
                settings.baseUrl().toString(),
                AdminJson.text(settings.paths()),
                settings.defaultModel(),
                settings.isDefault(),
                millis(patience.timeout()),
                millis(patience.connect()),
                millis(patience.firstByte()),
                millis(patience.idle()),
                settings.preference().weight(),
                settings.preference().priority(),
                settings.preference().region(),
                settings.limits().maxQps(),
                settings.limits().maxConcurrency(),
                settings.headers().isEmpty()
                        ? null
                        : encryption.encrypt(AdminJson.text(settings.headers())),
                AdminJson.text(settings.retryableStatusCodes()),
                settings.discoverModels(),
                AdminJson.text(settings.flags()),
                settings.config(),
                settings.isActive(),
                millis(settings.healthCheck()),
                upstream.createdAt(),
                upstream.updatedAt());
    }

    List<UpstreamRow.KeyRow> keyRows(StoredUpstream upstream) {
        List<UpstreamRow.KeyRow> rows = new ArrayList<>();
        for (Credentials.Credential credential : upstream.credentials()) {
            rows.add(
                    new UpstreamRow.KeyRow(
                            upstream.id(),
                            rows.size(),
                            credential.label(),
                            credential.encrypted(),
                            credential.weight(),
                            credential.maxQps()));
        }
        return rows;
    }

    static List<UpstreamRow.ModelRow> modelRows(StoredUpstream upstream) {
        List<UpstreamRow.ModelRow> rows = new ArrayList<>();
        for (UpstreamModel model : upstream.settings().models()) {
            rows.add(
                    new UpstreamRow.ModelRow(upstream.id(), model.id(), rows.size(), model.json()));
        }
        return rows;
    }

    /** {@return the upstream of a row, with its keys and models read} */
    StoredUpstream read(UpstreamStore store, UpstreamRow row) {
        List<UpstreamModel> models =
                store.models(row.id()).stream()
                        .map(model -> new UpstreamModel(model.modelId(), model.json()))
                        .toList();
        return new StoredUpstream(
                row.id(),
                settings(row, models),
                store.keys(row.id()).stream().map(credentials::stored).toList(),
                defaults,
                row.createdAt(),
                row.updatedAt());
    }

    private UpstreamSettings settings(UpstreamRow row, List<UpstreamModel> models) {
        return new UpstreamSettings(
                row.name(),
                row.provider(),
                protocols(row.protocols()),
                URI.create(row.baseUrl()),
                paths(row.paths()),
                row.defaultModel(),
                row.isDefault(),
                new UpstreamSettings.Patience(
                        duration(row.timeoutMillis()),
                        duration(row.connectTimeoutMillis()),
                        duration(row.firstByteTimeoutMillis()),
                        duration(row.idleTimeoutMillis())),
                new Upstream.Preference(row.weight(), row.priority(), row.region()),
                new Upstream.Limits(row.maxQps(), row.maxConcurrency()),
                headers(row),
                AdminJson.MAPPER.readValue(row.retryableStatusCodes(), NUMBERS),
                models,
                row.discoverModels(),
                AdminJson.MAPPER.readValue(row.capabilities(), TEXTS),
                row.config(),
                row.isActive(),
                duration(row.healthCheckMillis()));
    }

    private Map<String, String> headers(UpstreamRow row) {
        if (row.headersEncrypted() == null) {
            return Map.of();
        }
        try {
            return AdminJson.MAPPER.readValue(
                    encryption.decryptText(row.headersEncrypted()), TEXTS);
        } catch (Encryption.UndecryptableException _) {
            LOG.warn(
                    "the headers of upstream '{}' cannot be decrypted with this encryption key and"
                            + " are not sent",
                    row.name());
            return Map.of();
        }
    }

    private static Upstream.Paths paths(String json) {
        JsonNode paths = AdminJson.tree(json);
        return new Upstream.Paths(
                text(paths, "chat"),
                text(paths, "models"),
                text(paths, "messages"),
                text(paths, "responses"));
    }

    private static @Nullable String text(JsonNode object, String field) {
        JsonNode node = object.path(field);
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable String names(@Nullable List<Protocol> protocols) {
        return protocols == null
                ? null
                : protocols.stream().map(Protocol::wireName).collect(Collectors.joining(" "));
    }

    private static @Nullable List<Protocol> protocols(@Nullable String names) {
        return names == null
                ? null
                : Arrays.stream(names.split(" ", -1))
                        .flatMap(name -> Protocol.named(name).stream())
                        .toList();
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private static @Nullable Duration duration(@Nullable Long millis) {
        return millis == null ? null : Duration.ofMillis(millis);
    }

    /** {@return the names of upstreams whose credentials this encryption key does not open} */
    static Set<String> undecryptable(List<StoredUpstream> upstreams) {
        return upstreams.stream()
                .filter(upstream ->
                        upstream.credentials().stream().anyMatch(one -> one.secret() == null))
                .map(upstream -> upstream.settings().name())
                .collect(Collectors.toUnmodifiableSet());
    }
}
