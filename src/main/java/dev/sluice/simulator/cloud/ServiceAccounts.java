package dev.sluice.simulator.cloud;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Service accounts of Google, any name, all with one key that is made when it is first needed; and
 * what Google looks at in an assertion that one of them has signed.
 */
final class ServiceAccounts {
    private static final String DOMAIN = "@simulator.iam.gserviceaccount.com";
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String KEY_ID = "simulated-key-1";
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Clock clock;
    private @Nullable KeyPair pair;

    ServiceAccounts(Clock clock) {
        this.clock = clock;
    }

    /** {@return the file that Google's console would hand out} */
    ObjectNode file(String name, String tokenUri) {
        String key =
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair().getPrivate().getEncoded());
        return Json.object()
                .put("type", "service_account")
                .put("project_id", "simulator")
                .put("private_key_id", KEY_ID)
                .put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n")
                .put("client_email", name + DOMAIN)
                .put("client_id", "100000000000000000000")
                .put("token_uri", tokenUri);
    }

    /** {@return the name of who signed that assertion, for that audience} */
    String signer(String assertion, String audience) throws Refusal {
        try {
            SignedJWT token = SignedJWT.parse(assertion);
            if (!JWSAlgorithm.RS256.equals(token.getHeader().getAlgorithm())
                    || !KEY_ID.equals(token.getHeader().getKeyID())
                    || !token.verify(new RSASSAVerifier((RSAPublicKey) pair().getPublic()))) {
                throw bad("Invalid JWT Signature.");
            }
            return signer(token.getJWTClaimsSet(), audience);
        } catch (ParseException | JOSEException unreadable) {
            throw bad("Invalid JWT: Token must be a JWT.");
        }
    }

    private String signer(JWTClaimsSet claims, String audience) throws Refusal, ParseException {
        Instant now = clock.instant();
        Date issued = claims.getIssueTime();
        Date ends = claims.getExpirationTime();
        if (issued == null
                || ends == null
                || issued.toInstant().isAfter(now.plus(SKEW))
                || ends.toInstant().isBefore(now)
                || Duration.between(issued.toInstant(), ends.toInstant()).compareTo(LONGEST) > 0) {
            throw bad(
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a"
                            + " reasonable timeframe.");
        }
        if (!claims.getAudience().equals(List.of(audience))) {
            throw bad("Invalid JWT: Failed audience check.");
        }
        if (!SCOPE.equals(claims.getStringClaim("scope"))) {
            throw OAuthErrors.refusal("invalid_scope", "Invalid OAuth scope or ID token audience.");
        }
        String issuer = claims.getIssuer();
        if (issuer == null || !issuer.endsWith(DOMAIN)) {
            throw bad("Invalid grant: account not found");
        }
        return issuer.substring(0, issuer.length() - DOMAIN.length());
    }

    private static Refusal bad(String message) {
        return OAuthErrors.refusal(OAuthErrors.BAD_GRANT, message);
    }

    private synchronized KeyPair pair() {
        if (pair == null) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2_048);
                pair = generator.generateKeyPair();
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("Every JDK knows RSA", impossible);
            }
        }
        return pair;
    }
}
