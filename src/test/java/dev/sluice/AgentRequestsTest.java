package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What coding agents send that plain clients do not, to upstreams of other protocols. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentRequestsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        gateway.addUpstream("chat", "openai-chat", "");
        gateway.addUpstream("claude", "anthropic", "");
        gateway.addUpstream("google", "gemini", "");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aClientMayGoOnWithoutAToolThatTheUpstreamCannotRun() throws Exception {
        String body =
                """
                {"model":"chat/sim-1","input":"Hello","tools":[{"type":"web_search"},
                  {"type":"function","name":"look","parameters":{"type":"object"}}]}
                """;
        HttpResponse<String> refused = responses(body, Map.of());
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("web_search", "x-sluice-translation: lenient");

        HttpResponse<String> answer = responses(body, Map.of("x-sluice-translation", "lenient"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-sluice-warnings").orElse(""))
                .contains("dropped:tools");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "claude", "google"})
    void aToolOfANamespaceIsCalledByItsOwnNameAgain(String upstream) throws Exception {
        JsonNode call =
                JSON.readTree(responses(namespaced(upstream, false), Map.of()).body())
                        .path("output")
                        .path(0);
        assertThat(call.path("type").asString()).isEqualTo("function_call");
        assertThat(call.path("namespace").asString()).isEqualTo("crm");
        assertThat(call.path("name").asString()).isEqualTo("find");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "claude", "google"})
    void aStreamedCallNamesTheNamespaceToo(String upstream) throws Exception {
        String events = responses(namespaced(upstream, true), Map.of()).body();
        assertThat(events.lines().filter(line -> line.contains("response.output_item.done")))
                .filteredOn(line -> line.startsWith("data:"))
                .singleElement()
                .asString()
                .contains("\"namespace\":\"crm\"", "\"name\":\"find\"");
    }

    private static String namespaced(String upstream, boolean stream) {
        return """
        {"model":"%s/sim-1","input":"Call a tool","stream":%s,"tools":[
          {"type":"namespace","name":"crm","description":"Customers.","tools":[
            {"type":"function","name":"find","parameters":{"type":"object"}}]}]}
        """
                .formatted(upstream, stream);
    }

    private HttpResponse<String> responses(String body, Map<String, String> more) throws Exception {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Authorization", "Bearer " + gateway.apiKey());
        return gateway.send("POST", "/v1/responses", body, headers);
    }
}
