package dev.sluice.admin.session;

import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.openapi.AdminAuthority;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Role;
import dev.sluice.catalog.User;
import dev.sluice.http.Exchange;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.authenticate.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.UUID;

/**
 * The one way into the control plane: the administration token, an API key with the permission
 * {@code admin}, an access token, or a browser's cookie; a request that changes something must then
 * bring the page's CSRF token along.
 */
public final class AdminEntrance implements AdminAuthority {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Authenticator authenticator;
    private final LiveSessions sessions;
    private final SessionTokens tokens;
    private final Catalogs catalogs;

    public AdminEntrance(
            Authenticator authenticator,
            LiveSessions sessions,
            SessionTokens tokens,
            Catalogs catalogs) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.tokens = tokens;
        this.catalogs = catalogs;
    }

    @Override
    public Actor require(Exchange exchange, AdminRule rule) {
        boolean open =
                rule == AdminRule.PUBLIC
                        || (rule == AdminRule.SETUP
                                && catalogs.current().governance().users().isEmpty());
        if (open) {
            return Actor.anonymous(exchange.clientAddress());
        }
        Actor actor = actor(exchange);
        if (!rule.admits(actor)) {
            throw new AdminException(
                    403,
                    "permission_denied",
                    "This is not for the role '%s' of %s"
                            .formatted(actor.role().wireName(), actor.name()));
        }
        return actor;
    }

    private Actor actor(Exchange exchange) {
        String cookie = SessionCookie.of(exchange.headers());
        if (cookie != null && !authenticator.hasCredentials(exchange)) {
            return ofCookie(exchange, cookie);
        }
        try {
            return actor(authenticator.administrator(exchange), exchange.clientAddress());
        } catch (GatewayException refused) {
            String code = refused.error().code();
            throw new AdminException(
                    refused.error().kind().status(),
                    code == null ? "forbidden" : code,
                    refused.error().message());
        }
    }

    private Actor ofCookie(Exchange exchange, String cookie) {
        Caller.SignedIn signedIn =
                sessions.ofCookie(cookie)
                        .orElseThrow(() ->
                                new AdminException(
                                        401,
                                        "session_ended",
                                        "This session has ended, or never was: sign in again"));
        String brought = String.valueOf(exchange.headers().get("x-csrf-token"));
        boolean isOwnPage =
                MessageDigest.isEqual(
                        brought.getBytes(StandardCharsets.UTF_8),
                        tokens.csrfToken(signedIn.session()).getBytes(StandardCharsets.UTF_8));
        if (!SAFE.contains(exchange.method()) && !isOwnPage) {
            throw new AdminException(
                    403,
                    "csrf_token_missing",
                    "Send the csrf_token of signing in as X-CSRF-Token with whatever changes"
                            + " something");
        }
        return actor(signedIn, exchange.clientAddress());
    }

    private Actor actor(Caller caller, String address) {
        return switch (caller) {
            case Caller.Operator _ -> Actor.operator(address);
            case Caller.KeyHolder holder -> ofKey(holder.key(), address);
            case Caller.SignedIn signedIn -> {
                User user = signedIn.user();
                yield new Actor(
                        Actor.Kind.USER,
                        user.id(),
                        user.username(),
                        user.role(),
                        user.organizationId(),
                        address,
                        signedIn.session());
            }
        };
    }

    /** A key reaches no further than its user does by now: whoever is demoted takes it along. */
    private Actor ofKey(ApiKey key, String address) {
        User user =
                key.userId() == null
                        ? null
                        : catalogs.current().governance().users().get(key.userId());
        UUID organization = key.organizationId();
        if (user != null) {
            UUID home = user.organizationId();
            boolean hasMoved = home != null && organization != null && !home.equals(organization);
            if (!user.role().isManaging() || hasMoved) {
                throw new AdminException(
                        403,
                        "permission_denied",
                        "The user of this key manages nothing there any more, and neither does the key");
            }
            organization = organization == null ? home : organization;
        }
        return new Actor(Actor.Kind.KEY, key.id(), key.name(), Role.ADMIN, organization, address);
    }
}
