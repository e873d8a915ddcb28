package dev.sluice.simulator;

import static dev.sluice.simulator.Upstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.simulator.script.Json;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OpenAiChatTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String TOOLS =
            """
            ,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
            "properties":{"city":{"type":"string"}},"required":["city"]}}}]\
            """;

    private static Upstream upstream;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start();
    }

    @AfterAll
    static void stop() {
        upstream.close();
    }

    private static String body(String model, String text, String more) {
        return """
        {"model":"%s","messages":[{"role":"user","content":"%s"}]%s}\
        """
                .formatted(model, text, more);
    }

    private static JsonNode ask(String model, String text, String more) throws Exception {
        HttpResponse<String> response = upstream.post(PATH, body(model, text, more));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    private static List<SseEvent> stream(String model, String text, String more) throws Exception {
        String body = body(model, text, ",\"stream\":true" + more);
        HttpResponse<String> response = upstream.post(PATH, body);
        assertThat(response.headers().firstValue("content-type").orElse(""))
                .startsWith("text/event-stream");
        return Upstream.events(response.body());
    }

    @Test
    void aPlainAnswerEchoesTheUserAndCountsFourBytesAToken() throws Exception {
        JsonNode answer = ask("sim-1", "Hello there", "");
        assertThat(answer.path("object").stringValue()).isEqualTo("chat.completion");
        assertThat(answer.path("id").stringValue()).startsWith("chatcmpl-");
        assertThat(answer.path("created").longValue()).isEqualTo(Upstream.NOW.getEpochSecond());
        JsonNode choice = answer.path("choices").path(0);
        assertThat(choice.path("message").path("content").stringValue())
                .isEqualTo("You wrote: Hello there");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        // 11 bytes asked, 22 bytes answered.
        assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(3);
        assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(6);
        assertThat(answer.path("usage").path("total_tokens").intValue()).isEqualTo(9);
    }

    @Test
    void theSameRequestGetsTheSameBytes() throws Exception {
        String body = body("sim-1", "again", ",\"stream\":true");
        assertThat(upstream.post(PATH, body).body()).isEqualTo(upstream.post(PATH, body).body());
        assertThat(upstream.post(PATH, body + " ").body())
                .isNotEqualTo(upstream.post(PATH, body).body());
    }

    @Test
    void aStreamHasRoleWordsFinishAndTerminator() throws Exception {
        List<SseEvent> events = stream("sim-1", "one two", "");
        assertThat(events).extracting(SseEvent::type).containsOnly("");
        assertThat(events.getLast().text()).isEqualTo("[DONE]");
        List<JsonNode> chunks = chunks(events);
        assertThat(delta(chunks.getFirst()).toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
        assertThat(chunks.stream().map(chunk -> delta(chunk).path("content").asString("")))
                .containsExactly("", "You", " wrote:", " one", " two", "");
        assertThat(chunks.getLast().path("choices").path(0).path("finish_reason").stringValue())
                .isEqualTo("stop");
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.has("usage")).isFalse());
        assertThat(chunks.stream().map(chunk -> chunk.path("id").stringValue()).distinct())
                .hasSize(1);
    }

    @Test
    void usageComesInAChunkOfItsOwnOnlyIfItIsAskedFor() throws Exception {
        List<JsonNode> chunks =
                chunks(stream("sim-1", "one", ",\"stream_options\":{\"include_usage\":true}"));
        JsonNode last = chunks.getLast();
        assertThat(last.path("choices").isEmpty()).isTrue();
        assertThat(last.path("usage").path("completion_tokens").intValue()).isEqualTo(4);
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.path("usage").isNull()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({"own,1,0", "finish,0,1", "cumulative,0,7", "missing,0,0"})
    void usageStandsWhereAVendorPutsIt(String place, int own, int beside) throws Exception {
        List<JsonNode> chunks =
                chunks(
                        stream(
                                "sim-1!chunks=5,usage=" + place,
                                "one",
                                ",\"stream_options\":{\"include_usage\":true}"));
        List<JsonNode> with =
                chunks.stream().filter(chunk -> chunk.path("usage").isObject()).toList();
        assertThat(with.stream().filter(chunk -> chunk.path("choices").isEmpty())).hasSize(own);
        assertThat(with.stream().filter(chunk -> !chunk.path("choices").isEmpty())).hasSize(beside);
    }

    @Test
    void aToolIsCalledAndItsResultAnswered() throws Exception {
        JsonNode answer = ask("sim-1", "What is the weather? Use a tool.", TOOLS);
        JsonNode message = answer.path("choices").path(0).path("message");
        JsonNode call = message.path("tool_calls").path(0);
        assertThat(message.path("content").isNull()).isTrue();
        assertThat(call.path("function").path("name").stringValue()).isEqualTo("get_weather");
        assertThat(call.path("function").path("arguments").stringValue())
                .isEqualTo("{\"city\":\"sample city\"}");
        String body =
                """
                {"model":"sim-1","messages":[{"role":"user","content":"Use a tool."},%s,
                {"role":"tool","tool_call_id":"%s","content":"sunny"}]%s}\
                """
                        .formatted(message, call.path("id").stringValue(), TOOLS);
        JsonNode second = json(upstream.post(PATH, body));
        assertThat(second.path("choices").path(0).path("message").path("content").stringValue())
                .isEqualTo("The tool answered: sunny");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai       | [{'index':0,'id':'call_?','type':'function','function':{'name':'get_weather','arguments':''}}]",
                "whole        | [{'index':0,'id':'call_?','type':'function','function':{'name':'get_weather','arguments':'{?}'}}]",
                "no-index     | [{'id':'call_?','type':'function','function':{'name':'get_weather','arguments':'{?}'}}]",
                "no-id        | [{'index':0,'type':'function','function':{'name':'get_weather','arguments':'{?}'}}]",
                "from-one     | [{'index':1,'id':'call_?','type':'function','function':{'name':'get_weather','arguments':''}}]",
                "repeat-null  | [{'index':0,'id':'call_?','type':'function','function':{'name':'get_weather','arguments':''}}]"
            },
            quoteCharacter = '~')
    void toolDeltasComeInTheWaysOfVendors(String variant, String start) throws Exception {
        String model = variant.equals("openai") ? "sim-1" : "sim-1!tool-deltas=" + variant;
        List<JsonNode> calls =
                chunks(stream(model, "call get_weather", TOOLS)).stream()
                        .map(chunk -> delta(chunk).path("tool_calls"))
                        .filter(JsonNode::isArray)
                        .toList();
        String first =
                calls.getFirst()
                        .toString()
                        .replace('"', '\'')
                        .replaceAll("call_[0-9a-f]+", "call_?")
                        .replaceAll("'arguments':'\\{[^}]*}'", "'arguments':'{?}'");
        assertThat(first).isEqualTo(start);
        String arguments =
                calls.stream()
                        .map(call -> call.path(0).path("function").path("arguments").asString(""))
                        .reduce("", String::concat);
        assertThat(arguments).isEqualTo("{\"city\":\"sample city\"}");
    }

    @Test
    void severalCallsSeveralChoicesAndReasoningComeOnDemand() throws Exception {
        JsonNode calls = ask("sim-1!calls=3", "hello", TOOLS);
        assertThat(calls.path("choices").path(0).path("message").path("tool_calls")).hasSize(3);
        assertThat(ask("sim-1", "hello", ",\"n\":3").path("choices")).hasSize(3);
        JsonNode thought = ask("sim-reasoning", "hello", "");
        assertThat(
                        thought.path("choices")
                                .path(0)
                                .path("message")
                                .path("reasoning_content")
                                .stringValue())
                .startsWith("The user wrote");
        assertThat(
                        thought.path("usage")
                                .path("completion_tokens_details")
                                .path("reasoning_tokens")
                                .intValue())
                .isPositive();
    }

    @Test
    void structuredOutputFollowsItsSchema() throws Exception {
        JsonNode answer =
                ask(
                        "sim-1",
                        "hello",
                        """
                        ,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object",
                        "properties":{"age":{"type":"integer","minimum":18}}}}}\
                        """);
        assertThat(answer.path("choices").path(0).path("message").path("content").stringValue())
                .isEqualTo("{\"age\":18}");
    }

    @Test
    void theLimitOfTokensIsKept() throws Exception {
        JsonNode answer = ask("sim-1", "hello", ",\"max_tokens\":2");
        JsonNode choice = answer.path("choices").path(0);
        assertThat(choice.path("message").path("content").stringValue()).isEqualTo("You wrot");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("length");
        assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | you must provide a model parameter | model |",
                "[] | We could not parse the JSON body | |",
                "{\"model\":\"m\"} | Missing required parameter: 'messages'. | messages | missing_required_parameter",
                "{\"model\":\"m\",\"messages\":[]} | empty array | messages | empty_array",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"boss\"}]} | Invalid value: 'boss' | messages[0].role | invalid_value",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":7}]} | Invalid type | messages[0].content | invalid_type",
                "{\"model\":\"m!stutter\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | there is no directive 'stutter' | x-simulate |",
                "{\"model\":\"m\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | Invalid type for 'stream' | stream | invalid_type"
            })
    void aBadRequestIsRefusedInOpenAisShape(String body, String message, String param, String code)
            throws Exception {
        HttpResponse<String> response = upstream.post(PATH, body);
        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = json(response).path("error");
        assertThat(error.path("message").stringValue()).contains(message);
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asString(null)).isEqualTo(param);
        assertThat(error.path("code").asString(null)).isEqualTo(code);
    }

    @Test
    void strictnessAndAKeyAreSettings() throws Exception {
        SimulatorSettings settings = SimulatorSettings.DEFAULT.asStrict().withApiKey("right");
        try (Upstream strict = Upstream.start(settings)) {
            String body = body("gpt-9", "x", "");
            assertThat(strict.post(PATH, body).statusCode()).isEqualTo(401);
            assertThat(json(strict.post(PATH, body, "authorization", "Bearer wrong")).toString())
                    .contains("invalid_api_key");
            HttpResponse<String> known = strict.post(PATH, body, "authorization", "Bearer right");
            assertThat(known.statusCode()).isEqualTo(404);
            assertThat(json(known).path("error").path("code").stringValue())
                    .isEqualTo("model_not_found");
            assertThat(strict.get("/v1/models", "authorization", "Bearer right").statusCode())
                    .isEqualTo(200);
            assertThat(strict.get("/simulator/sightings").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void modelsAreListedAndFound() throws Exception {
        JsonNode list = json(upstream.get("/v1/models"));
        assertThat(list.path("object").stringValue()).isEqualTo("list");
        assertThat(list.path("data").path(0).path("id").stringValue()).isEqualTo("sim-1");
        assertThat(json(upstream.get("/v1/models/sim-mini")).path("object").stringValue())
                .isEqualTo("model");
        assertThat(upstream.get("/v1/models/other").statusCode()).isEqualTo(404);
    }

    private static JsonNode delta(JsonNode chunk) {
        return chunk.path("choices").path(0).path("delta");
    }

    private static List<JsonNode> chunks(List<SseEvent> events) {
        return events.stream()
                .filter(event -> !event.text().equals("[DONE]"))
                .map(event -> (JsonNode) Json.read(event.data()).orElseThrow())
                .toList();
    }
}
