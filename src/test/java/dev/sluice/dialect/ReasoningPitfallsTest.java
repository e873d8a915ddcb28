package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.RESPONSES;
import static dev.sluice.dialect.Crossing.chunk;
import static dev.sluice.dialect.Crossing.finish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.rules.Seals;
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

/** Reasoning that gateways have got wrong (wire-contract §3), there and back here. */
class ReasoningPitfallsTest {
    private static final String SEAL = "U0VBTA==";
    static final List<Dialect> CLIENTS = Crossing.ALL;

    private static final String CLAUDE_SAID =
            """
            {"id":"msg_1","type":"message","model":"model-1","content":[
             {"type":"thinking","thinking":"secret thought","signature":"U0VBTA=="},
             {"type":"tool_use","id":"call_1","name":"f","input":{}}],"stop_reason":"tool_use"}
            """;
    private static final String GPT_SAID =
            """
            {"id":"resp_1","object":"response","status":"completed","model":"model-1","output":[
             {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"secret thought"}],
              "encrypted_content":"U0VBTA=="},
             {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}"}]}
            """;
    private static final String GEMINI_SAID =
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"secret thought","thought":true},
             {"functionCall":{"id":"call_1","name":"f","args":{}},"thoughtSignature":"U0VBTA=="}]},
             "finishReason":"STOP"}],"responseId":"r","modelVersion":"model-1"}
            """;

    static Stream<Arguments> sealed() {
        List<Arguments> cases = new ArrayList<>();
        for (Dialect client : Crossing.ALL) {
            cases.add(Arguments.of(client, ANTHROPIC, CLAUDE_SAID));
            cases.add(Arguments.of(client, RESPONSES, GPT_SAID));
            cases.add(Arguments.of(client, GEMINI, GEMINI_SAID));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("sealed")
    void aSealComesBackToTheModelThatMadeItWithTheToolsResult(
            Dialect client, Dialect upstream, String said) throws Exception {
        Crossing crossing = Crossing.from(client, upstream);
        String next = nextTurn(client, crossing.answered(said));

        assertThat(crossing.sent(next).toString()).contains("\"" + SEAL + "\"");
    }

    @ParameterizedTest
    @MethodSource("sealed")
    void aSealAndItsThoughtGoToNobodyElse(Dialect client, Dialect upstream, String said)
            throws Exception {
        String next = nextTurn(client, Crossing.from(client, upstream).answered(said));

        for (Dialect other : Crossing.ALL) {
            if (!other.equals(upstream) && !other.equals(client)) {
                assertThat(Crossing.from(client, other).sent(next).toString())
                        .as("to %s", other.protocol())
                        .contains("call_1")
                        .doesNotContain(SEAL, "Z3cxf", "secret thought");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("CLIENTS")
    void aSealWithoutAnyTextIsKept(Dialect client) throws Exception {
        Crossing claude = Crossing.from(client, ANTHROPIC);
        Crossing gemini = Crossing.from(client, GEMINI);
        String omitted = CLAUDE_SAID.replace("secret thought", "");
        String last =
                """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"},
                 {"text":"","thoughtSignature":"U0VBTA=="}]},"finishReason":"STOP"}]}
                """;

        assertThat(claude.sent(nextTurn(client, claude.answered(omitted))).toString())
                .contains("\"" + SEAL + "\"");
        assertThat(gemini.sent(nextTurn(client, gemini.answered(last))).toString())
                .contains("\"thoughtSignature\":\"" + SEAL + "\"");
    }

    @Test
    void unsignedThinkingIsLeftOutAndNeverMadeText() throws Exception {
        String body =
                """
                {"model":"m","max_tokens":99,"messages":[{"role":"user","content":"x"},
                 {"role":"assistant","content":[{"type":"thinking","thinking":"secret thought","signature":""},
                  {"type":"redacted_thinking","data":"U0VBTA=="},{"type":"text","text":"shown"}]},
                 {"role":"user","content":"y"}]}
                """;

        for (Dialect upstream : Crossing.ALL) {
            Crossing crossing = Crossing.from(ANTHROPIC, upstream);
            assertThat(crossing.lost(body)).as("to %s", upstream.protocol()).isEmpty();
            assertThat(crossing.sent(body).toString())
                    .as("to %s", upstream.protocol())
                    .contains("shown")
                    .doesNotContain("secret thought");
        }
    }

    @Test
    void noThinkingIsShownWithAnEmptySignature() {
        String thought = chunk("{\"reasoning_content\":\"hm\"}");
        Crossing crossing = Crossing.from(ANTHROPIC, CHAT);
        String whole =
                "{\"choices\":[{\"message\":{\"reasoning_content\":\"hm\",\"content\":\"x\"},\"finish_reason\":\"stop\"}]}";

        List<String> signatures =
                crossing
                        .events(thought, chunk("{\"content\":\"x\"}"), finish("stop"), "[DONE]")
                        .stream()
                        .map(event -> event.at("/delta/signature").asString(""))
                        .filter(signature -> !signature.isEmpty())
                        .toList();
        assertThat(signatures).singleElement().satisfies(ReasoningPitfallsTest::isWrapped);
        isWrapped(crossing.answered(whole).at("/content/0/signature").asString(""));
    }

    private static void isWrapped(String signature) {
        assertThat(Seals.isWrapped(signature)).as(signature).isTrue();
    }

    @ParameterizedTest
    @FieldSource("CLIENTS")
    void reasoningAndTextOfOneChunkAreTwoThings(Dialect client) {
        String stream =
                Crossing.from(client, CHAT)
                        .streamed(
                                chunk("{\"reasoning_content\":\"think\",\"content\":\"say\"}"),
                                chunk("{\"reasoning_content\":null,\"content\":\" more\"}"),
                                finish("stop"),
                                "[DONE]");

        assertThat(stream).contains("\"think\"").contains("\"say\"").contains("\" more\"");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-7, low, adaptive",
        "claude-sonnet-4-6, high, adaptive",
        "claude-sonnet-4-5, high, enabled",
        "claude-sonnet-4-5, low, enabled"
    })
    void aBudgetIsNeverSentWithAdaptiveThinking(String model, String effort, String type)
            throws Exception {
        String chat =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"reasoning_effort\":\""
                        + effort
                        + "\"}";
        String gemini =
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":2000}}}";

        for (JsonNode sent :
                List.of(
                        Crossing.from(CHAT, ANTHROPIC).to(model).sent(chat),
                        Crossing.from(GEMINI, ANTHROPIC).to(model).sent(gemini))) {
            assertThat(sent.at("/thinking/type").asString("")).isEqualTo(type);
            assertThat(sent.at("/thinking").has("budget_tokens")).isEqualTo(type.equals("enabled"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-3-pro-preview, minimal, thinkingLevel, LOW",
        "gemini-3-pro-preview, none, thinkingLevel, LOW",
        "gemini-3-flash-preview, minimal, thinkingLevel, MINIMAL",
        "gemini-2.5-pro, none, thinkingBudget, 128",
        "gemini-2.5-flash, none, thinkingBudget, 0"
    })
    void theLeastThinkingIsWhatTheModelTakes(String model, String effort, String field, String said)
            throws Exception {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"reasoning_effort\":\""
                        + effort
                        + "\"}";
        JsonNode thinking =
                Crossing.from(CHAT, GEMINI)
                        .to(model)
                        .sent(body)
                        .at("/generationConfig/thinkingConfig");

        assertThat(thinking.path(field).asString("")).isEqualTo(said);
    }

    @Test
    void thinkingThatIsSwitchedOffIsSwitchedOffEverywhere() throws Exception {
        String claude =
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"thinking\":{\"type\":\"disabled\"}}";
        String chat =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"reasoning_effort\":\"none\"}";

        assertThat(
                        Crossing.from(ANTHROPIC, CHAT)
                                .sent(claude)
                                .path("reasoning_effort")
                                .asString(""))
                .isEqualTo("none");
        assertThat(
                        Crossing.from(ANTHROPIC, RESPONSES)
                                .sent(claude)
                                .at("/reasoning/effort")
                                .asString(""))
                .isEqualTo("none");
        assertThat(
                        Crossing.from(ANTHROPIC, GEMINI)
                                .to("gemini-2.5-flash")
                                .sent(claude)
                                .at("/generationConfig/thinkingConfig/thinkingBudget")
                                .asInt(-1))
                .isZero();
        assertThat(
                        Crossing.from(CHAT, ANTHROPIC)
                                .to("claude-opus-4-6")
                                .sent(chat)
                                .at("/thinking/type")
                                .asString(""))
                .isEqualTo("disabled");
    }

    /** {@return the request in which that client sends the answer back, with results of calls} */
    private static String nextTurn(Dialect client, JsonNode answer) {
        String user = "{\"role\":\"user\",\"content\":\"x\"},";
        return switch (client.protocol()) {
            case OPENAI_CHAT -> {
                JsonNode message = answer.at("/choices/0/message");
                String result =
                        message.has("tool_calls")
                                ? "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"r\"}"
                                : "{\"role\":\"user\",\"content\":\"y\"}";
                yield "{\"model\":\"m\",\"messages\":[" + user + message + "," + result + "]}";
            }
            case OPENAI_RESPONSES -> {
                StringBuilder items = new StringBuilder();
                answer.path("output").forEach(item -> items.append(item).append(','));
                String result =
                        items.indexOf("function_call") > 0
                                ? "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"r\"}"
                                : "{\"role\":\"user\",\"content\":\"y\"}";
                yield "{\"model\":\"m\",\"store\":false,\"input\":[" + user + items + result + "]}";
            }
            case ANTHROPIC -> {
                JsonNode content = answer.path("content");
                String result =
                        content.toString().contains("tool_use")
                                ? "[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\",\"content\":\"r\"}]"
                                : "\"y\"";
                yield "{\"model\":\"m\",\"max_tokens\":9,\"messages\":["
                        + user
                        + "{\"role\":\"assistant\",\"content\":"
                        + content
                        + "},{\"role\":\"user\",\"content\":"
                        + result
                        + "}]}";
            }
            case GEMINI -> {
                JsonNode content = answer.at("/candidates/0/content");
                String result =
                        content.toString().contains("functionCall")
                                ? "{\"functionResponse\":{\"id\":\"call_1\",\"name\":\"f\",\"response\":{\"r\":1}}}"
                                : "{\"text\":\"y\"}";
                yield "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]},"
                        + content
                        + ",{\"role\":\"user\",\"parts\":["
                        + result
                        + "]}]}";
            }
        };
    }
}
