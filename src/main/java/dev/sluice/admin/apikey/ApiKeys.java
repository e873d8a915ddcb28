package dev.sluice.admin.apikey;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Listing;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.Permission;
import dev.sluice.store.Database;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules of API keys. */
public final class ApiKeys {
    private final Database database;
    private final CatalogChanges changes;
    private final DigestKey digestKey;
    private final KeyGenerator generator;
    private final HashWriter hashes;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public ApiKeys(
            Database database,
            CatalogChanges changes,
            DigestKey digestKey,
            KeyGenerator generator,
            HashWriter hashes,
            Clock clock,
            Supplier<UUID> ids) {
        this.database = database;
        this.changes = changes;
        this.digestKey = digestKey;
        this.generator = generator;
        this.hashes = hashes;
        this.clock = clock;
        this.ids = ids;
    }

    /** A new key, and its text, which exists nowhere else. */
    record Created(StoredKey key, String value) {
        @Override
        public String toString() {
            return "Created[" + key.row().prefix() + "***]";
        }
    }

    /** {@return the text of a new key for that owner of the gateway, who may do everything} */
    public String forOwner(UUID userId) {
        Instant now = now();
        String value = generator.generate();
        KeySettings settings = KeySettings.forOwner();
        ApiKeyRow row =
                row(
                        new Identity(
                                ids.get(),
                                generator.shownOf(value),
                                digestKey.digest(value).hex(),
                                userId,
                                null,
                                false,
                                now),
                        settings,
                        now);
        changes.make(handle -> insert(handle, row, null));
        hashes.add(row.id(), value);
        return value;
    }

    /** {@return the keys of this database as calls meet them} */
    public static List<ApiKey> load(Handle handle) {
        ApiKeyStore store = handle.attach(ApiKeyStore.class);
        Map<UUID, Set<UUID>> links = byKey(store.allLinks());
        return store.all().stream()
                .map(row -> stored(row, links))
                .flatMap(key -> key.inCatalog().stream())
                .toList();
    }

    /**
     * @param given the key's value if the operator chose it, or null
     */
    Created create(JsonNode body, @Nullable String given) {
        Instant now = now();
        KeySettings settings = KeySettings.DEFAULTS.with(body, now);
        String value = given == null ? generator.generate() : given;
        String shown = given == null ? generator.shownOf(value) : KeyGenerator.shownOfGiven(value);
        ApiKeyRow row =
                row(
                        new Identity(
                                ids.get(),
                                shown,
                                digestKey.digest(value).hex(),
                                owner(body, "user_id"),
                                owner(body, "organization_id"),
                                given != null,
                                now),
                        settings,
                        now);
        StoredKey created =
                made(() -> changes.make(handle -> insert(handle, row, settings.upstreamIds())));
        hashes.add(row.id(), value);
        return new Created(created, value);
    }

    private CatalogChanges.Made<StoredKey> insert(
            Handle handle, ApiKeyRow row, @Nullable Set<UUID> upstreamIds) {
        ApiKeyStore store = handle.attach(ApiKeyStore.class);
        requireActive(store, upstreamIds);
        requireOwners(store, row);
        store.insert(row);
        link(store, row.id(), upstreamIds);
        return put(new StoredKey(row, upstreamIds));
    }

    private static StoredKey made(Supplier<StoredKey> insertion) {
        try {
            return insertion.get();
        } catch (DuplicateRow _) {
            throw AdminException.invalidRequest("Another key has this value already", "key");
        }
    }

    Listing<StoredKey> list(AdminRequest.Paging paging) {
        return database.read(handle -> {
            ApiKeyStore store = handle.attach(ApiKeyStore.class);
            List<ApiKeyRow> rows = store.page(paging.size(), paging.offset());
            List<UUID> keys = rows.stream().map(ApiKeyRow::id).toList();
            Map<UUID, Set<UUID>> links = keys.isEmpty() ? Map.of() : byKey(store.links(keys));
            return new Listing<>(
                    rows.stream().map(row -> stored(row, links)).toList(), store.count(), paging);
        });
    }

    StoredKey get(UUID id) {
        return database.read(handle -> find(handle.attach(ApiKeyStore.class), id));
    }

