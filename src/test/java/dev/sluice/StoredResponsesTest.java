package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
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

    private static String id(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body()).path("id").asString();
    }

    private static HttpResponse<String> act(
            RunningGateway gateway, String method, String path, String key) throws Exception {
        return gateway.send(method, path, null, Map.of("authorization", "Bearer " + key));
    }

    @Test
    void anAnswerInTheBackgroundIsCancelledByItsOwner() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            String own = gateway.apiKey();
            String id =
                    id(
                            ask(
                                    gateway,
                                    own,
                                    "{\"model\":\"keeper/sim-1\",\"input\":\"x\",\"background\":true}"));
            String path = "/v1/responses/" + id + "/cancel";

            HttpResponse<String> foreign = act(gateway, "POST", path, stranger(gateway));
            assertThat(foreign.statusCode()).isEqualTo(404);
            HttpResponse<String> cancelled = act(gateway, "POST", path, own);
            assertThat(cancelled.statusCode()).isEqualTo(200);
            assertThat(cancelled.body()).contains("cancelled");
        }
    }

    @Test
    void whatAnUpstreamRefusesOfAStoredAnswerIsPassedOn() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            String own = gateway.apiKey();
            String id = id(ask(gateway, own, "{\"model\":\"keeper/sim-1\",\"input\":\"x\"}"));
            String path = "/v1/responses/" + id;

            HttpResponse<String> cancelled = act(gateway, "POST", path + "/cancel", own);
            assertThat(cancelled.statusCode()).isEqualTo(400);
            assertThat(cancelled.body()).contains("Cannot cancel a synchronous response");
            assertThat(act(gateway, "DELETE", path, own).statusCode()).isEqualTo(200);
            HttpResponse<String> gone = act(gateway, "GET", path, own);
            assertThat(gone.statusCode()).isEqualTo(404);
            assertThat(JsonMapper.shared().readTree(gone.body()).at("/error/message").asString())
                    .contains(id);
        }
    }

    @Test
    void whatIsAskedOfAStoredAnswerReachesItsUpstreamAsItIs() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            String own = gateway.apiKey();
            String id = id(ask(gateway, own, "{\"model\":\"keeper/sim-1\",\"input\":\"x\"}"));
            gateway.simulator().sightings().reset();
            String query = "?stream=true&starting_after=3&include[]=message.output_text.logprobs";
            String encoded = query.replace("[]", "%5B%5D");

            assertThat(act(gateway, "GET", "/v1/responses/" + id + encoded, own).statusCode())
                    .isEqualTo(200);
            act(gateway, "GET", "/v1/responses/" + id + "/input_items?limit=1&order=asc", own);

            assertThat(gateway.simulator().sightings().all())
                    .extracting(Sighting::target)
                    .containsExactly(
                            "/v1/responses/" + id + encoded,
                            "/v1/responses/" + id + "/input_items?limit=1&order=asc");
        }
    }

    @Test
    void nothingOfAStoredAnswerIsAStrangersAndTheUpstreamIsNotEvenAsked() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            upstream(gateway);
            String id =
                    id(
                            ask(
                                    gateway,
                                    gateway.apiKey(),
                                    "{\"model\":\"keeper/sim-1\",\"input\":\"x\"}"));
            String other = stranger(gateway);
            gateway.simulator().sightings().reset();
            for (String call :
                    new String[] {
                        "GET ", "GET /input_items", "DELETE ", "POST /cancel", "GET ?stream=true"
                    }) {
                String[] words = call.split(" ", 2);
                HttpResponse<String> refused =
                        act(gateway, words[0], "/v1/responses/" + id + words[1], other);

                assertThat(refused.statusCode()).as(call).isEqualTo(404);
                assertThat(
                                JsonMapper.shared()
                                        .readTree(refused.body())
                                        .at("/error/type")
                                        .asString())
                        .isEqualTo("invalid_request_error");
            }
            assertThat(gateway.simulator().sightings().all()).isEmpty();
        }
    }

    @Test
    void whatGoogleKeepsIsRefusedToWhomItIsNotKnownToBelong() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            Map<String, String> key = Map.of("x-goog-api-key", gateway.apiKey());
            for (String kept :
                    new String[] {
                        "\"cachedContent\":\"cachedContents/1\",\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]",
                        "\"contents\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"files\\/1\"}}]}]"
                    }) {
                HttpResponse<String> refused =
                        gateway.send(
                                "POST",
                                "/v1beta/models/sim-1:generateContent",
                                "{" + kept + "}",
                                key);
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body())
                        .contains("INVALID_ARGUMENT")
                        .contains("is known to be yours");
            }
            assertThat(gateway.simulator().sightings().all()).isEmpty();
        }
    }
}
