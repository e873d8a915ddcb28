package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What an upstream keeps of answers: for its owner only, at the upstream that made it. */
class StoredResponsesTest {
    @TempDir Path data;

    private static void upstream(RunningGateway gateway) throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"keeper","provider":"simulator","base_url":"%s","api_key":"%s",
                 "protocols":["openai-responses"],"discover_models":false}
                """
                        .formatted(gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));
    }

    private static HttpResponse<String> ask(RunningGateway gateway, String key, String body)
            throws Exception {
        return gateway.send(
                "POST", "/v1/responses", body, Map.of("authorization", "Bearer " + key));
    }

    private static HttpResponse<String> look(RunningGateway gateway, String key, String path)
            throws Exception {
        return gateway.send("GET", path, null, Map.of("authorization", "Bearer " + key));
    }

    private static String stranger(RunningGateway gateway) throws Exception {
        return gateway.admin("POST", "/admin/keys", "{\"name\":\"stranger\"}")
                .path("key_value")
                .asString();
    }

    @Test
    void aStoredAnswerIsSeenContinuedAndDeletedByItsOwnerOnly() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            String own = gateway.apiKey();
            HttpResponse<String> made =
                    ask(gateway, own, "{\"model\":\"keeper/sim-1\",\"input\":\"Hello\"}");
            assertThat(made.statusCode()).isEqualTo(200);
            String id = JsonMapper.shared().readTree(made.body()).path("id").asString();

            assertThat(look(gateway, own, "/v1/responses/" + id).statusCode()).isEqualTo(200);
            assertThat(look(gateway, own, "/v1/responses/" + id + "/input_items").statusCode())
                    .isEqualTo(200);
            String follow =
                    "{\"model\":\"keeper/sim-1\",\"input\":\"And?\",\"previous_response_id\":\"%s\"}"
                            .formatted(id);
            assertThat(ask(gateway, own, follow).statusCode()).isEqualTo(200);

            String other = stranger(gateway);
            assertThat(look(gateway, other, "/v1/responses/" + id).statusCode()).isEqualTo(404);
            HttpResponse<String> refused = ask(gateway, other, follow);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("previous_response_not_found");
        }
    }

    @Test
    void aStreamedAnswerIsKnownFromItsFirstEvent() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            HttpResponse<String> stream =
                    ask(
                            gateway,
                            gateway.apiKey(),
                            "{\"model\":\"keeper/sim-1\",\"input\":\"Hello\",\"stream\":true}");
            String id = stream.body().replaceAll("(?s).*?\"id\":\"(resp_[^\"]+)\".*", "$1");
            assertThat(look(gateway, gateway.apiKey(), "/v1/responses/" + id).statusCode())
                    .isEqualTo(200);
            HttpResponse<String> deleted =
                    gateway.send(
                            "DELETE",
                            "/v1/responses/" + id,
                            null,
                            Map.of("authorization", "Bearer " + gateway.apiKey()));
            assertThat(deleted.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anIdThatNobodyKnowsIsRefusedBeforeAnyUpstreamIsAsked() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            HttpResponse<String> refused =
                    ask(
                            gateway,
                            gateway.apiKey(),
                            "{\"model\":\"keeper/sim-1\",\"input\":\"x\",\"previous_response_id\":\"resp_guess\"}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(look(gateway, gateway.apiKey(), "/v1/responses/resp_guess").statusCode())
                    .isEqualTo(404);
        }
    }
}
