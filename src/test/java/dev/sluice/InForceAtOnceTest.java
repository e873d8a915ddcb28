package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an operator takes away is gone for the very next request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InForceAtOnceTest {
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static int made;
    private RunningGateway gateway;
    private String organization = "";
    private String user = "";
    private String keyId = "";
    private String key = "";

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void makeAnOwner() throws Exception {
        int number = made++;
        organization = id(post("/admin/organizations", "{\"name\":\"org-%d\"}".formatted(number)));
        user =
                id(
                        post(
                                "/admin/users",
                                """
                                {"username":"user-%1$d","email":"u%1$d@example.com",
                                 "password":"long-enough-1","role":"member","organization_id":"%2$s"}
                                """
                                        .formatted(number, organization)));
        JsonNode theirs =
                post(
                        "/admin/keys",
                        "{\"name\":\"k\",\"user_id\":\"%s\",\"organization_id\":\"%s\"}"
                                .formatted(user, organization));
        keyId = id(theirs);
        key = theirs.path("key_value").asString();
        assertThat(call().statusCode()).isEqualTo(200);
    }

    private JsonNode post(String path, String body) throws Exception {
        return gateway.admin("POST", path, body);
    }

    private void put(String path, String body) throws Exception {
        JsonNode answer = gateway.admin("PUT", path, body);
        assertThat(answer.has("error")).as("%s", answer).isFalse();
    }

    private static String id(JsonNode answer) {
        assertThat(answer.path("id").asString("")).as("%s", answer).isNotEmpty();
        return answer.path("id").asString();
    }

    private HttpResponse<String> call() throws Exception {
        return gateway.send(
                "POST", "/v1/chat/completions", HELLO, Map.of("authorization", "Bearer " + key));
    }

    @Test
    void aKeyThatIsSwitchedOffAndOn() throws Exception {
        put("/admin/keys/" + keyId, "{\"is_active\":false}");
        assertThat(call().statusCode()).isEqualTo(401);

        put("/admin/keys/" + keyId, "{\"is_active\":true}");
        assertThat(call().statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyThatIsRevoked() throws Exception {
        gateway.admin("DELETE", "/admin/keys/" + keyId, null);

        assertThat(call().statusCode()).isEqualTo(401);
    }

    @Test
    void aKeyThatExpires() throws Exception {
        Instant soon = Instant.now().plus(Duration.ofSeconds(2));
        put("/admin/keys/" + keyId, "{\"expires_at\":\"%s\"}".formatted(soon));

        RunningGateway.await("the expiry", () -> Instant.now().isAfter(soon));

        assertThat(call().statusCode()).isEqualTo(401);
        put("/admin/keys/" + keyId, "{\"expires_at\":null}");
        assertThat(call().statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyThatMayOnlyReadFromNowOn() throws Exception {
        put("/admin/keys/" + keyId, "{\"permissions\":[\"read\"]}");

        assertThat(call().statusCode()).isEqualTo(403);
    }

    @Test
    void aUserWhoIsSwitchedOffAndOn() throws Exception {
        put("/admin/users/" + user, "{\"is_active\":false}");
        assertThat(call().statusCode()).isEqualTo(403);

        put("/admin/users/" + user, "{\"is_active\":true}");
        assertThat(call().statusCode()).isEqualTo(200);
    }

    @Test
    void anOrganizationThatIsSwitchedOffAndOn() throws Exception {
        put("/admin/organizations/" + organization, "{\"status\":\"inactive\"}");
        assertThat(call().statusCode()).isEqualTo(403);

        put("/admin/organizations/" + organization, "{\"status\":\"active\"}");
        assertThat(call().statusCode()).isEqualTo(200);
    }

    @Test
    void aMonthlyLimitThatIsLoweredBelowWhatIsUsed() throws Exception {
        put("/admin/organizations/" + organization, "{\"monthly_requests_limit\":1}");
        assertThat(call().statusCode()).isEqualTo(429);

        put("/admin/organizations/" + organization, "{\"monthly_requests_limit\":null}");
        assertThat(call().statusCode()).isEqualTo(200);
    }

    @Test
    void aPriceThatIsNewAndOneThatIsGone() throws Exception {
        put(
                "/admin/limits",
                """
                {"scope":"key","subject_id":"%s","limits":[
                  {"kind":"money","period":"month","amount":"5"}]}
                """
                        .formatted(keyId));
        assertThat(call().body()).contains("model_unpriced");

        String price = id(post("/admin/prices", "{\"model\":\"sim-1\",\"input\":1,\"output\":1}"));
        assertThat(call().statusCode()).isEqualTo(200);

        gateway.admin("DELETE", "/admin/prices/" + price, null);
        assertThat(call().body()).contains("model_unpriced");
    }
}
