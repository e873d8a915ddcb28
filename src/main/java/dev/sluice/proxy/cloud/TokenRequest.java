package dev.sluice.proxy.cloud;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.catalog.cloud.EntraApplication;
import dev.sluice.catalog.cloud.GoogleServiceAccount;
import dev.sluice.catalog.cloud.TokenAccount;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/**
 * The form that asks a token endpoint for an access token.
 *
 * @param secret what in it must not be told further
 */
record TokenRequest(String form, String secret) {
    /** RFC 7523 §2.1. */
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static final String GOOGLE_SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    /** The longest that Google takes. */
    private static final int ASSERTION_SECONDS = 3_600;

    /** {@return the form for that account} Signing takes a millisecond: not for an event loop. */
    static TokenRequest of(TokenAccount account, Instant now) {
        return switch (account) {
            case GoogleServiceAccount google -> {
                String assertion = assertion(google, now);
                String form = field("grant_type", JWT_BEARER) + '&' + field("assertion", assertion);
                yield new TokenRequest(form, assertion);
            }
            case EntraApplication entra -> {
                String form =
                        String.join(
                                "&",
                                field("grant_type", "client_credentials"),
                                field("client_id", entra.clientId()),
                                field("client_secret", entra.clientSecret()),
                                field("scope", entra.scope()));
                yield new TokenRequest(form, entra.clientSecret());
            }
        };
    }

    private static String assertion(GoogleServiceAccount account, Instant now) {
        Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .issuer(account.name())
                        .audience(account.tokenUri().toString())
                        .claim("scope", GOOGLE_SCOPE)
                        .issueTime(Date.from(issued))
                        .expirationTime(Date.from(issued.plusSeconds(ASSERTION_SECONDS)))
                        .build();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(account.keyId())
                        .build();
        SignedJWT assertion = new SignedJWT(header, claims);
        try {
            assertion.sign(new RSASSASigner(account.privateKey()));
        } catch (JOSEException unsignable) {
            throw new NoAccessToken(
                    "The private key of " + account.name() + " does not sign: it is no usable key");
        }
        return assertion.serialize();
    }

    private static String field(String name, String value) {
        return name + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "***";
    }
}
