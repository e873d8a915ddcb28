package dev.sluice.admin.apikey;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.admin.limit.LimitJson;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.store.Database;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
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

    /** A key, and its new text, which exists nowhere else. */
    record Created(StoredKey key, String value) {
        @Override
        public String toString() {
            return "Created[" + key.row().prefix() + "***]";
        }
    }

    /** A key that is made, and not stored yet. */
    public static final class Unstored {
        private final ApiKeyRow row;
        private final String text;

        private Unstored(ApiKeyRow row, String text) {
            this.row = row;
            this.text = text;
        }

        /** {@return the key's text, which exists nowhere else} */
        public String text() {
            return text;
        }

        /** {@return what the catalog must learn, once it is stored within that transaction} */
        public List<Change> store(Handle handle) {
            StoredKey key = new StoredKey(row, null);
            new KeyRows(handle).insert(key);
            return put(key).changes();
        }
    }

    /** {@return a key for that owner of the gateway, which may do everything} */
    public Unstored forOwner(UUID userId) {
        String text = generator.generate();
        ApiKeyRow row =
                ApiKeyRow.fresh(
                        ids.get(),
                        generated(text),
                        new ApiKeyRow.Owner(userId, null),
                        KeySettings.forOwner(),
                        now());
        return new Unstored(row, text);
    }

    /** Adds what is made later of a key that has been stored. */
    public void complete(Unstored stored) {
        hashes.add(stored.row.id(), String.valueOf(stored.row.digest()), stored.text);
    }

    /** {@return the keys of this database as calls meet them} */
    public static List<ApiKey> load(Handle handle) {
        return new KeyRows(handle).all().stream().flatMap(key -> key.inCatalog().stream()).toList();
    }

    Created create(AdminRequest request) {
        JsonNode body = request.body();
        Actor actor = request.actor();
        Instant now = now();
        KeySettings settings = KeySettings.DEFAULTS.with(body, actor, now);
        JsonNode given = body.path("key");
        String text = given.isString() ? given.stringValue() : generator.generate();
        ApiKeyRow.Value value = given.isString() ? given(text) : generated(text);
        UUID id = ids.get();
        StoredKey created =
                unique(() ->
                        changes.make(handle -> {
                            KeyRows rows = new KeyRows(handle);
                            ApiKeyRow.Owner owner = owner(rows, actor, body);
                            KeyRights.requireNew(actor, owner, body);
                            KeyRights.requireGivable(
                                    actor,
                                    KeySettings.DEFAULTS.permissions(),
                                    settings.permissions());
                            StoredKey key =
                                    new StoredKey(
                                            ApiKeyRow.fresh(id, value, owner, settings, now),
                                            settings.upstreamIds(),
                                            limits(body, List.of()));
                            rows.insert(key);
                            return key.limits().isEmpty() ? put(key) : put(key, rows.limit(key));
                        }));
        hashes.add(id, value.digest(), text);
        return new Created(created, text);
    }

    /** Whoever asks within an organization gets a key of that organization, members their own. */
    private static ApiKeyRow.Owner owner(KeyRows rows, Actor actor, JsonNode body) {
        UUID user = id(body, "user_id");
        UUID organization = id(body, "organization_id");
        return rows.owner(
                user == null ? KeyRights.onlyUser(actor) : user,
                organization == null ? actor.organizationId() : organization);
    }

    private static StoredKey unique(Supplier<StoredKey> change) {
        try {
            return change.get();
        } catch (DuplicateRow _) {
            throw KeyRows.taken();
        }
    }

    Listing<StoredKey> list(AdminRequest request) {
        Actor actor = request.actor();
        String status = request.query("status");
        Conditions conditions =
                new Conditions()
                        .require("user_id = :user", "user", request.queryId("user_id"))
                        .require(
                                "organization_id = :organization",
                                "organization",
                                request.queryId("organization_id"))
                        .require(
                                "is_active = :active",
                                "active",
                                status == null ? null : status.equals("active"))
                        .require("organization_id = :own", "own", actor.organizationId())
                        .require("user_id = :self", "self", KeyRights.onlyUser(actor))
                        .search(
                                request.query("search"),
                                "name",
                                "description",
                                "prefix",
                                "source_label");
        return database.read(handle -> new KeyRows(handle).page(conditions, request.paging()));
    }

    StoredKey get(UUID id, Actor actor) {
        StoredKey key = database.read(handle -> new KeyRows(handle).find(id));
        KeyRights.requireVisible(actor, key.row());
        return key;
    }

    StoredKey update(UUID id, JsonNode body, Actor actor) {
        Instant now = now();
        return changes.make(handle -> {
            KeyRows rows = new KeyRows(handle);
            StoredKey before = rows.find(id);
            KeyRights.requireChange(actor, before.row(), body);
            KeySettings settings = KeySettings.of(before).with(body, actor, now);
            KeyRights.requireGivable(actor, before.permissions(), settings.permissions());
            StoredKey key =
                    new StoredKey(
                            before.row().with(settings, now),
                            settings.upstreamIds(),
                            limits(body, before.limits()));
            rows.update(key, body.has("upstream_ids"));
            return body.has("limits") ? put(key, rows.limit(key)) : put(key);
        });
    }

    /**
     * Gives a key another value.
     *
     * @param grace how long the value of now opens it yet
     */
    Created rotate(UUID id, Duration grace, Actor actor) {
        Instant now = now();
        String text = generator.generate();
        ApiKeyRow.Value value = generated(text);
        StoredKey rotated =
                changes.make(handle -> {
                    KeyRows rows = new KeyRows(handle);
                    StoredKey before = rows.find(id);
                    KeyRights.requireChangeable(actor, before.row());
                    requireRotatable(before.row(), grace, now);
                    Instant until = grace.isZero() ? null : now.plus(grace);
                    ApiKeyRow row = before.row().rotated(value, until, now);
                    rows.rotate(row);
                    return put(new StoredKey(row, before.upstreamIds(), before.limits()));
                });
        hashes.add(id, value.digest(), text);
        return new Created(rotated, text);
    }

    private static void requireRotatable(ApiKeyRow key, Duration grace, Instant now) {
        if (!key.isActive() || (key.expiresAt() != null && !now.isBefore(key.expiresAt()))) {
            throw AdminException.invalidRequest(
                    "This key has been revoked or has expired: make another one");
        }
        if (key.digest() == null && !grace.isZero()) {
            throw AdminException.invalidRequest(
                    "This key was imported and has not been used yet, so that its value is not"
                            + " known: rotate it with grace_seconds 0",
                    "grace_seconds");
        }
    }

    void revoke(UUID id, Actor actor) {
        Instant now = now();
        changes.make(handle -> {
            KeyRows rows = new KeyRows(handle);
            StoredKey before = rows.find(id);
            KeyRights.requireChangeable(actor, before.row());
            Instant changedAt = before.row().isActive() ? now : before.row().updatedAt();
            ApiKeyRow row = before.row().with(KeySettings.of(before).revokedBy(actor), changedAt);
            StoredKey key = new StoredKey(row, before.upstreamIds(), before.limits());
            rows.update(key, false);
            return put(key);
        });
    }

    private static List<Limit> limits(JsonNode body, List<Limit> before) {
        return body.has("limits") ? LimitJson.read("limits", body.path("limits")) : before;
    }

    private static CatalogChanges.Made<StoredKey> put(StoredKey key, Change... further) {
        List<Change> changes = new ArrayList<>();
        key.inCatalog().map(Change.KeyPut::new).ifPresent(changes::add);
        changes.addAll(List.of(further));
        return new CatalogChanges.Made<>(key, changes);
    }

    private ApiKeyRow.Value generated(String text) {
        return new ApiKeyRow.Value(generator.shownOf(text), digestKey.digest(text).hex(), false);
    }

    private ApiKeyRow.Value given(String text) {
        return new ApiKeyRow.Value(
                KeyGenerator.shownOfGiven(text), digestKey.digest(text).hex(), true);
    }

    private static @Nullable UUID id(JsonNode body, String field) {
        JsonNode id = body.path(field);
        return id.isString() ? UUID.fromString(id.stringValue()) : null;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
