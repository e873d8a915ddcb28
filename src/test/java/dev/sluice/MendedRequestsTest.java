package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Protocol;
import dev.sluice.simulator.SimulatorSettings;
import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reasoning that another account sealed, at upstreams that verify it (wire-contract §2.6). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MendedRequestsTest {
    private static final String TURNS =
            """
            "messages":[{"role":"user","content":"Hello"},
             {"role":"assistant","content":[
              {"type":"thinking","thinking":"hm","signature":"c29tZWJvZHkgZWxzZQ=="},
              {"type":"text","text":"Well."}]},
             {"role":"user","content":"And now?"}]
            """;

    private RunningGateway gateway;
    private SimulatedProvider strict;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        strict =
                SimulatedProvider.start(
                        "127.0.0.1",
                        0,
                        new SimulatorSettings(
                                RunningGateway.UPSTREAM_KEY,
                                true,
                                100,
                                List.of("sim-1", "gemini-3-pro")));
        for (Protocol protocol : Protocol.values()) {
            gateway.admin(
                    "POST",
                    "/admin/upstreams",
                    """
                    {"name":"%1$s","provider":"simulator","base_url":"%2$s","api_key":"%3$s",
                     "protocols":["%1$s"],"discover_models":false}
                    """
                            .formatted(
                                    protocol.wireName(),
                                    strict.url(),
                                    RunningGateway.UPSTREAM_KEY));
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
        strict.close();
    }

    @BeforeEach
    void forget() {
        strict.simulator().sightings().reset();
    }

    private HttpResponse<String> send(String path, String body) throws Exception {
        return gateway.send(
                "POST", path, body, Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    private void isAnsweredWithout(String lost, HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-sluice-warnings").orElse(""))
                .contains("dropped:reasoning");
        List<Sighting> seen = strict.simulator().sightings().all();
        assertThat(seen).extracting(Sighting::status).containsExactly(400, 200);
        assertThat(seen.getFirst().bodyText()).contains(lost);
        assertThat(seen.getLast().bodyText()).doesNotContain(lost);
        String id = answer.headers().firstValue("x-request-id").orElseThrow();
        assertThat(gateway.record(id).path("warnings").toString()).contains("dropped:reasoning");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thinkingThatAnthropicCannotVerifyIsLeftOut(boolean stream) throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1/messages",
                        "{\"model\":\"anthropic/sim-1\",\"max_tokens\":2000,\"stream\":%s,%s}"
                                .formatted(stream, TURNS));

        isAnsweredWithout("c29tZWJvZHk", answer);
        assertThat(answer.body()).contains("now?");
    }

    @Test
    void aTurnOfToolsThatLosesItsThinkingIsAnsweredWithThinkingSwitchedOff() throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1/messages",
                        """
                        {"model":"anthropic/sim-1","max_tokens":4000,
                         "thinking":{"type":"enabled","budget_tokens":1024},
                         "tools":[{"name":"weather","input_schema":{"type":"object"}}],
                         "messages":[{"role":"user","content":"Hello"},
                          {"role":"assistant","content":[
                           {"type":"thinking","thinking":"hm","signature":"c29tZWJvZHkgZWxzZQ=="},
                           {"type":"tool_use","id":"toolu_1","name":"weather","input":{}}]},
                          {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",
                           "content":"sunny"}]}]}
                        """);

        isAnsweredWithout("c29tZWJvZHk", answer);
        assertThat(strict.simulator().sightings().all().getLast().bodyText())
                .contains("\"thinking\":{\"type\":\"disabled\"}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void encryptedContentOfAnotherAccountIsLeftOut(boolean stream) throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1/responses",
                        """
                        {"model":"openai-responses/sim-1","store":false,"stream":%s,"input":[
                         {"role":"user","content":"Hello"},
                         {"type":"reasoning","id":"rs_1","summary":[],
                          "encrypted_content":"c29tZWJvZHkgZWxzZQ=="},
                         {"role":"assistant","content":"Well."},
                         {"role":"user","content":"And now?"}]}
                        """
                                .formatted(stream));

        isAnsweredWithout("c29tZWJvZHk", answer);
    }

    @Test
    void aThoughtSignatureThatGoogleCannotVerifyIsLeftOut() throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1beta/models/gemini%2Fsim-1:generateContent",
                        """
                        {"contents":[{"role":"user","parts":[{"text":"Hello"}]},
                         {"role":"model","parts":[{"thoughtSignature":"c29tZWJvZHkgZWxzZQ==",
                          "functionCall":{"id":"c1","name":"weather","args":{}}}]},
                         {"role":"user","parts":[{"functionResponse":{"id":"c1","name":"weather",
                          "response":{"result":"sunny"}}}]}],
                         "tools":[{"functionDeclarations":[{"name":"weather"}]}]}
                        """);

        isAnsweredWithout("c29tZWJvZHk", answer);
        assertThat(strict.simulator().sightings().all().getLast().bodyText())
                .contains("skip_thought_signature_validator");
    }

    @Test
    void aTranslatedRequestIsMendedInItsUpstreamsDialect() throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1/chat/completions",
                        """
                        {"model":"gemini/gemini-3-pro","messages":[{"role":"user","content":"Hello"},
                         {"role":"assistant","content":null,"tool_calls":[{"id":"c1",
                          "type":"function","function":{"name":"weather","arguments":"{}"},
                          "extra_content":{"google":{"thought_signature":"c29tZWJvZHkgZWxzZQ=="}}}]},
                         {"role":"tool","tool_call_id":"c1","content":"sunny"}],
                         "tools":[{"type":"function","function":{"name":"weather"}}]}
                        """);

        isAnsweredWithout("c29tZWJvZHk", answer);
    }

    @Test
    void aBodyThatIsRefusedOnceMoreIsNotSentAThirdTime() throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1/messages",
                        "{\"model\":\"anthropic/sim-1!status=400\",\"max_tokens\":2000,%s}"
                                .formatted(TURNS));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(strict.simulator().sightings().all())
                .extracting(Sighting::status)
                .containsExactly(400, 400);
    }

    @Test
    void whatWasRefusedForAnythingElseIsNotSentAgain() throws Exception {
        HttpResponse<String> answer =
                send(
                        "/v1/messages",
                        "{\"model\":\"anthropic/sim-1!status=400\",\"max_tokens\":2000,%s}"
                                .formatted(
                                        TURNS.replace("thinking", "text")
                                                .replace(
                                                        "text\":\"hm\",\"signature\":\"c29tZWJvZHkgZWxzZQ==",
                                                        "text\":\"hm")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(strict.simulator().sightings().all()).hasSize(1);
    }
}
