package dev.sluice.proxy.authenticate;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.KeyDigest;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Secret;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.http.Exchange;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns the credentials of a request into one {@link Caller}, and holds it to the rule of its
 * route. Every credential present is looked up; exactly one caller must result.
 */
public final class Authenticator {
    private static final int LONGEST_ENCODED = 512;
    private static final String HOW =
            "Send it as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";

    private final Catalogs catalogs;
    private final DigestKey digestKey;
    private final @Nullable Secret adminToken;
    private final FailedAttempts failedAttempts;
    private final SignedInUsers signedIn;
    private final Clock clock;
    private final LongAdder refusals = new LongAdder();

    /**
     * @param adminToken null switches the operator's token off
     */
    public Authenticator(
            Catalogs catalogs,
            DigestKey digestKey,
            @Nullable Secret adminToken,
            FailedAttempts failedAttempts,
            SignedInUsers signedIn,
            Clock clock) {
        this.catalogs = catalogs;
        this.digestKey = digestKey;
        this.adminToken = adminToken;
        this.failedAttempts = failedAttempts;
        this.signedIn = signedIn;
        this.clock = clock;
    }

    /**
     * {@return the holder of the key that the request carries}
     *
     * @throws GatewayException 401 without a good key, 400 with two, 403 where the key may not do
     *     what the route's rule asks
     */
    public ApiKey authenticate(Exchange exchange, Permission needed) {
        return switch (caller(exchange)) {
            case Caller.KeyHolder holder -> permitted(unrestricted(holder.key(), exchange), needed);
            case Caller.SignedIn _ ->
                    throw unauthenticated("Signing in does not call models: use an API key.");
            case Caller.Operator _ ->
                    throw unauthenticated(
                            "The administration token does not call models: use an API key.");
        };
    }

    /**
     * Lets the operator, people who signed in, and keys with permission {@code admin} pass.
     *
     * @throws GatewayException 401 without a good credential, 400 with two, 403 for a key without
     *     that permission
     */
    public Caller administrator(Exchange exchange) {
        Caller caller = caller(exchange);
        if (caller instanceof Caller.KeyHolder holder) {
            permitted(unrestricted(holder.key(), exchange), Permission.ADMIN);
        }
        return caller;
    }

    /** {@return how many requests came without a good credential since the start} */
    public long refusals() {
        return refusals.sum();
    }

    /** {@return whether the request carries any credential, good or not; cookies are none} */
    public boolean hasCredentials(Exchange exchange) {
        return !Credentials.of(exchange).isEmpty();
    }

    /** {@return the key, if it may be used from there, for that, and its owner is active} */
    private ApiKey unrestricted(ApiKey key, Exchange exchange) {
        if (!catalogs.current().governance().areActive(key.userId(), key.organizationId())) {
            throw forbidden(
                    "owner_inactive",
                    "The user or organization that owns this API key has been switched off.");
        }
        if (!key.rules().allowsAddress(exchange.clientAddress())) {
            throw forbidden(
                    "address_not_allowed",
                    "This API key may not be used from " + exchange.clientAddress() + ".");
        }
        if (!key.rules().allowsPath(exchange.path())) {
            throw forbidden(
                    "endpoint_not_allowed", "This API key may not be used for this endpoint.");
        }
        return key;
    }

    private static GatewayException forbidden(String code, String message) {
        return GatewayException.client(ErrorKind.FORBIDDEN, code, message);
    }

    private ApiKey permitted(ApiKey key, Permission needed) {
        if (!key.may(needed)) {
            throw GatewayException.client(
                    ErrorKind.FORBIDDEN,
                    "permission_denied",
                    "This API key lacks the permission '" + needed.wireName() + "'.");
        }
        return key;
    }

    private Caller caller(Exchange exchange) {
        Set<String> credentials = Credentials.of(exchange);
        if (credentials.isEmpty()) {
            throw unauthenticated("No API key given. " + HOW);
        }
        Set<Caller> callers = new LinkedHashSet<>(2);
        for (String credential : credentials) {
            lookUp(credential, exchange.clientAddress()).ifPresent(callers::add);
        }
        if (callers.size() > 1) {
            throw GatewayException.client(
                    ErrorKind.BAD_REQUEST,
                    "ambiguous_credentials",
                    "The request carries two different valid credentials: send one.");
        }
        return callers.stream().findFirst().orElseThrow(() -> unknown(exchange.clientAddress()));
    }

    private Optional<Caller> lookUp(String credential, String address) {
        if (isAdminToken(credential)) {
            return Optional.of(new Caller.Operator());
        }
        if (isJwt(credential)) {
            Optional<Caller.SignedIn> user = signedIn.recognise(credential);
            if (user.isPresent()) {
                return user.map(Function.identity());
            }
        }
        Catalog catalog = catalogs.current();
        return known(catalog, credential, address)
                .or(() -> decoded(credential).flatMap(raw -> known(catalog, raw, address)))
                .filter(ApiKey::active)
                .map(this::unexpired)
                .map(Caller.KeyHolder::new);
    }

    private Optional<ApiKey> known(Catalog catalog, String value, String address) {
        KeyDigest digest = digestKey.digest(value);
        return catalog.key(digest)
                .filter(key -> key.answersTo(digest, clock.instant()))
                .filter(key -> !key.isWeak(digest) || !failedAttempts.tooMany(address));
    }

    private ApiKey unexpired(ApiKey key) {
        if (key.isExpiredAt(clock.instant())) {
            refusals.increment();
            throw GatewayException.client(
                    ErrorKind.UNAUTHENTICATED,
                    "api_key_expired",
                    "This API key has expired: ask for a new one.");
        }
        return key;
    }

    private boolean isAdminToken(String credential) {
        return adminToken != null
                && MessageDigest.isEqual(
                        adminToken.value().getBytes(StandardCharsets.UTF_8),
                        credential.getBytes(StandardCharsets.UTF_8));
    }

    /** What begins with an object in base64url and has three parts. */
    private static boolean isJwt(String credential) {
        return credential.startsWith("eyJ")
                && credential.chars().filter(character -> character == '.').count() == 2;
    }

    /** Some clients send the standard base64 of their key. */
    private static Optional<String> decoded(String credential) {
        if (credential.length() > LONGEST_ENCODED) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new String(Base64.getDecoder().decode(credential), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private GatewayException unknown(String address) {
        boolean tooMany = failedAttempts.tooMany(address);
        failedAttempts.failed(address);
        if (tooMany) {
            refusals.increment();
            return new GatewayException(
                    ChatError.of(
                            ErrorKind.LIMITED,
                            "too_many_failed_credentials",
                            "Too many wrong API keys from this address: wait a minute."),
                    Fault.CLIENT,
                    60_000L);
        }
        return unauthenticated("This API key is not known or no longer active. " + HOW);
    }

    private GatewayException unauthenticated(String message) {
        refusals.increment();
        return GatewayException.client(ErrorKind.UNAUTHENTICATED, "invalid_api_key", message);
    }
}
