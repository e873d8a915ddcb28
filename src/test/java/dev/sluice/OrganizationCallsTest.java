package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Organizations, their limits and their prices, as operators and callers meet them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrganizationCallsTest {
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private JsonNode organization(String body) throws Exception {
        JsonNode made = gateway.admin("POST", "/admin/organizations", body);
        assertThat(made.path("id").asString("")).as(made.toString()).isNotEmpty();
        return made;
    }

    private String key(JsonNode organization) throws Exception {
        return gateway.admin(
                        "POST",
                        "/admin/keys",
                        "{\"name\":\"theirs\",\"organization_id\":\"%s\"}"
                                .formatted(organization.path("id").asString()))
                .path("key_value")
                .asString();
    }

    private HttpResponse<String> call(String key) throws Exception {
        return gateway.send(
                "POST", "/v1/chat/completions", HELLO, Map.of("authorization", "Bearer " + key));
    }

    @Test
    void anOrganizationsMonthlyRequestsAreCountedOverAllItsKeys() throws Exception {
        JsonNode organization = organization("{\"name\":\"small\",\"monthly_requests_limit\":3}");
        String one = key(organization);
        String other = key(organization);

        assertThat(call(one).statusCode()).isEqualTo(200);
        assertThat(call(other).statusCode()).isEqualTo(200);
        assertThat(call(one).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = call(other);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("organization");
        assertThat(call(gateway.apiKey()).statusCode()).isEqualTo(200);

        gateway.admin(
                "PUT",
                "/admin/organizations/" + organization.path("id").asString(),
                "{\"monthly_requests_limit\":4}");
        assertThat(call(other).statusCode()).isEqualTo(200);
    }

    @Test
    void keysOfAnOrganizationThatIsSwitchedOffAreRefusedAtOnce() throws Exception {
        JsonNode organization = organization("{\"name\":\"closing\"}");
        String key = key(organization);
        assertThat(call(key).statusCode()).isEqualTo(200);

        gateway.admin("DELETE", "/admin/organizations/" + organization.path("id").asString(), null);

        HttpResponse<String> refused = call(key);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("owner_inactive");
        JsonNode inactive =
                gateway.admin("GET", "/admin/organizations?status=inactive&search=clos", null);
        assertThat(inactive.path("total").asInt()).isEqualTo(1);
    }

    @Test
    void aKeyOfAnUnknownOrganizationIsNotMade() throws Exception {
        JsonNode refused =
                gateway.admin(
                        "POST",
                        "/admin/keys",
                        "{\"name\":\"x\",\"organization_id\":\"00000000-0000-7000-8000-000000000000\"}");
        assertThat(refused.path("error").path("param").asString()).contains("organization_id");
    }

    @Test
    void numbersThatAreNoLimitsAreRefused() throws Exception {
        for (String number :
                new String[] {"-1", "1e308", "9223372036854775808", "\"NaN\"", "1.5"}) {
            JsonNode refused =
                    gateway.admin(
                            "POST",
                            "/admin/organizations",
                            "{\"name\":\"n%s\",\"monthly_requests_limit\":%s}"
                                    .formatted(number.replace("\"", ""), number));
            assertThat(refused.path("error").path("param").asString(""))
                    .as(number + refused)
                    .contains("monthly_requests_limit");
        }
    }

    @Test
    void anOperatorsPriceHoldsForTheNextCall() throws Exception {
        JsonNode price =
                gateway.admin(
                        "POST",
                        "/admin/prices",
                        "{\"model\":\"sim-priced\",\"input\":\"1000\",\"output\":\"2000\"}");
        assertThat(price.path("id").asString("")).as(price.toString()).isNotEmpty();
        HttpResponse<String> answer =
                gateway.chat(
                        """
                        {"model":"simulator/sim-priced!input-tokens=10,output-tokens=5",
                         "messages":[{"role":"user","content":"Hello"}]}
                        """);
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode shipped = gateway.admin("GET", "/admin/prices/shipped?search=gpt", null);
        assertThat(shipped.path("total").asInt()).isPositive();
    }
}
