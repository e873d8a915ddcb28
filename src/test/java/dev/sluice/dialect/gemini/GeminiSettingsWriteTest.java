package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Which tools, forms of output and amounts of thinking a Gemini upstream is told. */
class GeminiSettingsWriteTest {
    private static final UpstreamTraits GEMINI = UpstreamTraits.standard("google", "gemini-3-pro");
    private static final UpstreamTraits OLDER = GEMINI.with(Trait.GEMINI_THINKING, "budget");

    private final GeminiDialect dialect = new GeminiDialect();

    @ParameterizedTest
    @CsvSource({
        "NONE, level, MINIMAL, changed:reasoning_effort",
        "MINIMAL, level, MINIMAL, ''",
        "LOW, level, LOW, ''",
        "MEDIUM, level, MEDIUM, ''",
        "HIGH, level, HIGH, ''",
        "XHIGH, level, HIGH, changed:reasoning_effort",
        "MAX, level, HIGH, changed:reasoning_effort",
        "NONE, budget, 0, ''",
        "LOW, budget, 1024, ''",
        "MEDIUM, budget, 8192, ''",
        "HIGH, budget, 24576, ''"
    })
    void effortIsALevelOrABudget(Effort effort, String kind, String said, String loss) {
        UpstreamTraits traits = GEMINI.with(Trait.GEMINI_THINKING, kind);
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .reasoning(ReasoningOptions.effort(effort))
                        .build();
        Written written = dialect.writeRequest(request, traits);
        JsonNode thinking = config(written).path("thinkingConfig");

        String name = kind.equals("level") ? "thinkingLevel" : "thinkingBudget";
        assertThat(thinking.path(name).asString()).isEqualTo(said);
        assertThat(thinking.size()).isEqualTo(1);
        assertThat(codes(written)).isEqualTo(loss.isEmpty() ? List.of() : List.of(loss));
    }

    @Test
    void aModelThatCannotDoWithoutThinkingIsGivenItsLeast() {
        ChatRequest off =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .reasoning(ReasoningOptions.effort(Effort.NONE))
                        .build();

        JsonNode older = config(dialect.writeRequest(off, OLDER.with(Trait.THINKING_OFF, "false")));
        JsonNode newer = config(dialect.writeRequest(off, GEMINI.with(Trait.MIN_EFFORT, "low")));
        assertThat(older.at("/thinkingConfig/thinkingBudget").asInt(0)).isEqualTo(128);
        assertThat(newer.at("/thinkingConfig/thinkingLevel").asString("")).isEqualTo("LOW");
    }

    @Test
    void strictToolsMakeGeminiValidateItsCalls() {
        Tool strict = new Tool.Function("f", null, null, true, null, Extras.NONE);
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .tools(List.of(strict))
                        .build();

        assertThat(mode(dialect.writeRequest(request, GEMINI))).isEqualTo("VALIDATED");
    }

    @Test
    void onlyTheAllowedToolsAreOfferedWhereNoneMustBeCalled() {
        ChatRequest may = among(false);
        ChatRequest must = among(true);

        JsonNode offered = Json.tree(dialect.writeRequest(may, GEMINI).body()).path("tools");
        Written forced = dialect.writeRequest(must, GEMINI);
        assertThat(offered.at("/0/functionDeclarations").size()).isEqualTo(1);
        assertThat(Json.tree(forced.body()).at("/tools/0/functionDeclarations").size())
                .isEqualTo(2);
        assertThat(mode(forced)).isEqualTo("ANY");
        assertThat(
                        Json.tree(forced.body())
                                .at("/toolConfig/functionCallingConfig/allowedFunctionNames")
                                .toString())
                .isEqualTo("[\"f\"]");
    }

