package dev.sluice.admin.apikey;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.admin.limit.Limits;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.limit.Subject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads and writes keys together with the upstreams that they may use, within a transaction. */
final class KeyRows {
    private final Handle handle;
    private final ApiKeyStore store;

    KeyRows(Handle handle) {
        this.handle = handle;
        this.store = handle.attach(ApiKeyStore.class);
    }

    /** {@return every key that can be recognised} */
    List<StoredKey> all() {
        Map<UUID, Set<UUID>> links = byKey(store.allLinks());
        return store.all().stream().map(row -> stored(row, links)).toList();
    }

    StoredKey find(UUID id) {
        ApiKeyRow row = store.find(id).orElseThrow(() -> KeyRights.notFound(id));
        return limited(stored(row, byKey(store.links(List.of(id)))));
    }

    private StoredKey limited(StoredKey key) {
        return new StoredKey(
                key.row(), key.upstreamIds(), Limits.of(handle, Subject.key(key.row().id())));
    }

    Listing<StoredKey> page(Conditions conditions, AdminRequest.Paging paging) {
        Listing<ApiKeyRow> page = conditions.newest(handle, "api_keys", ApiKeyRow.class, paging);
        List<UUID> ids = page.items().stream().map(ApiKeyRow::id).toList();
        Map<UUID, Set<UUID>> links = ids.isEmpty() ? Map.of() : byKey(store.links(ids));
        return page.map(row -> limited(stored(row, links)));
    }

    void insert(StoredKey key) {
        String digest = key.row().digest();
        requireActive(key.upstreamIds());
        if (digest != null && store.retiring(digest) > 0) {
            throw taken();
        }
        store.insert(key.row());
        link(key);
    }

    void update(StoredKey key, boolean isRelinked) {
        if (isRelinked) {
            requireActive(key.upstreamIds());
            store.unlink(key.row().id());
            link(key);
        }
        store.update(key.row());
    }

    void rotate(ApiKeyRow row) {
        store.rotate(row);
    }

    /** Puts these limits in place of the key's; {@return what the catalog must learn} */
    Change limit(StoredKey key) {
        return Limits.replace(
                handle, Subject.key(key.row().id()), key.limits(), key.row().updatedAt());
    }

    /**
     * {@return the owner, who exists; a key of a user belongs to the user's organization}
     *
     * @throws AdminException 422 for nobody, or somebody of another organization
     */
    ApiKeyRow.Owner owner(@Nullable UUID userId, @Nullable UUID organizationId) {
        if (organizationId != null && store.organizations(organizationId) == 0) {
            throw AdminException.invalidField(
                    "organization_id", "value_error", "is the id of no organization");
        }
        if (userId == null) {
            return new ApiKeyRow.Owner(null, organizationId);
        }
        UUID home = store.person(userId).orElseThrow(KeyRows::noUser).organizationId();
        if (home != null && organizationId != null && !home.equals(organizationId)) {
            throw noUser();
        }
        return new ApiKeyRow.Owner(userId, organizationId == null ? home : organizationId);
    }

    private static AdminException noUser() {
        return AdminException.invalidField(
                "user_id", "value_error", "is the id of no user of that organization");
    }

    static AdminException taken() {
        return AdminException.invalidRequest("Another key has this value already", "key");
    }

    private void requireActive(@Nullable Set<UUID> upstreamIds) {
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

    private void link(StoredKey key) {
        if (key.upstreamIds() != null) {
            store.link(key.row().id(), key.upstreamIds(), key.row().updatedAt());
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
}
