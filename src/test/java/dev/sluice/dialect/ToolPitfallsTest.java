package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.RESPONSES;
import static dev.sluice.dialect.Crossing.chunk;
import static dev.sluice.dialect.Crossing.finish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatEvent;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.Trait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Tools that gateways have got wrong (wire-contract §3), as upstreams are told of them here. */
class ToolPitfallsTest {
    private static final List<Dialect> OTHERS = List.of(RESPONSES, ANTHROPIC, GEMINI);

    /** A Chat history of two parallel calls with both results. */
    private static String history(String firstId, String secondId, String firstResult) {
        return """
        {"model":"m","messages":[{"role":"user","content":"x"},
         {"role":"assistant","content":null,"tool_calls":[
          {"id":"%1$s","type":"function","function":{"name":"f","arguments":"{}"}},
          {"id":"%2$s","type":"function","function":{"name":"g","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"%1$s","content":%3$s},
         {"role":"tool","tool_call_id":"%2$s","content":"two"},
         {"role":"user","content":"go on"}]}
        """
                .formatted(firstId, secondId, firstResult);
    }

    private static String tool(String schema) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
                + schema
                + "}}]}";
    }

    @Test
    void resultsOfParallelCallsAreOneTurnThatBeginsWithThem() throws Exception {
        JsonNode anthropic =
                Crossing.from(CHAT, ANTHROPIC).sent(history("a", "b", "\"one\"")).at("/messages/2");
        JsonNode gemini =
                Crossing.from(CHAT, GEMINI).sent(history("a", "b", "\"one\"")).at("/contents/2");

        assertThat(anthropic.path("content").values())
                .extracting(block -> block.path("type").asString(""))
                .containsExactly("tool_result", "tool_result", "text");
        assertThat(gemini.path("parts").values())
                .extracting(part -> part.propertyNames().iterator().next())
                .containsExactly("functionResponse", "functionResponse", "text");
    }

    static Stream<Arguments> pictures() {
        String chat =
                history(
                        "a",
                        "b",
                        "[{\"type\":\"text\",\"text\":\"see\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]");
        String responses =
                """
                {"model":"m","input":[{"role":"user","content":"x"},
                 {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
                 {"type":"function_call_output","call_id":"a","output":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}]}
                """;
        String anthropic =
                """
                {"model":"m","messages":[{"role":"user","content":"x"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[
                  {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}]}
                """;
        String gemini =
                """
                {"contents":[{"role":"user","parts":[{"text":"x"}]},
                 {"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{}}}]},
                 {"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{},
                  "parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]}]}
                """;
        return Stream.of(
                Arguments.of(CHAT, chat),
                Arguments.of(RESPONSES, responses),
                Arguments.of(ANTHROPIC, anthropic),
                Arguments.of(GEMINI, gemini));
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aPictureInAResultArrivesAsAPicture(Dialect client, String body) throws Exception {
        for (Dialect upstream : Crossing.ALL) {
            String sent = Crossing.from(client, upstream).sent(body).toString();
            assertThat(sent)
                    .as("to %s", upstream.protocol())
                    .contains(
                            switch (upstream.protocol()) {
                                case OPENAI_CHAT ->
                                        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"";
                                case OPENAI_RESPONSES ->
                                        "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AAAA\"";
                                case ANTHROPIC ->
                                        "\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}";
                                case GEMINI ->
                                        "\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}";
                            });
        }
    }

    @ParameterizedTest
    @FieldSource("OTHERS")
    void anUnknownPieceOfAResultIsHandedOnAsText(Dialect upstream) throws Exception {
        String body = history("a", "b", "[{\"type\":\"vendor_chart\",\"points\":[1,2]}]");

        assertThat(Crossing.from(CHAT, upstream).lost(body)).isEmpty();
        assertThat(Crossing.from(CHAT, upstream).sent(body).toString())
                .contains("vendor_chart")
                .contains("[1,2]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"role":"assistant","tool_calls":[{"id":"lost","type":"function","function":{"name":"f","arguments":"{}"}}]} | lost
                    {"role":"tool","tool_call_id":"orphan","content":"x"} | orphan
                    """)
    void aCallOrResultWithoutItsOtherHalfIsRefusedByItsId(String message, String id) {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
                        + message
                        + ",{\"role\":\"user\",\"content\":\"y\"}]}";

        for (Dialect upstream : OTHERS) {
            assertThatThrownBy(() -> Crossing.from(CHAT, upstream).written(body))
                    .isInstanceOf(MalformedRequest.class)
                    .hasMessageContaining(id);
        }
    }

    @Test
    void callsThatComeAsSeparateMessagesAreOneTurn() throws Exception {
        String call =
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";
        String result = "{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"x\"}";
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},%s,%s,%s,%s]}"
                        .formatted(
                                call.formatted("a"),
                                call.formatted("b"),
                                result.formatted("b"),
                                result.formatted("a"));

        JsonNode messages = Crossing.from(CHAT, ANTHROPIC).sent(body).path("messages");

        assertThat(messages).hasSize(3);
        assertThat(messages.at("/1/content")).hasSize(2);
        assertThat(messages.at("/2/content").values())
                .extracting(block -> block.path("tool_use_id").asString(""))
                .containsExactly("a", "b");
    }

    @Test
    void aResultForGeminiIsNamedAfterItsCall() throws Exception {
        JsonNode parts =
                Crossing.from(CHAT, GEMINI)
                        .sent(history("a", "b", "\"one\""))
                        .at("/contents/2/parts");

        assertThat(parts.at("/0/functionResponse/name").asString("")).isEqualTo("f");
        assertThat(parts.at("/1/functionResponse/name").asString("")).isEqualTo("g");
    }

    @Test
    void callsWithoutIdsGetTheSameOnesEachTimeAndEachItsOwn() throws Exception {
        String body =
                """
                {"contents":[{"role":"user","parts":[{"text":"x"}]},
                 {"role":"model","parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"g"}},{"functionCall":{"name":"f"}}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"g","response":{"n":2}}},
                  {"functionResponse":{"name":"f","response":{"n":1}}},{"functionResponse":{"name":"f","response":{"n":3}}}]}]}
                """;
        JsonNode once = Crossing.from(GEMINI, CHAT).sent(body).path("messages");
        JsonNode again = Crossing.from(GEMINI, CHAT).sent(body).path("messages");

        List<String> ids =
                once.at("/1/tool_calls").values().stream()
                        .map(call -> call.path("id").asString(""))
                        .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSize(3);
        assertThat(again).isEqualTo(once);
        assertThat(once.values().stream().skip(2))
                .extracting(message -> message.path("tool_call_id").asString(""))
                .containsExactlyElementsOf(ids);
        assertThat(once.at("/3/content").asString("")).contains("2");
    }

    @Test
    void idsThatAnUpstreamRefusesAreReplacedAlikeInCallAndResult() throws Exception {
        String body = history("functions.f:0", "functions.g:1", "\"one\"");
        JsonNode messages = Crossing.from(CHAT, ANTHROPIC).sent(body).path("messages");

        String first = messages.at("/1/content/0/id").asString("");
        String second = messages.at("/1/content/1/id").asString("");
        assertThat(List.of(first, second)).doesNotHaveDuplicates();
        assertThat(List.of(first, second)).allMatch(id -> id.matches("[A-Za-z0-9_-]{1,64}"));
        assertThat(messages.at("/2/content/0/tool_use_id").asString("")).isEqualTo(first);
        assertThat(messages.at("/2/content/1/tool_use_id").asString("")).isEqualTo(second);
    }

    @Test
    void contentBesideCallsIsNullUnlessAVendorWantsIt() throws Exception {
        String body =
                """
                {"model":"m","messages":[{"role":"user","content":"x"},
                 {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"y"}]}]}
                """;
        Crossing crossing = Crossing.from(ANTHROPIC, CHAT);

        assertThat(crossing.sent(body).at("/messages/1/content").isNull()).isTrue();
        assertThat(
                        crossing.with(Trait.EMPTY_CONTENT, "true")
                                .sent(body)
                                .at("/messages/1/content")
                                .stringValue())
                .isEmpty();
    }

    @Test
    void argumentsThatWereCutAreHandedOnAsTheyAreOrLeftOut() {
        String[] cut = {
            chunk(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"path\\\":\\\"/et\"}}]}"),
            finish("length"),
            "[DONE]"
        };
        String whole =
                """
                {"choices":[{"message":{"tool_calls":[{"id":"a","type":"function",
                 "function":{"name":"f","arguments":"{\\"path\\":\\"/et"}}]},"finish_reason":"length"}]}
                """;

        assertThat(Crossing.from(ANTHROPIC, CHAT).streamed(cut))
                .contains("\"partial_json\":\"{\\\"path\\\":\\\"/et\"")
                .contains("\"stop_reason\":\"max_tokens\"");
        assertThat(Crossing.from(GEMINI, CHAT).streamed(cut))
                .doesNotContain("functionCall")
                .contains("MAX_TOKENS");
        assertThat(Crossing.from(ANTHROPIC, CHAT).answered(whole).toString())
                .doesNotContain("tool_use")
                .contains("\"stop_reason\":\"max_tokens\"");
        assertThat(Crossing.from(RESPONSES, CHAT).answered(whole).toString())
                .contains("\"status\":\"incomplete\"")
                .contains("{\\\"path\\\":\\\"/et\"");
    }

    @Test
    void aFunctionsIllegalNameIsItsOwnAgainInTheAnswer() throws Exception {
        String body =
                tool("{\"type\":\"object\",\"properties\":{}}")
                        .replace("\"name\":\"f\"", "\"name\":\"1st/tool\"");
        Written written = Crossing.from(CHAT, GEMINI).written(body);
        String sent =
                Json.tree(written.body()).at("/tools/0/functionDeclarations/0/name").asString("");
        EventReader reader = GEMINI.newEventReader(written.memory());
        List<ChatEvent> events = new ArrayList<>();
        byte[] data =
                Crossing.parts("{\"functionCall\":{\"name\":\"" + sent + "\",\"args\":{}}}")
                        .getBytes(StandardCharsets.UTF_8);
        reader.read(new SseEvent(data, "", data, true), events::add);

        assertThat(sent).matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}");
        assertThat(events)
                .filteredOn(ChatEvent.CallStart.class::isInstance)
                .extracting(event -> ((ChatEvent.CallStart) event).name())
                .containsExactly("1st/tool");
    }
}