    StoredKey update(UUID id, JsonNode body) {
        Instant now = now();
        return changes.make(handle -> {
            ApiKeyStore store = handle.attach(ApiKeyStore.class);
            StoredKey before = find(store, id);
            KeySettings settings = KeySettings.of(before).with(body, now);
            if (body.has("upstream_ids")) {
                requireActive(store, settings.upstreamIds());
                store.unlink(id);
                link(store, id, settings.upstreamIds());
            }
            ApiKeyRow row = row(Identity.of(before.row()), settings, now);
            store.update(row);
            return put(new StoredKey(row, settings.upstreamIds()));
        });
    }

    void revoke(UUID id) {
        Instant now = now();
        changes.make(handle -> {
            ApiKeyStore store = handle.attach(ApiKeyStore.class);
            StoredKey before = find(store, id);
            ApiKeyRow row =
                    row(
                            Identity.of(before.row()),
                            KeySettings.of(before).revoked(),
                            before.row().isActive() ? now : before.row().updatedAt());
            store.update(row);
            return put(new StoredKey(row, before.upstreamIds()));
        });
    }

    private static CatalogChanges.Made<StoredKey> put(StoredKey key) {
        return new CatalogChanges.Made<>(
                key, key.inCatalog().<Change>map(Change.KeyPut::new).stream().toList());
    }

    private static StoredKey find(ApiKeyStore store, UUID id) {
        ApiKeyRow row =
                store.find(id)
                        .orElseThrow(() -> AdminException.notFound("API key not found: " + id));
        return stored(row, byKey(store.links(List.of(id))));
    }

    private static void requireActive(ApiKeyStore store, @Nullable Set<UUID> upstreamIds) {
        if (upstreamIds == null) {
            return;
        }
        Set<UUID> unknown = new LinkedHashSet<>(upstreamIds);
        unknown.removeAll(Set.copyOf(store.activeUpstreams(upstreamIds)));
        if (!unknown.isEmpty()) {
            String list =
                    unknown.stream()
                            .map(id -> "'" + id + "'")
                            .collect(Collectors.joining(", ", "[", "]"));
            throw AdminException.invalidRequest(
                    "Invalid or inactive upstream IDs: " + list, "upstream_ids");
        }
    }

    private static @Nullable UUID owner(JsonNode body, String field) {
        JsonNode id = body.path(field);
        return id.isString() ? UUID.fromString(id.stringValue()) : null;
    }

    private static void requireOwners(ApiKeyStore store, ApiKeyRow row) {
        if (row.organizationId() != null && store.organizations(row.organizationId()) == 0) {
            throw AdminException.invalidField(
                    "organization_id", "value_error", "is the id of no organization");
        }
        if (row.userId() != null && store.users(row.userId()) == 0) {
            throw AdminException.invalidField("user_id", "value_error", "is the id of no user");
        }
    }

    private void link(ApiKeyStore store, UUID id, @Nullable Set<UUID> upstreamIds) {
        if (upstreamIds != null) {
            store.link(id, upstreamIds, now());
        }
    }

    private static StoredKey stored(ApiKeyRow row, Map<UUID, Set<UUID>> links) {
        return new StoredKey(
                row, row.allUpstreams() ? null : links.getOrDefault(row.id(), Set.of()));
    }

    private static Map<UUID, Set<UUID>> byKey(List<ApiKeyStore.Link> links) {
        return links.stream()
                .collect(
                        Collectors.groupingBy(
                                ApiKeyStore.Link::apiKeyId,
                                Collectors.mapping(
                                        ApiKeyStore.Link::upstreamId,
                                        Collectors.toCollection(LinkedHashSet::new))));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What never changes of a key. */
    private record Identity(
            UUID id,
            String prefix,
            @Nullable String digest,
            @Nullable UUID userId,
            @Nullable UUID organizationId,
            boolean weak,
            Instant createdAt) {
        static Identity of(ApiKeyRow row) {
            return new Identity(
                    row.id(),
                    row.prefix(),
                    row.digest(),
                    row.userId(),
                    row.organizationId(),
                    row.weak(),
                    row.createdAt());
        }
    }

    private static ApiKeyRow row(Identity identity, KeySettings settings, Instant updatedAt) {
        return new ApiKeyRow(
                identity.id(),
                settings.name(),
                settings.description(),
                identity.prefix(),
                identity.digest(),
                settings.permissions().stream()
                        .sorted()
                        .map(Permission::wireName)
                        .collect(Collectors.joining(" ")),
                settings.upstreamIds() == null,
                settings.isActive(),
                settings.expiresAt(),
                settings.defaultModel(),
                settings.sourceLabel(),
                identity.userId(),
                identity.organizationId(),
                identity.weak(),
                identity.createdAt(),
                updatedAt);
    }
}
