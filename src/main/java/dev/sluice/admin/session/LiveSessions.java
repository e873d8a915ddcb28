package dev.sluice.admin.session;

import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Organization;
import dev.sluice.catalog.User;
import dev.sluice.proxy.authenticate.Caller;
import dev.sluice.proxy.authenticate.SignedInUsers;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose session a token belongs to, while the session lives: the user is active and has not changed
 * the password since it began, their organization is active, and nobody has ended it. Ended
 * sessions are remembered for as long as one of their tokens could still be good.
 */
public final class LiveSessions implements SignedInUsers {
    private final SessionTokens tokens;
    private final Catalogs catalogs;
    private final Clock clock;
    private final Map<UUID, Instant> ended = new ConcurrentHashMap<>();

    public LiveSessions(SessionTokens tokens, Catalogs catalogs, Clock clock) {
        this.tokens = tokens;
        this.catalogs = catalogs;
        this.clock = clock;
    }

    @Override
    public Optional<Caller.SignedIn> recognise(String token) {
        return alive(token, SessionTokens.Kind.ACCESS);
    }

    /** {@return whose browser it is that sends this cookie} */
    Optional<Caller.SignedIn> ofCookie(String token) {
        return alive(token, SessionTokens.Kind.BROWSER);
    }

    private Optional<Caller.SignedIn> alive(String token, SessionTokens.Kind kind) {
        return tokens.read(token, kind)
                .filter(claims -> !ended.containsKey(claims.session()))
                .flatMap(claims ->
                        Optional.ofNullable(
                                        catalogs.current().governance().users().get(claims.user()))
                                .filter(user -> isActive(user))
                                .filter(user -> !claims.since().isBefore(user.sessionsSince()))
                                .map(user -> new Caller.SignedIn(user, claims.session())));
    }

    private boolean isActive(User user) {
        UUID id = user.organizationId();
        Organization organization =
                id == null ? null : catalogs.current().governance().organizations().get(id);
        return user.active() && (organization == null || organization.active());
    }

    /**
     * @param until when the last of its tokens expires
     */
    void end(UUID session, Instant until) {
        Instant now = clock.instant();
        ended.values().removeIf(expiry -> !expiry.isAfter(now));
        ended.put(session, until);
    }
}
