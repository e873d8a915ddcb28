package dev.sluice.admin.session;

import dev.sluice.admin.Acting;
import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AuditTrail;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.Conditions;
import dev.sluice.admin.Listing;
import dev.sluice.admin.session.SessionTokens.Claims;
import dev.sluice.admin.session.SessionTokens.Kind;
import dev.sluice.admin.user.Passwords;
import dev.sluice.admin.user.UserRow;
import dev.sluice.admin.user.UserStore;
import dev.sluice.admin.user.Users;
import dev.sluice.catalog.Change;
import dev.sluice.store.Database;
import dev.sluice.store.DatabaseUnavailable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rules of sessions: how one begins, is renewed, and ends. */
public final class Sessions {
    static final Duration ACCESS = Duration.ofMinutes(30);
    static final Duration REFRESH = Duration.ofDays(7);
    static final Duration BROWSER = Duration.ofHours(12);

    private final Parts parts;
    private final Clock clock;
    private final Supplier<UUID> ids;

    /** What sessions are made of. */
    public record Parts(
            Database database,
            CatalogChanges changes,
            AuditTrail trail,
            Users users,
            Passwords passwords,
            SessionTokens tokens,
            LiveSessions live,
            SignInThrottle throttle) {}

    public Sessions(Parts parts, Clock clock, Supplier<UUID> ids) {
        this.parts = parts;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Where somebody signs in from.
     *
     * @param browser whether the session is to live in a cookie
     */
    record Origin(String address, @Nullable String userAgent, boolean browser) {}

    /**
     * What somebody gets who signed in.
     *
     * @param access the access token, or the cookie's value for a browser
     * @param refresh null for a browser
     * @param lifetime of {@code access}
     */
    record Begun(
            UserRow user,
            UUID session,
            String access,
            @Nullable String refresh,
            Duration lifetime) {
        @Override
        public String toString() {
            return "Begun[" + session + "]";
        }
    }

    /** Knows again which sessions were ended before their time. For the start. */
    public void recall() {
        parts.database()
                .read(handle ->
                        handle.attach(SessionStore.class).endedBeforeTheirTime(clock.instant()))
                .forEach(row -> parts.live().end(row.id(), lastToken(row)));
    }

    /**
     * Begins a session.
     *
     * @param name a username or an e-mail address
     * @throws AdminException 401 for a wrong name or password, which take equally long; 403 for a
     *     user who is switched off; 429 after too many attempts
     */
    Begun begin(String name, String password, Origin origin) {
        String known = name.strip().toLowerCase(Locale.ROOT);
        parts.throttle().attempt(known, origin.address());
        Optional<UserRow> found = named(known, origin.address());
        String hash = found.map(UserRow::passwordHash).orElse(null);
        if (!parts.passwords().matches(password, hash)) {
            throw new AdminException(
                    401, "invalid_credentials", "The name or the password is not right");
        }
        UserRow user = found.orElseThrow();
        parts.throttle().succeeded(known, origin.address());
        requireActive(user);
        Actor actor = actor(user, origin);
        return Acting.as(actor, () -> begin(user, origin, actor));
    }

    private Optional<UserRow> named(String known, String address) {
        try {
            return parts.database().read(handle -> handle.attach(UserStore.class).named(known));
        } catch (DatabaseUnavailable away) {
            parts.throttle().undecided(known, address);
            throw away;
        }
    }

    private Begun begin(UserRow user, Origin origin, Actor actor) {
        Instant now = now();
        UUID session = ids.get();
        Claims claims = new Claims(user.id(), session, now);
        Begun begun = origin.browser() ? browser(user, claims) : tokens(user, claims);
        SessionRow row =
                new SessionRow(
                        session,
                        user.id(),
                        origin.browser() ? "browser" : "token",
                        begun.refresh() == null ? null : digest(begun.refresh()),
                        origin.address(),
                        cut(origin.userAgent()),
                        now,
                        now.plus(origin.browser() ? BROWSER : REFRESH),
                        null,
                        null);
        return parts.changes()
                .make(handle -> {
                    UserStore users = handle.attach(UserStore.class);
                    UserRow current = users.find(user.id()).orElseThrow(Sessions::ended);
                    if (!current.passwordHash().equals(user.passwordHash())) {
                        throw ended();
                    }
                    handle.attach(SessionStore.class)
                            .deleteOlderThan(now.minus(Duration.ofDays(1)));
                    handle.attach(SessionStore.class).insert(row);
                    users.signedIn(user.id(), now);
                    note(handle, actor, "sign_in", session);
                    // The catalog may not know a user yet who was made by another process.
                    return new CatalogChanges.Made<>(
                            begun, List.of(new Change.UserPut(current.inCatalog())));
                });
    }

    /**
     * Renews a session. The refresh token is good once: whoever brings it a second time ends the
     * session, because one of the two has stolen it.
     *
     * @throws AdminException 401 for a token that is not good
     */
    Begun renew(String refresh) {
        Claims claims = parts.tokens().read(refresh, Kind.REFRESH).orElseThrow(Sessions::ended);
        Instant now = now();
        Optional<Begun> renewed =
                parts.database()
                        .write(handle -> {
                            SessionStore store = handle.attach(SessionStore.class);
                            UserRow user =
                                    handle.attach(UserStore.class)
                                            .find(claims.user())
                                            .orElseThrow(Sessions::ended);
                            requireActive(user);
                            if (claims.since().isBefore(user.sessionsSince())) {
                                throw ended();
                            }
                            Begun next = tokens(user, claims);
                            int changed =
                                    store.renew(
                                            claims.session(),
                                            digest(refresh),
                                            digest(String.valueOf(next.refresh())),
                                            now.plus(REFRESH));
                            if (changed == 0) {
                                store.end(claims.session(), now, "refresh_token_reused");
                                return Optional.empty();
                            }
                            return Optional.of(next);
                        });
        if (renewed.isEmpty()) {
            parts.live().end(claims.session(), now.plus(REFRESH));
            throw ended();
        }
        return renewed.get();
    }

    void end(Actor actor) {
        UUID session = actor.session();
        if (session == null) {
            throw AdminException.invalidRequest(
                    "There is no session to end: this is " + actor.name());
        }
        Instant now = now();
        parts.database()
                .update(handle -> {
                    if (handle.attach(SessionStore.class).end(session, now, "signed_out") > 0) {
                        note(handle, actor, "sign_out", session);
                    }
                });
        parts.live().end(session, now.plus(REFRESH));
    }

    /** {@return the own sessions that have not ended, newest first} */
    Listing<SessionRow> alive(Actor actor, AdminRequest request) {
        UUID user = signedIn(actor);
        Conditions conditions =
                new Conditions()
                        .require("user_id = :user", "user", user)
                        .require("created_at >= :since", "since", find(user).sessionsSince())
                        .require("ended_at is null and expires_at > :now", "now", clock.instant())
                        .require("kind = :kind", "kind", request.query("kind"))
                        .search(request.query("search"), "client_address", "user_agent");
        return parts.database()
                .read(handle ->
                        conditions.newest(handle, "sessions", SessionRow.class, request.paging()));
    }

    /** Ends one of the own sessions, of another device perhaps; others' are not found. */
    void end(Actor actor, UUID session) {
        UUID user = signedIn(actor);
        Instant now = now();
        SessionRow ended =
                parts.database()
                        .write(handle -> {
                            SessionStore store = handle.attach(SessionStore.class);
                            SessionRow row =
                                    store.find(session)
                                            .filter(found -> found.userId().equals(user))
                                            .orElseThrow(() -> notFound(session));
                            if (store.end(session, now, "signed_out") > 0) {
                                note(handle, actor, "sign_out", session);
                            }
                            return row;
                        });
        parts.live().end(session, lastToken(ended));
    }

    private static AdminException notFound(UUID session) {
        return AdminException.notFound("Session not found: " + session);
    }

    /** Changes the own password; all sessions of the user end. */
    void changePassword(Actor actor, String current, String changed) {
        UUID id = signedIn(actor);
        parts.throttle().attempt(id.toString(), actor.address());
        UserRow user = find(id);
        if (!parts.passwords().matches(current, user.passwordHash())) {
            throw new AdminException(
                    403, "invalid_credentials", "The current password is not right");
        }
        parts.throttle().succeeded(id.toString(), actor.address());
        parts.users().setPassword(id, changed);
    }

    UserRow who(Actor actor) {
        return find(signedIn(actor));
    }

    String csrfToken(UUID session) {
        return parts.tokens().csrfToken(session);
    }

    private UserRow find(UUID id) {
        return parts.database()
                .read(handle -> handle.attach(UserStore.class).find(id))
                .orElseThrow(Sessions::ended);
    }

    private static UUID signedIn(Actor actor) {
        if (actor.kind() != Actor.Kind.USER || actor.id() == null) {
            throw AdminException.invalidRequest("Nobody has signed in: this is " + actor.name());
        }
        return actor.id();
    }

    private Begun tokens(UserRow user, Claims claims) {
        Instant now = clock.instant();
        return new Begun(
                user,
                claims.session(),
                parts.tokens().issue(Kind.ACCESS, claims, ids.get(), now.plus(ACCESS)),
                parts.tokens().issue(Kind.REFRESH, claims, ids.get(), now.plus(REFRESH)),
                ACCESS);
    }

    private Begun browser(UserRow user, Claims claims) {
        Instant expires = clock.instant().plus(BROWSER);
        String cookie = parts.tokens().issue(Kind.BROWSER, claims, ids.get(), expires);
        return new Begun(user, claims.session(), cookie, null, BROWSER);
    }

    private void requireActive(UserRow user) {
        if (!user.isActive() || !parts.changes().areActive(user.organizationId())) {
            throw new AdminException(
                    403, "inactive", "This user, or their organization, has been switched off");
        }
    }

    private static Actor actor(UserRow user, Origin origin) {
        return new Actor(
                Actor.Kind.USER,
                user.id(),
                user.username(),
                user.known(),
                user.organizationId(),
                origin.address());
    }

    private void note(Handle handle, Actor actor, String action, UUID session) {
        parts.trail()
                .note(
                        handle,
                        actor,
                        List.of(new AuditTrail.Entry(action, "session", session, null, null)));
    }

    private static Instant lastToken(SessionRow row) {
        return row.expiresAt();
    }

    private static AdminException ended() {
        return new AdminException(
                401, "session_ended", "This session has ended, or never was: sign in again");
    }

    private static @Nullable String cut(@Nullable String userAgent) {
        return userAgent == null || userAgent.length() <= 256
                ? userAgent
                : userAgent.substring(0, 256);
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
