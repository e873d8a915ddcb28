package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the simulated token endpoint looks at, as Google's does. */
class GoogleCloudTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Instant NOW = Upstream.NOW;

    private Upstream upstream;
    private JsonNode account;
    private PrivateKey key;

    @BeforeEach
    void start() throws Exception {
        upstream = Upstream.start(SimulatorSettings.DEFAULT);
        account = JSON.readTree(send("GET", "/simulator/google/service-accounts/robot", "").body());
        key = key(account.path("private_key").asString());
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void anAssertionAsGoogleWantsItGetsAToken() throws Exception {
        HttpResponse<String> answer = ask(assertion(claims().build(), key, "simulated-key-1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode token = JSON.readTree(answer.body());
        assertThat(token.path("access_token").asString()).startsWith("ya29.");
        assertThat(token.path("expires_in").asInt()).isEqualTo(3_599);
        assertThat(token.path("token_type").asString()).isEqualTo("Bearer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "other key     | invalid_grant          | Invalid JWT Signature.",
                "other key id  | invalid_grant          | Invalid JWT Signature.",
                "no token      | invalid_grant          | Token must be a JWT",
                "audience      | invalid_grant          | audience",
                "two hours     | invalid_grant          | short-lived",
                "ended         | invalid_grant          | short-lived",
                "scope         | invalid_scope          | scope",
                "account       | invalid_grant          | account not found",
            })
    void anyOtherIsRefused(String fault, String code, String message) throws Exception {
        HttpResponse<String> answer = ask(faulty(fault));

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.body());
        assertThat(error.path("error").asString()).isEqualTo(code);
        assertThat(error.path("error_description").asString()).contains(message);
    }

    @Test
    void anotherGrantAndABodyThatIsNoFormAreRefused() throws Exception {
        assertThat(send("POST", "/token", "grant_type=password&assertion=a").body())
                .contains("unsupported_grant_type");
        assertThat(send("POST", "/token", "assertion=a").body()).contains("grant_type");
    }

    private String faulty(String fault) throws Exception {
        return switch (fault) {
            case "other key" -> {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2_048);
                PrivateKey other = generator.generateKeyPair().getPrivate();
                yield assertion(claims().build(), other, "simulated-key-1");
            }
            case "other key id" -> assertion(claims().build(), key, "another");
            case "no token" -> "abc";
            case "audience" -> signed(claims().audience("https://elsewhere.example/token"));
            case "two hours" -> signed(claims().expirationTime(Date.from(NOW.plusSeconds(7_200))));
            case "ended" ->
                    signed(
                            claims().issueTime(Date.from(NOW.minusSeconds(3_700)))
                                    .expirationTime(Date.from(NOW.minusSeconds(100))));
            case "scope" -> signed(claims().claim("scope", "email"));
            case "account" -> signed(claims().issuer("robot@example.com"));
            default -> throw new IllegalArgumentException(fault);
        };
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(account.path("client_email").asString())
                .audience(account.path("token_uri").asString())
                .claim("scope", "https://www.googleapis.com/auth/cloud-platform")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(3_600)));
    }

    private String signed(JWTClaimsSet.Builder claims) throws Exception {
        return assertion(claims.build(), key, "simulated-key-1");
    }

    private static String assertion(JWTClaimsSet claims, PrivateKey key, String id)
            throws Exception {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static PrivateKey key(String pem) throws Exception {
        byte[] encoded =
                Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private HttpResponse<String> ask(String assertion) throws Exception {
        return send(
                "POST",
                "/token",
                "grant_type="
                        + URLEncoder.encode(
                                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                StandardCharsets.UTF_8)
                        + "&assertion="
                        + assertion);
    }

    private HttpResponse<String> send(String method, String path, String form) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(upstream.url(path)))
                            .header("content-type", "application/x-www-form-urlencoded")
                            .method(method, HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
