package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Protocol;
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

/** Clients of Responses that go on by ids alone, at upstreams that know nothing of such ids. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptAnswersCallTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        for (Protocol protocol : Protocol.values()) {
            gateway.addUpstream(protocol.wireName(), protocol.wireName(), "");
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    private HttpResponse<String> ask(String key, String upstream, String rest) throws Exception {
        return gateway.send(
                "POST",
                "/v1/responses",
                "{\"model\":\"" + upstream + "/sim-1\"," + rest + "}",
                Map.of("authorization", "Bearer " + key));
    }

    /** {@return the whole answer, also of a stream} */
    private static JsonNode answer(HttpResponse<String> said) {
        String body = said.body();
        if (body.startsWith("{")) {
            return JSON.readTree(body);
        }
        String last = body.substring(body.indexOf("event: response.completed"));
        return JSON.readTree(last.substring(last.indexOf("data: ") + 6).lines().findFirst().get())
                .path("response");
    }

    private String seen() {
        return gateway.simulator().sightings().all().getLast().bodyText();
    }

    @ParameterizedTest
    @CsvSource({
        "openai-chat, false",
        "openai-chat, true",
        "anthropic, false",
        "anthropic, true",
        "gemini, false",
        "gemini, true"
    })
    void anAnswerIsGoneOnFromByItsId(String upstream, boolean stream) throws Exception {
        JsonNode first =
                answer(
                        ask(
                                gateway.apiKey(),
                                upstream,
                                "\"input\":\"Apples\",\"stream\":" + stream));
        JsonNode second =
                answer(
                        ask(
                                gateway.apiKey(),
                                upstream,
                                "\"input\":[{\"role\":\"user\",\"content\":\"Pears\"}],"
                                        + "\"previous_response_id\":\""
                                        + first.path("id").asString()
                                        + "\",\"stream\":"
                                        + stream));
        assertThat(seen()).contains("Apples", "You wrote: Apples", "Pears");

        HttpResponse<String> third =
                ask(
                        gateway.apiKey(),
                        upstream,
                        "\"previous_response_id\":\""
                                + second.path("id").asString()
                                + "\",\"input\":\"Plums\"");
        assertThat(third.statusCode()).as(third.body()).isEqualTo(200);
        assertThat(seen())
                .containsSubsequence("Apples", "You wrote: Apples", "Pears", "Pears", "Plums")
                .doesNotContain("previous_response_id");
    }

    @ParameterizedTest
    @CsvSource({"openai-chat, false", "anthropic, true", "gemini, false"})
    void itemsAreNamedByTheirIds(String upstream, boolean stream) throws Exception {
        String tools = "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{}}]";
        JsonNode first =
                answer(
                        ask(
                                gateway.apiKey(),
                                upstream,
                                "\"input\":\"Call the weather tool\",\"stream\":"
                                        + stream
                                        + ","
                                        + tools));
        JsonNode call = first.path("output").path(0);
        assertThat(call.path("type").asString()).isEqualTo("function_call");

        HttpResponse<String> second =
                ask(
                        gateway.apiKey(),
                        upstream,
                        """
                        "input":[{"role":"user","content":"Call the weather tool"},
                         {"type":"item_reference","id":"%s"},
                         {"type":"function_call_output","call_id":"%s","output":"sunny"}],%s
                        """
                                .formatted(
                                        call.path("id").asString(),
                                        call.path("call_id").asString(),
                                        tools));
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        assertThat(second.body()).contains("The tool answered");
    }

    @Test
    void aConversationMayMoveToAnUpstreamThatSpeaksResponses() throws Exception {
        JsonNode first = answer(ask(gateway.apiKey(), "gemini", "\"input\":\"Apples\""));

        HttpResponse<String> second =
                ask(
                        gateway.apiKey(),
                        "openai-responses",
                        "\"input\":\"Pears\",\"previous_response_id\":\""
                                + first.path("id").asString()
                                + "\"");
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        assertThat(seen()).contains("Apples", "Pears").doesNotContain("previous_response_id");
    }

    @Test
    void nobodyElseGoesOnFromIt() throws Exception {
        String id =
                answer(ask(gateway.apiKey(), "anthropic", "\"input\":\"A secret\""))
                        .path("id")
                        .asString();
        String stranger =
                gateway.admin("POST", "/admin/keys", "{\"name\":\"stranger\"}")
                        .path("key_value")
                        .asString();
        forget();

        HttpResponse<String> refused =
                ask(
                        stranger,
                        "anthropic",
                        "\"input\":\"What was it?\",\"previous_response_id\":\"" + id + "\"");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("previous_response_not_found");
        assertThat(gateway.simulator().sightings().all()).isEmpty();
    }

    @Test
    void whatIsNotToBeStoredIsNotKept() throws Exception {
        JsonNode first =
                answer(ask(gateway.apiKey(), "anthropic", "\"input\":\"Apples\",\"store\":false"));

        HttpResponse<String> second =
                ask(
                        gateway.apiKey(),
                        "anthropic",
                        "\"input\":\"Pears\",\"previous_response_id\":\""
                                + first.path("id").asString()
                                + "\"");
        assertThat(second.statusCode()).isEqualTo(400);
    }
}
