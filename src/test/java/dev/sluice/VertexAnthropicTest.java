package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's models at Google: the path names the model, the body version and betas. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VertexAnthropicTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PLACE = "/v1/projects/p/locations/us-east5";
    private static final String MODELS = PLACE + "/publishers/anthropic/models/";
    private static final String VERSION = "\"anthropic_version\":\"vertex-2023-10-16\"";

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"v","provider":"vertex-anthropic","base_url":"%s","api_key":"%s"}
                        """
                                .formatted(
                                        gateway.simulatorUrl() + PLACE,
                                        RunningGateway.UPSTREAM_KEY));
        assertThat(made.has("id")).as(made.toString()).isTrue();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    @Test
    void aMessagesBodyKeepsEveryByteButItsModel() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        { "max_tokens" : 50,  "model":"v/sim-1", "temperature": 1.0e0,
                          "messages":[{"role":"user","content":"H\\u00e9llo"}] , "stream":false}
                        """);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/content/0/text").asString())
                .isEqualTo("You wrote: Héllo");
        assertThat(seen().target()).isEqualTo(MODELS + "sim-1:rawPredict");
        assertThat(seen().bodyText())
                .isEqualTo(
                        """
                        { "max_tokens" : 50,  %s, "temperature": 1.0e0,
                          "messages":[{"role":"user","content":"H\\u00e9llo"}] , "stream":false}
                        """
                                .formatted(VERSION));
    }

    @Test
    void aStreamIsAskedForByThePathAndPassesAsItCame() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"v/claude-sonnet-4-5@20250929","max_tokens":50,"stream":true,
                         "messages":[{"role":"user","content":"Hello there"}]}
                        """);

        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(answer.body())
                .startsWith("event: message_start\ndata: {")
                .contains("\"text\":\"You\"")
                .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        assertThat(seen().target())
                .isEqualTo(MODELS + "claude-sonnet-4-5@20250929:streamRawPredict");
        assertThat(seen().bodyText()).contains("\"stream\":true").contains(VERSION);
    }

    @Test
    void theHeaderOfTheVersionStaysAndBetasStandInTheBody() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"v/sim-1","max_tokens":50,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """,
                        "anthropic-version",
                        "2023-06-01",
                        "anthropic-beta",
                        "context-1m-2025-08-07,compact-2026-01-12");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(seen().headers().get("anthropic-version")).isNull();
        assertThat(seen().headers().get("anthropic-beta"))
                .as("long contexts are refused in the header")
                .isEqualTo("compact-2026-01-12");
        assertThat(seen().bodyText())
                .contains(
                        VERSION
                                + ",\"anthropic_beta\":[\"context-1m-2025-08-07\",\"compact-2026-01-12\"]");
    }

    @Test
    void whatTheBodySaysOfItsVersionIsReplaced() throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"anthropic_version":"bedrock-2023-05-31","model":"v/sim-1","max_tokens":5,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(seen().bodyText()).startsWith("{" + VERSION + ",\"max_tokens\":5");
    }

    @Test
    void otherProtocolsAreTranslatedToIt() throws Exception {
        String chat =
                "{\"model\":\"v/sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}";

        HttpResponse<String> plain = gateway.chat(chat.formatted(""));
        assertThat(JSON.readTree(plain.body()).at("/choices/0/message/content").asString())
                .isEqualTo("You wrote: Hello");
        assertThat(seen().target()).isEqualTo(MODELS + "sim-1:rawPredict");
        JsonNode sent = JSON.readTree(seen().bodyText());
        assertThat(sent.has("model")).isFalse();
        assertThat(sent.path("anthropic_version").asString()).isEqualTo("vertex-2023-10-16");
        assertThat(seen().headers().get("anthropic-version")).isNull();

        HttpResponse<String> streamed = gateway.chat(chat.formatted(",\"stream\":true"));
        assertThat(streamed.body()).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
        assertThat(seen().target()).isEqualTo(MODELS + "sim-1:streamRawPredict");
    }

    @Test
    void tokensAreCountedAtAPathOfTheirOwnWithTheModelInTheBody() throws Exception {
        HttpResponse<String> own =
                gateway.post(
                        "/v1/messages/count_tokens",
                        """
                        {"model":"v/sim-1","messages":[{"role":"user","content":"Hello there"}]}
                        """);
        assertThat(own.body()).isEqualTo("{\"input_tokens\":3}");
        assertThat(own.headers().firstValue("x-sluice-warnings")).isEmpty();
        assertThat(seen().target()).isEqualTo(MODELS + "count-tokens:rawPredict");
        assertThat(seen().bodyText()).startsWith("{" + VERSION + ",\"model\":\"sim-1\",");

        HttpResponse<String> other =
                gateway.post(
                        "/v1/responses/input_tokens",
                        "{\"model\":\"v/sim-1\",\"input\":\"Hello there\"}");
        assertThat(other.body()).contains("\"input_tokens\":3");
        assertThat(seen().target()).isEqualTo(MODELS + "count-tokens:rawPredict");
    }

    @Test
    void aModelCannotClimbOutOfItsPlace() throws Exception {
        gateway.post(
                "/v1/messages",
                """
                {"model":"v/x?y=z:rawPredict#","max_tokens":5,
                 "messages":[{"role":"user","content":"Hello"}]}
                """);

        assertThat(seen().target()).isEqualTo(MODELS + "x%3Fy%3Dz%3ArawPredict%23:rawPredict");
    }

    @ParameterizedTest
    @CsvSource({
        "status=429;body=dialect, 429, rate_limit_error",
        "status=429;body=array,   429, rate_limit_error",
        "status=429;body=object,  429, rate_limit_error",
        "status=400;body=detail,  400, invalid_request_error",
    })
    void errorsInOtherWordsAreSaidInAnthropics(String fault, int status, String type)
            throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"v/sim-1!%s,tag=%s","max_tokens":5,
                         "messages":[{"role":"user","content":"Hello"}]}
                        """
                                .formatted(fault.replace(';', ','), fault.hashCode()));

        JsonNode error = JSON.readTree(answer.body());
        assertThat(error.path("type").asString()).as(answer.body()).isEqualTo("error");
        assertThat(error.at("/error/type").asString()).as(answer.body()).isEqualTo(type);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void aRehearsalShowsWhatWouldBeSent() throws Exception {
        JsonNode told =
                gateway.admin(
                        "POST",
                        "/admin/translate",
                        """
                        {"protocol":"anthropic","body":{"model":"v/sim-1","max_tokens":5,
                          "messages":[{"role":"user","content":"Hello"}]}}
                        """);

        assertThat(told.toString())
                .contains("vertex-2023-10-16")
                .contains(MODELS + "sim-1:rawPredict")
                .doesNotContain("\"model\":\"sim-1\",\"max_tokens\"");
    }

    private Sighting seen() {
        return gateway.simulator().sightings().all().getLast();
    }

    private HttpResponse<String> messages(String body, String... headers) throws Exception {
        return gateway.post("/v1/messages", body, headers);
    }
}
