package dev.sluice.admin.session;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads the JWTs of sessions, HS256 under one key. No other algorithm is read, whatever a
 * token says of itself, and a token of one kind is never taken for another.
 */
public final class SessionTokens {
    private final byte[] key;
    private final Clock clock;

    /** What a token is for. */
    enum Kind {
        ACCESS,
        REFRESH,
        BROWSER;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a token says.
     *
     * @param since when the session began
     */
    record Claims(UUID user, UUID session, Instant since) {}

    /**
     * @param key 32 bytes that serve nothing else
     */
    public SessionTokens(byte[] key, Clock clock) {
        this.key = key.clone();
        this.clock = clock;
    }

    /**
     * {@return a token}
     *
     * @param id makes it differ from all others
     */
    String issue(Kind kind, Claims claims, UUID id, Instant expires) {
        JWTClaimsSet content =
                new JWTClaimsSet.Builder()
                        .subject(claims.user().toString())
                        .jwtID(id.toString())
                        .issueTime(Date.from(clock.instant()))
                        .expirationTime(Date.from(expires))
                        .claim("type", kind.wireName())
                        .claim("sid", claims.session().toString())
                        .claim("since", ChronoUnit.MICROS.between(Instant.EPOCH, claims.since()))
                        .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), content);
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException impossible) {
            throw new IllegalStateException("HS256 needs nothing but 32 bytes", impossible);
        }
        return token.serialize();
    }

    /** {@return what the token says, if it is ours, of that kind and not expired} */
    Optional<Claims> read(String token, Kind kind) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(parsed.getHeader().getAlgorithm())
                    || !parsed.verify(new MACVerifier(key))) {
                return Optional.empty();
            }
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            boolean expired = !clock.instant().isBefore(claims.getExpirationTime().toInstant());
            if (expired || !kind.wireName().equals(claims.getStringClaim("type"))) {
                return Optional.empty();
            }
            return Optional.of(
                    new Claims(
                            UUID.fromString(claims.getSubject()),
                            UUID.fromString(claims.getStringClaim("sid")),
                            Instant.EPOCH.plus(claims.getLongClaim("since"), ChronoUnit.MICROS)));
        } catch (ParseException | JOSEException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** {@return what a page of the session's browser must send with everything that changes} */
    String csrfToken(UUID session) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] text = ("csrf " + session).getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }
}
