package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Upstreams whose key is an application of Microsoft Entra. */
class EntraApplicationTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECRET = RunningGateway.UPSTREAM_KEY;

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void anApplicationsTokenIsFetchedAndSentInsteadOfItsSecret() throws Exception {
        JsonNode made = add(application(SECRET));
        assertThat(made.path("api_key_masked").asString()).isEqualTo("app-1");

        HttpResponse<String> answer = chat();

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<Sighting> seen = gateway.simulator().sightings().all();
        assertThat(seen.getFirst().target()).isEqualTo("/contoso.example/oauth2/v2.0/token");
        Sighting call = seen.getLast();
        assertThat(call.headers().get("authorization")).startsWith("Bearer ya29.");
        assertThat(call.headers().get("api-key")).isNull();
    }

    @Test
    void aWrongSecretIsToldToOperatorsWithoutTheSecret() throws Exception {
        String wrong = "canary-wrong-secret-5512";
        assertThat(add(application(wrong)).has("id")).isTrue();

        HttpResponse<String> answer = chat();

        assertThat(answer.statusCode()).isEqualTo(502);
        String record =
                gateway.record(answer.headers().firstValue("x-request-id").orElseThrow())
                        .toString();
        assertThat(record)
                .contains("No access token for app-1")
                .contains("invalid_client")
                .contains("AADSTS7000215")
                .doesNotContain(wrong);
    }

    @Test
    void whatItLacksIsSaid() throws Exception {
        assertThat(add("{\"tenant_id\":\"t\",\"client_id\":\"c\"}").toString())
                .contains("lacks the text client_secret");
        assertThat(
                        add("{\"tenant_id\":\"a/b\",\"client_id\":\"c\",\"client_secret\":\"s\"}")
                                .toString())
                .contains("tenant_id that is neither");
    }

    private String application(String secret) {
        return JSON.createObjectNode()
                .put("tenant_id", "contoso.example")
                .put("client_id", "app-1")
                .put("client_secret", secret)
                .put("token_uri", gateway.simulatorUrl() + "/contoso.example/oauth2/v2.0/token")
                .toString();
    }

    private JsonNode add(String key) throws Exception {
        return gateway.admin(
                "POST",
                "/admin/upstreams",
                JSON.createObjectNode()
                        .put("name", "entra")
                        .put("provider", "vertex")
                        .put(
                                "base_url",
                                gateway.simulatorUrl()
                                        + "/v1/projects/p/locations/l/publishers/google")
                        .put("api_key", key)
                        .toString());
    }

    private HttpResponse<String> chat() throws Exception {
        return gateway.chat(
                "{\"model\":\"entra/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }
}
