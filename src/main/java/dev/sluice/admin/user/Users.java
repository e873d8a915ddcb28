package dev.sluice.admin.user;

import dev.sluice.admin.Activation;
import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.Role;
import dev.sluice.catalog.User;
import dev.sluice.store.Database;
import dev.sluice.store.DuplicateRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules of users. */
public final class Users {
    private final Database database;
    private final CatalogChanges changes;
    private final Passwords passwords;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public Users(
            Database database,
            CatalogChanges changes,
            Passwords passwords,
            Clock clock,
            Supplier<UUID> ids) {
        this.database = database;
        this.changes = changes;
        this.passwords = passwords;
        this.clock = clock;
        this.ids = ids;
    }

    /** {@return the users of this database} */
    public static List<User> load(Handle handle) {
        return handle.attach(UserStore.class).all().stream().map(UserRow::inCatalog).toList();
    }

    UserRow create(JsonNode body, Actor actor) {
        Instant now = now();
        UserSettings settings =
                new UserSettings("", null, Role.MEMBER, Activation.ON, null).with(body, actor);
        UUID organization = UserRules.organizationOfNew(actor, settings.organizationId());
        UserRules.requireOwner(actor, settings.role());
        String hash = passwords.hash(UserSettings.password(body, "password"));
        UserRow row =
                new UserRow(
                        ids.get(),
                        organization,
                        body.path("username").stringValue().toLowerCase(Locale.ROOT),
                        settings.email(),
                        settings.displayName(),
                        hash,
                        settings.role().wireName(),
                        settings.activation().isActive(),
                        settings.activation().column(),
                        now,
                        null,
                        now,
                        now);
        return unique(() ->
                changes.make(handle -> {
                    requireOrganization(handle, organization);
                    handle.attach(UserStore.class).insert(row);
                    return put(row);
                }));
    }

    UserRow get(UUID id, Actor actor) {
        UserRow row = database.read(handle -> find(handle, id));
        UserRules.requireVisible(actor, row);
        return row;
    }

    UserRow update(UUID id, JsonNode body, Actor actor) {
        // Before the lock is taken: a hash takes its time.
        UserRules.requireChangeable(actor, database.read(handle -> find(handle, id)), body);
        String hash =
                body.has("password")
                        ? passwords.hash(UserSettings.password(body, "password"))
                        : null;
        Instant now = now();
        return unique(() ->
                changes.make(handle -> {
                    UserRow before = find(handle, id);
                    UserRules.requireChangeable(actor, before, body);
                    UserSettings settings = UserSettings.of(before).with(body, actor);
                    UserRules.requireGivable(actor, UserSettings.of(before), settings);
                    if (!Objects.equals(settings.organizationId(), before.organizationId())) {
                        requireOrganization(handle, settings.organizationId());
                    }
                    return store(handle, before, settings, hash, now);
                }));
    }

    /** The user stays, signs in no more, and their keys open nothing. */
    void deactivate(UUID id, Actor actor) {
        Instant now = now();
        changes.make(handle -> {
            UserRow before = find(handle, id);
            UserRules.requireVisible(actor, before);
            if (id.equals(actor.id()) || !actor.manages(before.organizationId())) {
                throw UserRules.forbidden("Only other owners and admins may deactivate a user");
            }
            UserRules.requireOwner(actor, before.known());
            return store(handle, before, UserSettings.of(before).deactivatedBy(actor), null, now);
        });
    }

    /** Sets the password of a user who has proved the old one; all their sessions end. */
    public void setPassword(UUID id, String password) {
        String hash = passwords.hash(password);
        Instant now = now();
        changes.make(handle -> {
            UserRow before = find(handle, id);
            return store(handle, before, UserSettings.of(before), hash, now);
        });
    }

    /** {@return the new password in that field of a body, found usable} */
    public static String newPassword(JsonNode body, String field) {
        return UserSettings.password(body, field);
    }

    private static CatalogChanges.Made<UserRow> store(
            Handle handle,
            UserRow before,
            UserSettings settings,
            @Nullable String hash,
            Instant now) {
        boolean ends = hash != null || (before.isActive() && !settings.activation().isActive());
        UserRow row =
                new UserRow(
                        before.id(),
                        settings.organizationId(),
                        before.username(),
                        settings.email(),
                        settings.displayName(),
                        hash == null ? before.passwordHash() : hash,
                        settings.role().wireName(),
                        settings.activation().isActive(),
                        settings.activation().column(),
                        ends ? now : before.sessionsSince(),
                        before.lastSignInAt(),
                        before.createdAt(),
                        now);
        UserStore store = handle.attach(UserStore.class);
        requireAnOwner(store, before, row);
        store.update(row);
        return put(row);
    }

    private static void requireAnOwner(UserStore store, UserRow before, UserRow after) {
        if (ownsAll(before) && !ownsAll(after) && store.otherOwners(before.id()) == 0) {
            throw AdminException.invalidRequest(
                    "This is the last active owner: make another user owner first");
        }
    }

    private static boolean ownsAll(UserRow row) {
        return row.known() == Role.OWNER && row.isActive() && row.organizationId() == null;
    }

    Listing<UserRow> list(AdminRequest request) {
        Actor actor = request.actor();
        String status = request.query("status");
        Conditions conditions =
                new Conditions()
                        .require("role = :role", "role", request.query("role"))
                        .require(
                                "is_active = :active",
                                "active",
                                status == null ? null : status.equals("active"))
                        .require(
                                "organization_id = :organization",
                                "organization",
                                request.queryId("organization_id"))
                        .require("organization_id = :own", "own", actor.organizationId())
                        .require(
                                "id = :self",
                                "self",
                                actor.role() == Role.MEMBER ? actor.id() : null)
                        .search(request.query("search"), "username", "email", "display_name");
        return database.read(
                handle -> conditions.newest(handle, "users", UserRow.class, request.paging()));
    }

    private static UserRow find(Handle handle, UUID id) {
        return handle.attach(UserStore.class).find(id).orElseThrow(() -> UserRules.notFound(id));
    }

    private static void requireOrganization(Handle handle, @Nullable UUID id) {
        if (id != null && handle.attach(UserStore.class).activeOrganizations(id) == 0) {
            throw AdminException.invalidRequest(
                    "Unknown or inactive organization: " + id, "organization_id");
        }
    }

    private static CatalogChanges.Made<UserRow> put(UserRow row) {
        return new CatalogChanges.Made<>(row, List.of(new Change.UserPut(row.inCatalog())));
    }

    private static UserRow unique(Supplier<UserRow> change) {
        try {
            return change.get();
        } catch (DuplicateRow _) {
            throw AdminException.invalidRequest(
                    "Another user has this username or e-mail address already");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
