package dev.sluice.admin.apikey;

import dev.sluice.admin.Activation;
import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.Patch;
import dev.sluice.admin.Times;
import dev.sluice.catalog.KeyRules;
import dev.sluice.catalog.Permission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What operators may set of a key.
 *
 * @param upstreamIds null means all
 */
record KeySettings(
        String name,
        @Nullable String description,
        @Nullable Set<UUID> upstreamIds,
        Set<Permission> permissions,
        Activation activation,
        @Nullable Instant expiresAt,
        @Nullable String defaultModel,
        @Nullable String sourceLabel,
        KeyRules rules) {

    static final KeySettings DEFAULTS =
            new KeySettings(
                    "",
                    null,
                    null,
                    Set.of(Permission.READ, Permission.WRITE),
                    Activation.ON,
                    null,
                    null,
                    null,
                    KeyRules.NONE);

    static KeySettings of(StoredKey key) {
        ApiKeyRow row = key.row();
        return new KeySettings(
                row.name(),
                row.description(),
                key.upstreamIds(),
                key.permissions(),
                row.activation(),
                row.expiresAt(),
                row.defaultModel(),
                row.sourceLabel(),
                RulesJson.read(row.rules()));
    }

    /**
     * {@return these settings with what the body says in their place} What is absent stays, null
     * clears.
     *
     * @throws AdminException 422 for a time that is none, or not in the future; 403 where somebody
     *     higher has switched the key off
     */
    KeySettings with(JsonNode body, Actor actor, Instant now) {
        Patch patch = new Patch(body);
        return new KeySettings(
                patch.text("name", name),
                patch.optionalText("description", description),
                patch.optional("upstream_ids", upstreamIds, KeySettings::ids),
                patch.value("permissions", permissions, KeySettings::permissions),
                activation.patched(body, actor),
                patch.optional("expires_at", expiresAt, node -> future(node, now)),
                patch.optionalText("default_model", defaultModel),
                patch.optionalText("source_label", sourceLabel),
                RulesJson.with(rules, body));
    }

    /** {@return the settings of the first owner's key} */
    static KeySettings forOwner() {
        return new KeySettings(
                "first owner",
                null,
                null,
                Set.of(Permission.READ, Permission.WRITE, Permission.RAW, Permission.ADMIN),
                Activation.ON,
                null,
                null,
                null,
                KeyRules.NONE);
    }

    KeySettings revokedBy(Actor actor) {
        return new KeySettings(
                name,
                description,
                upstreamIds,
                permissions,
                activation.switched(false, actor),
                expiresAt,
                defaultModel,
                sourceLabel,
                rules);
    }

    private static Set<UUID> ids(JsonNode node) {
        Set<UUID> ids = new LinkedHashSet<>();
        node.forEach(id -> ids.add(UUID.fromString(id.stringValue())));
        return ids;
    }

    private static Set<Permission> permissions(JsonNode node) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        node.forEach(name -> Permission.named(name.stringValue()).ifPresent(permissions::add));
        return permissions;
    }

    private static Instant future(JsonNode node, Instant now) {
        Instant time =
                Times.parse(node.stringValue())
                        .orElseThrow(() ->
                                AdminException.invalidField(
                                        "expires_at",
                                        "datetime_parsing",
                                        "must be a time such as 2030-01-31T00:00:00Z"));
        if (!time.isAfter(now)) {
            throw AdminException.invalidField(
                    "expires_at", "not_in_future", "must be in the future");
        }
        return time;
    }
}
