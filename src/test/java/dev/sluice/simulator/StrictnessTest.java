package dev.sluice.simulator;

import static dev.sluice.simulator.Upstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What a provider refuses and a lenient simulator lets pass. */
class StrictnessTest {
    private static Upstream strict;
    private static Upstream lenient;

    @BeforeAll
    static void start() throws Exception {
        strict = Upstream.start(SimulatorSettings.DEFAULT.asStrict());
        lenient = Upstream.start(SimulatorSettings.DEFAULT);
    }

    @AfterAll
    static void stop() {
        strict.close();
        lenient.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/chat/completions | {'model':'sim-1','messages':[{'role':'tool','tool_call_id':'c','content':'x'}]} | must be a response to a preceding message with 'tool_calls'",
                "/v1/chat/completions | {'model':'sim-1','messages':[{'role':'assistant','tool_calls':[{'id':'c'}]},{'role':'user','content':'x'}]} | must be followed by tool messages",
                "/v1/responses | {'model':'sim-1','input':[{'type':'function_call_output','call_id':'c','output':'x'}]} | No tool call found",
                "/v1/responses | {'model':'sim-1','input':[{'type':'function_call','call_id':'c'}]} | No tool output found",
                "/v1/responses | {'model':'sim-1','input':[{'type':'reasoning','id':'rs_1','encrypted_content':'foreign'}]} | could not be verified",
                "/v1/messages | {'model':'sim-1','max_tokens':9,'messages':[{'role':'assistant','content':'x'}]} | first message must use",
                "/v1/messages | {'model':'sim-1','max_tokens':9,'messages':[{'role':'user','content':''}]} | must be non-empty",
                "/v1/messages | {'model':'sim-1','max_tokens':9,'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t'}]}]} | unexpected `tool_use_id`",
                "/v1/messages | {'model':'sim-1','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'thinking','thinking':'t','signature':'foreign'}]}]} | Invalid `signature` in `thinking` block",
                "/v1/messages | {'model':'sim-1','max_tokens':9,'thinking':{'type':'enabled','budget_tokens':99},'messages':[{'role':'user','content':'x'}]} | greater than or equal to 1024",
                "/v1beta/models/sim-1:generateContent | {'contents':[{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}]} | immediately after a function call turn",
                "/v1beta/models/sim-1:generateContent | {'contents':[{'role':'model','parts':[{'text':'x','thoughtSignature':'foreign'}]}]} | Thought signature is not valid"
            })
    void onlyAStrictSimulatorIsFussy(String path, String body, String message) throws Exception {
        String json = body.replace('\'', '"');
        HttpResponse<String> refused = strict.post(path, json, "anthropic-version", "2023-06-01");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(json(refused).path("error").path("message").stringValue()).contains(message);
        HttpResponse<String> served = lenient.post(path, json);
        assertThat(served.statusCode()).as(served.body()).isEqualTo(200);
    }

    @Test
    void anthropicWantsItsVersionAndItsLimit() throws Exception {
        String body =
                "{\"model\":\"sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        assertThat(strict.post("/v1/messages", body).body()).contains("anthropic-version");
        assertThat(lenient.post("/v1/messages", "{\"model\":\"sim-1\",\"messages\":[]}").body())
                .contains("max_tokens: Field required");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages,404,not_found_error",
        "/v1/responses,400,model_not_found",
        "/v1beta/models/m:generateContent,404,NOT_FOUND"
    })
    void anUnknownModelIsRefusedAsTheDialectDoes(String path, int status, String word)
            throws Exception {
        String body =
                """
                {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"input":"x",
                "contents":[{"parts":[{"text":"x"}]}]}\
                """;
        HttpResponse<String> refused = strict.post(path, body, "anthropic-version", "2023-06-01");
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.body()).contains(word);
    }

    @Test
    void aBadKeyIsABadRequestToGoogleAndUnauthorizedToAnthropic() throws Exception {
        try (Upstream locked = Upstream.start(SimulatorSettings.DEFAULT.withApiKey("right"))) {
            HttpResponse<String> google =
                    locked.post("/v1beta/models/m:generateContent", "{}", "x-goog-api-key", "no");
            assertThat(google.statusCode()).isEqualTo(400);
            assertThat(google.body()).contains("API_KEY_INVALID");
            HttpResponse<String> anthropic = locked.post("/v1/messages", "{}", "x-api-key", "no");
            assertThat(anthropic.statusCode()).isEqualTo(401);
            assertThat(anthropic.body()).contains("authentication_error");
            assertThat(locked.get("/v1beta/models?key=right").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void reasoningThatTheSimulatorSignedIsTakenBack() throws Exception {
        String ask =
                """
                {"model":"sim-reasoning","max_tokens":999,"messages":[{"role":"user","content":"x"}]}\
                """;
        JsonNode first = json(strict.post("/v1/messages", ask, "anthropic-version", "1"));
        String again =
                """
                {"model":"sim-reasoning","max_tokens":999,"messages":[{"role":"user","content":"x"},
                {"role":"assistant","content":%s},{"role":"user","content":"y"}]}\
                """
                        .formatted(first.path("content"));
        assertThat(strict.post("/v1/messages", again, "anthropic-version", "1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aResponseFollowsOnlyOneThatIsStored() throws Exception {
        String body = "{\"model\":\"sim-1\",\"input\":\"Hello there\"%s}";
        JsonNode first = json(strict.post("/v1/responses", body.formatted("")));
        String id = first.path("id").stringValue();
        String follow = body.formatted(",\"previous_response_id\":\"%s\"");
        JsonNode second = json(strict.post("/v1/responses", follow.formatted(id)));
        // 3 tokens of its own and the 9 of the first.
        assertThat(second.path("usage").path("input_tokens").intValue()).isEqualTo(12);
        HttpResponse<String> lost = strict.post("/v1/responses", follow.formatted("resp_no"));
        assertThat(lost.statusCode()).isEqualTo(400);
        assertThat(lost.body()).contains("previous_response_not_found");
        HttpResponse<String> unstored =
                strict.post("/v1/responses", body.formatted(",\"store\":false,\"x\":1"));
        assertThat(
                        strict.get("/v1/responses/" + json(unstored).path("id").stringValue())
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    void onlyABackgroundResponseIsCancelled() throws Exception {
        String body = "{\"model\":\"sim-1\",\"input\":\"x\",\"background\":%s}";
        JsonNode queued = json(strict.post("/v1/responses", body.formatted("true")));
        assertThat(queued.path("status").stringValue()).isEqualTo("queued");
        String cancel = "/v1/responses/" + queued.path("id").stringValue() + "/cancel";
        assertThat(json(strict.post(cancel, "")).path("status").stringValue())
                .isEqualTo("cancelled");
        JsonNode plain = json(strict.post("/v1/responses", body.formatted("false")));
        String refused = "/v1/responses/" + plain.path("id").stringValue() + "/cancel";
        assertThat(strict.post(refused, "").statusCode()).isEqualTo(400);
    }
}
