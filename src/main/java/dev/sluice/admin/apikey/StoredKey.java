package dev.sluice.admin.apikey;

import dev.sluice.admin.AdminJson;
import dev.sluice.admin.limit.LimitJson;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.RetiringKey;
import dev.sluice.catalog.limit.Limit;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key as the database has it.
 *
 * @param upstreamIds null means all
 */
record StoredKey(ApiKeyRow row, @Nullable Set<UUID> upstreamIds, List<Limit> limits) {

    StoredKey {
        upstreamIds =
                upstreamIds == null
                        ? null
                        : Collections.unmodifiableSet(new LinkedHashSet<>(upstreamIds));
        limits = List.copyOf(limits);
    }

    /** The key without its limits, which calls meet elsewhere. */
    StoredKey(ApiKeyRow row, @Nullable Set<UUID> upstreamIds) {
        this(row, upstreamIds, List.of());
    }

    Set<Permission> permissions() {
        return Arrays.stream(row.permissions().split(" ", -1))
                .flatMap(name -> Permission.named(name).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return the key as calls meet it; empty while its digest is not known} */
    Optional<ApiKey> inCatalog() {
        if (row.digest() == null) {
            return Optional.empty();
        }
        return Optional.of(
                new ApiKey(
                        row.id(),
                        row.name(),
                        row.prefix(),
                        KeyDigest.ofHex(row.digest()),
                        permissions(),
                        upstreamIds,
                        row.isActive(),
                        row.expiresAt(),
                        row.defaultModel(),
                        row.sourceLabel(),
                        row.userId(),
                        row.organizationId(),
                        row.weak(),
                        RulesJson.read(row.rules()),
                        retiring()));
    }

    private @Nullable RetiringKey retiring() {
        String retiring = row.retiringDigest();
        Instant until = row.retiringUntil();
        return retiring == null || until == null
                ? null
                : new RetiringKey(KeyDigest.ofHex(retiring), until, row.retiringWeak());
    }

    /** {@return the key as operators see it} */
    ObjectNode view() {
        ObjectNode view =
                AdminJson.object()
                        .put("id", row.id().toString())
                        .put("key_prefix", row.prefix())
                        .put("name", row.name())
                        .put("description", row.description());
        if (upstreamIds == null) {
            view.putNull("upstream_ids");
        } else {
            ArrayNode ids = view.putArray("upstream_ids");
            upstreamIds.forEach(id -> ids.add(id.toString()));
        }
        ArrayNode permissions = view.putArray("permissions");
        permissions().stream().sorted().forEach(one -> permissions.add(one.wireName()));
        RulesJson.write(RulesJson.read(row.rules()), view);
        view.set("limits", LimitJson.write(limits));
        return row.activation()
                .write(view)
                .put("expires_at", text(row.expiresAt()))
                .put("default_model", row.defaultModel())
                .put("source_label", row.sourceLabel())
                .put("user_id", text(row.userId()))
                .put("organization_id", text(row.organizationId()))
                .put("weak", row.weak())
                .put("retiring_until", text(row.retiringUntil()))
                .put("last_used_at", text(row.lastUsedAt()))
                .put("use_count", row.useCount())
                .put("created_at", row.createdAt().toString())
                .put("updated_at", row.updatedAt().toString());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