    @Test
    void anIllegalNameOfAFunctionIsChangedEverywhereAndRememberedForTheAnswer() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user("x")))
                        .tools(List.of(tool("1 st")))
                        .toolChoice(new ToolChoice.One("1 st", false))
                        .build();
        Written written = dialect.writeRequest(request, GEMINI);
        JsonNode body = Json.tree(written.body());

        String name = body.at("/tools/0/functionDeclarations/0/name").asString("");
        assertThat(name).matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}");
        assertThat(body.at("/toolConfig/functionCallingConfig/allowedFunctionNames/0").asString(""))
                .isEqualTo(name);
        assertThat(written.memory().toolNames().client(name)).isEqualTo("1 st");
    }

    @Test
    void aFunctionOfNoParametersIsDeclaredWithoutAny() {
        for (String schema : List.of("{}", "{\"type\":\"object\",\"properties\":{}}")) {
            Tool tool = new Tool.Function("f", null, tree(schema), null, null, Extras.NONE);
            ChatRequest request =
                    ChatRequest.builder(Protocol.OPENAI_CHAT)
                            .messages(List.of(user("x")))
                            .tools(List.of(tool))
                            .build();

            assertThat(
                            Json.tree(dialect.writeRequest(request, GEMINI).body())
                                    .at("/tools/0/functionDeclarations/0")
                                    .toString())
                    .isEqualTo("{\"name\":\"f\"}");
        }
    }

    @Test
    void aSchemaIsCleanedAndWhatItLosesIsTold() {
        String schema =
                "{\"$schema\":\"x\",\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"exclusiveMinimum\":0,\"multipleOf\":2}}}";
        ChatRequest request = format(schema);
        Written full = dialect.writeRequest(request, GEMINI);
        Written older = dialect.writeRequest(request, GEMINI.with(Trait.FULL_JSON_SCHEMA, "false"));

        assertThat(config(full).at("/responseJsonSchema/properties/a").toString())
                .isEqualTo(
                        "{\"type\":\"integer\",\"minimum\":1,\"description\":\"(multipleOf: 2)\"}");
        assertThat(config(full).path("responseMimeType").asString(""))
                .isEqualTo("application/json");
        assertThat(config(older).has("responseSchema")).isTrue();
        assertThat(codes(full)).containsExactly("dropped:multipleOf");
        assertThat(full.losses().getFirst().param()).isEqualTo("response_format");
    }

    @Test
    void olderModelsTakeNoJsonTogetherWithTools() {
        UpstreamTraits older = GEMINI.with(Trait.JSON_WITH_TOOLS, "false");
        ChatRequest both =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .tools(List.of(tool("f")))
                        .outputFormat(new OutputFormat.JsonObject())
                        .build();

        assertThat(dialect.writeRequest(both, older).losses())
                .anyMatch(loss -> loss.isRefusal() && "response_format".equals(loss.param()));
        assertThat(dialect.writeRequest(both, GEMINI).losses()).isEmpty();
        assertThat(dialect.writeRequest(format("{}"), older).losses()).noneMatch(Loss::isRefusal);
    }

    @Test
    void aSchemaThatCannotBeSaidIsRefused() {
        String schema =
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}},{\"type\":\"array\"}]}";

        assertThat(dialect.writeRequest(format(schema), GEMINI).losses())
                .anyMatch(loss -> loss.isRefusal() && "response_format".equals(loss.param()));
    }

    @Test
    void moreStopTextsThanFiveAreRefused() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user("x")))
                        .limits(
                                new ChatRequest.Limits(
                                        null, List.of("1", "2", "3", "4", "5", "6"), 1))
                        .build();

        assertThat(dialect.writeRequest(request, GEMINI).losses())
                .anyMatch(loss -> loss.isRefusal() && "stop_sequences".equals(loss.param()));
    }

    private static ChatRequest format(String schema) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT)
                .messages(List.of(user("x")))
                .outputFormat(new OutputFormat.JsonSchema("n", null, tree(schema), true))
                .build();
    }

    private static ChatRequest among(boolean required) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT)
                .messages(List.of(user("x")))
                .tools(List.of(tool("f"), tool("g")))
                .toolChoice(new ToolChoice.Among(required, List.of("f")))
                .build();
    }

    private static Tool tool(String name) {
        return new Tool.Function(name, null, null, null, null, Extras.NONE);
    }

    private static Message user(String text) {
        return Message.of(Role.USER, List.of(Part.Text.of(text)), "messages[0]");
    }

    private static JsonNode config(Written written) {
        return Json.tree(written.body()).path("generationConfig");
    }

    private static String mode(Written written) {
        return Json.tree(written.body()).at("/toolConfig/functionCallingConfig/mode").asString("");
    }

    private static JsonNode tree(String json) {
        return Json.tree(utf8(json));
    }

    private static List<String> codes(Written written) {
        return written.losses().stream().map(Loss::code).toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
