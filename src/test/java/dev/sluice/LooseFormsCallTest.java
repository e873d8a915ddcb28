package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Protocol;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies in words of other protocols than their path's, from client to upstream and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LooseFormsCallTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        for (Protocol protocol : Protocol.values()) {
            gateway.addUpstream(
                    protocol.wireName(),
                    protocol.wireName(),
                    ",\"models\":[{\"id\":\"vendor-of-%s\"}]".formatted(protocol.wireName()));
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

    private JsonNode seen() {
        return JSON.readTree(gateway.simulator().sightings().all().getLast().bodyText());
    }

    private HttpResponse<String> chat(Protocol upstream, String rest, String... headers)
            throws Exception {
        String body = "{\"model\":\"" + upstream.wireName() + "/sim-1\"," + rest + "}";
        return gateway.chat(body, headers);
    }

    private static String content(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).at("/choices/0/message/content").asString();
    }

    @ParameterizedTest
    @EnumSource
    void geminisInputIsAnsweredAsAChat(Protocol upstream) throws Exception {
        HttpResponse<String> answer =
                chat(
                        upstream,
                        """
                        "input":[{"role":"user","content":[{"type":"text","text":"good "},
                                                           {"type":"text","text":"day"}]}]
                        """);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(content(answer)).contains("day");
    }

    @ParameterizedTest
    @EnumSource
    void geminisContentsAreAnsweredAsAChatOrAsItsStream(Protocol upstream) throws Exception {
        String words =
                """
                "contents":[{"role":"user","parts":[{"text":"hello there"}]}],
                "generationConfig":{"maxOutputTokens":50}
                """;
        assertThat(content(chat(upstream, words))).isEqualTo("You wrote: hello there");

        HttpResponse<String> stream = chat(upstream, words + ",\"stream\":true");
        assertThat(stream.body()).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
    }

    @ParameterizedTest
    @EnumSource
    void claudesWordsOnTheChatPathReachEveryUpstream(Protocol upstream) throws Exception {
        HttpResponse<String> called =
                chat(
                        upstream,
                        """
                        "max_tokens":100,"system":"Be kind.",
                        "messages":[{"role":"user","content":"Call the weather tool"}],
                        "tools":[{"name":"weather","input_schema":{"type":"object",
                         "properties":{"city":{"type":"string"}},"required":["city"]}}],
                        "tool_choice":{"type":"any"}
                        """);
        JsonNode call = JSON.readTree(called.body()).at("/choices/0/message/tool_calls/0");
        assertThat(call.at("/function/name").asString()).isEqualTo("weather");

        HttpResponse<String> answered =
                chat(
                        upstream,
                        """
                        "max_tokens":100,"system":"Be kind.",
                        "messages":[{"role":"user","content":"Call the weather tool"},
                         {"role":"assistant","content":[{"type":"tool_use","id":"call_1",
                          "name":"weather","input":{"city":"Bern"}}]},
                         {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1",
                          "content":"sunny"}]}],
                        "tools":[{"name":"weather","input_schema":{"type":"object"}}]
                        """);
        assertThat(content(answered)).contains("The tool answered").contains("sunny");
    }

    @ParameterizedTest
    @EnumSource
    void aMarkedClaudeBodyOnTheChatPathIsAnsweredAsAMessage(Protocol upstream) throws Exception {
        String words =
                """
                "anthropic_version":"2023-06-01","max_tokens_to_sample":64,
                "messages":[{"role":"user","content":"hello there"}]
                """;
        JsonNode message = JSON.readTree(chat(upstream, words).body());
        assertThat(message.path("type").asString()).isEqualTo("message");
        assertThat(message.at("/content/0/text").asString()).isEqualTo("You wrote: hello there");
        assertThat(seen().has("anthropic_version")).isFalse();
        assertThat(seen().has("max_tokens_to_sample")).isFalse();

        HttpResponse<String> stream = chat(upstream, words + ",\"stream\":true");
        assertThat(stream.body()).startsWith("event: message_start").contains("message_stop");
    }

    @Test
    void aMarkedClaudeBodyThatIsRefusedHearsItInItsOwnShape() throws Exception {
        HttpResponse<String> refused =
                gateway.chat(
                        """
                        {"model":"nobody-has-it/x","max_tokens_to_sample":64,
                         "messages":[{"role":"user","content":"hello"}]}
                        """);

        assertThat(refused.statusCode()).isEqualTo(404);
        JsonNode body = JSON.readTree(refused.body());
        assertThat(body.path("type").asString()).isEqualTo("error");
        assertThat(body.at("/error/type").asString()).isEqualTo("not_found_error");
    }

    @Test
    void theOldLimitIsUnderstoodOnTheMessagesPathToo() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/v1/messages",
                        """
                        {"model":"anthropic/sim-1","max_tokens_to_sample":64,
                         "messages":[{"role":"user","content":"hello"}]}
                        """,
                        Map.of("x-api-key", gateway.apiKey()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(seen().path("max_tokens").asInt()).isEqualTo(64);
    }

    @Test
    void whatTheChatPathHasNoWordForIsToldAndRefusedWhereNothingMayBeLost() throws Exception {
        String words =
                """
                "contents":[{"parts":[{"text":"hello"}]}],"safetySettings":[{"category":"X"}]
                """;
        assertThat(chat(Protocol.OPENAI_CHAT, words).headers().firstValue("x-sluice-warnings"))
                .hasValueSatisfying(
                        warnings -> assertThat(warnings).contains("dropped:safetySettings"));

        HttpResponse<String> strict =
                chat(Protocol.OPENAI_CHAT, words, "x-sluice-translation", "strict");
        assertThat(strict.statusCode()).isEqualTo(400);
        assertThat(strict.body()).contains("safetySettings");
    }

    @Test
    void anAcceptHeaderIsAWishToStreamUnlessTheBodySaysNo() throws Exception {
        Map<String, String> paths =
                Map.of(
                        "/v1/chat/completions",
                        "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]",
                        "/v1/messages",
                        "\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]",
                        "/v1/responses",
                        "\"input\":\"hello\"");
        Map<String, String> headers = new HashMap<>();
        headers.put("authorization", "Bearer " + gateway.apiKey());
        headers.put("accept", "text/event-stream");
        for (Map.Entry<String, String> path : paths.entrySet()) {
            for (Protocol upstream : Protocol.values()) {
                String body = "{\"model\":\"" + upstream.wireName() + "/sim-1\"," + path.getValue();
                HttpResponse<String> wished =
                        gateway.send("POST", path.getKey(), body + "}", headers);
                assertThat(wished.headers().firstValue("content-type").orElse(""))
                        .as(path.getKey() + " at " + upstream)
                        .contains("text/event-stream");
                HttpResponse<String> refused =
                        gateway.send("POST", path.getKey(), body + ",\"stream\":false}", headers);
                assertThat(refused.headers().firstValue("content-type").orElse(""))
                        .as(path.getKey() + " at " + upstream)
                        .contains("json");
            }
        }
    }

    @Test
    void aPrefixNamesAnUpstreamOrIsTakenOff() throws Exception {
        String hello = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
        for (Map.Entry<String, String> named :
                Map.of(
                                "anthropic/sim-1", "anthropic",
                                "some-vendor/vendor-of-gemini", "gemini",
                                "openai/vendor-of-openai-responses", "openai-responses")
                        .entrySet()) {
            HttpResponse<String> answer =
                    gateway.chat("{\"model\":\"" + named.getKey() + "\"," + hello + "}");
            assertThat(answer.headers().firstValue("x-sluice-upstream"))
                    .as(named.getKey())
                    .contains(named.getValue());
        }
    }

    @Test
    void theRehearsalKnowsTheseFormsToo() throws Exception {
        JsonNode told =
                gateway.admin(
                        "POST",
                        "/admin/translate",
                        """
                        {"protocol":"openai-chat","body":{"model":"anthropic/sim-1",
                         "input":[{"role":"user","content":[{"text":"hello"}]}]}}
                        """);

        assertThat(told.toString()).contains("hello").contains("messages");
        assertThat(List.of(told.path("error").isMissingNode())).containsExactly(true);
    }
}
