package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator changes is in force for the next call; what lies beside the chat paths. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayInForceTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aRevokedKeyIsRefusedAtTheNextRequest() throws Exception {
        JsonNode made = gateway.admin("POST", "/admin/keys", "{\"name\":\"short-lived\"}");
        String key = made.path("key_value").asString();
        assertThat(gateway.chat(HELLO, "authorization", "Bearer " + key).statusCode())
                .isEqualTo(200);

        gateway.admin("DELETE", "/admin/keys/" + made.path("id").asString(), null);

        assertThat(gateway.chat(HELLO, "authorization", "Bearer " + key).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aNewUpstreamServesTheNextRequestAndADeletedOneNone() throws Exception {
        JsonNode upstream =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"second","provider":"openai-compatible","base_url":"%s/v1","api_key":"%s",
                         "models":[{"id":"second-model"}]}
                        """
                                .formatted(gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));
        String body = HELLO.replace("sim-1", "second-model");
        assertThat(gateway.chat(body).headers().firstValue("x-sluice-upstream")).hasValue("second");
        assertThat(gateway.chat(HELLO.replace("sim-1", "second/anything")).statusCode())
                .isEqualTo(200);

        gateway.admin("DELETE", "/admin/upstreams/" + upstream.path("id").asString(), null);

        assertThat(gateway.chat(body).statusCode()).isEqualTo(404);
        assertThat(listedBy("second", gateway.apiKey())).isEqualTo(503);
    }

    @Test
    void aKeyMayUseOnlyItsUpstreams() throws Exception {
        JsonNode other =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"other\",\"provider\":\"openai-compatible\",\"base_url\":\"%s\",\"models\":[{\"id\":\"other-model\"}]}"
                                .formatted(gateway.simulatorUrl()));
        String key =
                gateway.admin(
                                "POST",
                                "/admin/keys",
                                "{\"name\":\"bound\",\"upstream_ids\":[\""
                                        + other.path("id").asString()
                                        + "\"]}")
                        .path("key_value")
                        .asString();
        Map<String, String> headers = Map.of("authorization", "Bearer " + key);

        assertThat(gateway.chat(HELLO, "authorization", "Bearer " + key).statusCode())
                .isEqualTo(404);
        assertThat(gateway.send("GET", "/v1/models", null, headers).body())
                .contains("other-model")
                .doesNotContain("sim-1");
        assertThat(listedBy("simulator", key)).isEqualTo(403);
    }

    @Test
    void rawProxyingKeepsTheQueryTheBytesAndThePermission() throws Exception {
        Map<String, String> key = Map.of("authorization", "Bearer " + gateway.apiKey());
        HttpResponse<String> chat =
                gateway.send("POST", "/proxy/v1/chat/completions?a=b%20c", HELLO, key);

        assertThat(chat.statusCode()).isEqualTo(200);
        assertThat(seen().target()).isEqualTo("/v1/chat/completions?a=b%20c");
        assertThat(seen().bodyText()).isEqualTo(HELLO);
        assertThat(gateway.send("GET", "/proxy/v1/files", null, key).statusCode()).isEqualTo(403);
        assertThat(listedBy("nowhere", gateway.apiKey())).isEqualTo(400);
    }

    @Test
    void theSimpleChatAnswersWithAReply() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/chat",
                        "{\"message\":\"Hello\",\"model\":\"sim-1\"}",
                        Map.of("x-api-key", gateway.apiKey()));

        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("reply").asString()).isEqualTo("You wrote: Hello");
        assertThat(body.path("request_id").asString())
                .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(
                        gateway.send("POST", "/chat", "{}", Map.of("x-api-key", gateway.apiKey()))
                                .statusCode())
                .isEqualTo(422);
    }

    @Test
    void thePublicPagesSayWhatTheirReadersExpect() throws Exception {
        gateway.chat(HELLO);
        assertThat(gateway.send("GET", "/api/health", null, Map.of()).body())
                .isEqualTo("{\"status\":\"ok\"}");
        assertThat(gateway.send("GET", "/health", null, Map.of()).body())
                .contains("\"status\":\"healthy\"", "\"ok\":true");
        assertThat(
                        JSON.readTree(gateway.send("GET", "/ready", null, Map.of()).body())
                                .path("ready")
                                .asBoolean())
                .isTrue();
        assertThat(gateway.send("GET", "/metrics", null, Map.of()).body())
                .contains("sluice_calls_total");
        assertThat(gateway.send("GET", "/docs", null, Map.of()).statusCode()).isEqualTo(200);
        assertThat(gateway.send("GET", "/openapi.json", null, Map.of()).body())
                .contains("/admin/keys");
    }

    private Sighting seen() {
        return gateway.simulator().sightings().all().getLast();
    }

    /** {@return the status of that upstream's own list of models, asked for by its name} */
    private int listedBy(String upstream, String key) throws Exception {
        return gateway.send(
                        "GET",
                        "/proxy/v1/models",
                        null,
                        Map.of("authorization", "Bearer " + key, "x-upstream-name", upstream))
                .statusCode();
    }
}
