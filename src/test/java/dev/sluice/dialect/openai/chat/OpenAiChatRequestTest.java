package dev.sluice.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Sampling;
import dev.sluice.chat.Seal;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OpenAiChatRequestTest {
    private static final UpstreamTraits OPENAI = UpstreamTraits.standard("openai", "m");

    private final OpenAiChatDialect dialect = new OpenAiChatDialect();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                       | messages
                    {"messages":[]}                                                          | messages
                    {"messages":{}}                                                          | messages
                    {"messages":[1]}                                                         | messages[0]
                    {"messages":[{"content":"x"}]}                                           | messages[0].role
                    {"messages":[{"role":"robot","content":"x"}]}                            | messages[0].role
                    {"messages":[{"role":"user","content":7}]}                               | messages[0].content
                    {"messages":[{"role":"user","content":[{"text":"x"}]}]}                  | messages[0].content[0].type
                    {"messages":[{"role":"user","content":[{"type":"text"}]}]}               | messages[0].content[0].text
                    {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,***"}}]}]} | messages[0].content[0].image_url.url
                    {"messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}     | messages[0].content[0].file
                    {"messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://x"}}]}]} | messages[0].content
                    {"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}]} | messages[0].tool_calls[0].id
                    {"messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]}            | messages[0].tool_calls[0].function
                    {"messages":[{"role":"tool","content":"x"}]}                             | messages[0].tool_call_id
                    {"messages":[{"role":"tool","tool_call_id":"a","content":"x"}]}          | messages[0]
                    {"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{}}]} | tools[0].function.name
                    {"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":[]}}]} | tools[0].function.parameters
                    {"messages":[{"role":"user","content":"x"}],"tool_choice":"always"}      | tool_choice
                    {"messages":[{"role":"user","content":"x"}],"temperature":"hot"}         | temperature
                    {"messages":[{"role":"user","content":"x"}],"response_format":{"type":"xml"}} | response_format.type
                    {"messages":[{"role":"user","content":"x"}],"reasoning_effort":"much"}   | reasoning_effort
                    {"messages":[{"role":"user","content":"x"}],"stop":[1]}                  | stop
                    {"messages":[{"role":"user","content":"x"}],"metadata":{"a":1}}          | metadata
                    """)
    void whatCannotMeanAnythingIsRefusedByItsPlace(String body, String param) {
        MalformedRequest refused = catchThrowableOfType(MalformedRequest.class, () -> read(body));

        assertThat(refused).isNotNull();
        assertThat(refused.param()).isEqualTo(param);
    }

    @Test
    void aVendorWithoutThemGetsSystemMaxTokensAndUser() throws Exception {
        UpstreamTraits vendor =
                UpstreamTraits.of(
                        "deepseek",
                        "deepseek-chat",
                        null,
                        Map.of(
                                "developerRole", "false",
                                "maxTokensField", "max_tokens",
                                "openAiFields", "false",
                                "toolChoiceRequiredWord", "any",
                                "systemOnlyFirst", "true",
                                "streamOptions", "false",
                                "unknownFlag", "x"));
        ChatRequest request =
                read(
                        """
                        {"messages":[{"role":"developer","content":"a"},{"role":"user","content":"b"},
                          {"role":"system","content":"c"},{"role":"user","content":"d"}],
                         "max_completion_tokens":5,"user":"u","store":false,"metadata":{"a":"b"},"stream":true,
                         "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required"}
                        """);

        Written written = dialect.writeRequest(request, vendor);
        JsonNode body = Json.tree(written.body());

        assertThat(body.path("messages").values())
                .extracting(message -> message.path("role").stringValue())
                .containsExactly("system", "user", "user", "user");
        assertThat(body.path("max_tokens").asInt()).isEqualTo(5);
        assertThat(body.path("user").stringValue()).isEqualTo("u");
        assertThat(body.path("tool_choice").stringValue()).isEqualTo("any");
        assertThat(body.has("store")).isFalse();
        assertThat(body.has("stream_options")).isFalse();
        assertThat(codes(written)).containsExactly("dropped:metadata");
    }

    @Test
    void imagesOfToolResultsFollowTheWholeRunInAUserMessage() {
        Media image = new Media.Inline("image/png", "aGk=");
        Part.Image shown = new Part.Image(image, null, null, Extras.NONE);
        ChatRequest request =
                anthropic(
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        Part.ToolCall.of("a", "f", "{}"),
                                        Part.ToolCall.of("b", "f", "{}")),
                                "messages[1]"),
                        Message.of(
                                Role.TOOL,
                                List.of(
                                        result("a", false, shown),
                                        result("b", true, Part.Text.of("no disk"))),
                                "messages[2]"));

        Written written = dialect.writeRequest(request, OPENAI);
        JsonNode messages = Json.tree(written.body()).path("messages");

        assertThat(messages.values())
                .extracting(message -> message.path("role").stringValue())
                .containsExactly("assistant", "tool", "tool", "user");
        assertThat(messages.path(1).path("content").stringValue()).contains("image");
        assertThat(messages.path(2).path("content").stringValue()).isEqualTo("Error: no disk");
        assertThat(messages.path(3).path("content").path(0).path("type").stringValue())
                .isEqualTo("image_url");
        assertThat(messages.path(0).path("content").isNull()).isTrue();
        assertThat(codes(written)).containsExactly("moved:tool_result_media");
    }

    @Test
    void anUnknownBlockInAToolResultBecomesText() {
        Part foreign =
                new Part.Foreign(
                        Protocol.ANTHROPIC,
                        "search_result",
                        Json.mapper().createObjectNode().put("title", "t"),
                        Loss.Severity.WEAKER);
        ChatRequest request =
                anthropic(
                        Message.of(
                                Role.ASSISTANT,
                                List.of(Part.ToolCall.of("a", "f", "{}")),
                                "messages[1]"),
                        Message.of(Role.TOOL, List.of(result("a", false, foreign)), "messages[2]"));

        JsonNode body = Json.tree(dialect.writeRequest(request, OPENAI).body());

        assertThat(body.path("messages").path(1).path("content").stringValue())
                .isEqualTo("{\"title\":\"t\"}");
    }

    @Test
    void reasoningGoesBackOnlyToWhomItCameFromAndWhoWantsIt() {
        Seal own = new Seal("deepseek", "m", Seal.Kind.UNSIGNED, "");
        Seal other = new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "x");
        ChatRequest request =
                anthropic(
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("own", own, null, Extras.NONE),
                                        new Part.Reasoning("other", other, null, Extras.NONE),
                                        Part.Text.of("said")),
                                "messages[1]"),
                        user());
        UpstreamTraits deepseek =
                UpstreamTraits.standard("deepseek", "m")
                        .with(Trait.REASONING_IN, "reasoning_content");

        assertThat(
                        first(dialect.writeRequest(request, deepseek))
                                .path("reasoning_content")
                                .asString(""))
                .isEqualTo("own");
        assertThat(first(dialect.writeRequest(request, OPENAI)).has("reasoning_content")).isFalse();
        assertThat(first(dialect.writeRequest(request, OPENAI)).path("content").stringValue())
                .isEqualTo("said");
    }

    @Test
    void effortWithToolsIsSwitchedOffWhereTheModelRefusesBoth() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user()))
                        .tools(List.of(new Tool.Function("f", null, null, null, null, Extras.NONE)))
                        .reasoning(ReasoningOptions.effort(Effort.HIGH))
                        .build();

        Written written =
                dialect.writeRequest(request, OPENAI.with(Trait.EFFORT_WITH_TOOLS, "false"));

        assertThat(Json.tree(written.body()).path("reasoning_effort").stringValue())
                .isEqualTo("none");
        assertThat(codes(written)).containsExactly("changed:reasoning_effort");
    }

    @Test
    void whatWouldMakeTheAnswerWrongIsARefusalInTheClientsOwnNames() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(
                                List.of(
                                        Message.of(
                                                Role.USER,
                                                List.of(
                                                        new Part.File(
                                                                new Media.Remote(null, "https://x"),
                                                                null,
                                                                null,
                                                                Extras.NONE)),
                                                "messages[0]"),
                                        Message.of(
                                                Role.ASSISTANT,
                                                List.of(Part.Text.of("so")),
                                                "messages[1]")))
                        .tools(
                                List.of(
                                        new Tool.Hosted(
                                                Protocol.ANTHROPIC,
                                                "web_search_20250305",
                                                Json.mapper().createObjectNode())))
                        .toolChoice(new ToolChoice.Auto())
                        .limits(new ChatRequest.Limits(null, List.of("1", "2", "3", "4", "5"), 1))
                        .extras(
                                Extras.of(
                                        Protocol.ANTHROPIC,
                                        List.of(
                                                new Extras.Extra(
                                                        "container",
                                                        Json.mapper().createObjectNode(),
                                                        Loss.Severity.WRONG))))
                        .build();

        List<Loss> losses = dialect.losses(request, OPENAI);

        assertThat(losses)
                .allMatch(Loss::isRefusal)
                .extracting(Loss::param)
                .containsExactlyInAnyOrder(
                        "messages[0]", "messages[1]", "tools", "stop_sequences", "container");
    }

    @Test
    void samplingIsDroppedAndToldWhereTheModelRefusesIt() {
        Sampling sampling = new Sampling(0.5, 0.9, 40L, null, null, 7L, null, null, null);
        ChatRequest request =
                ChatRequest.builder(Protocol.GEMINI)
                        .messages(List.of(user()))
                        .sampling(sampling)
                        .build();

        Written written = dialect.writeRequest(request, OPENAI.with(Trait.SAMPLING, "false"));

        assertThat(Json.tree(written.body()).has("temperature")).isFalse();
        assertThat(written.losses())
                .extracting(Loss::param)
                .contains("generationConfig.temperature", "generationConfig.topK");
    }

    @Test
    void toolsOfOtherProtocolsGetASchemaAndStrictOnlyWhenAsked() {
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user()))
                        .tools(
                                List.of(
                                        new Tool.Function(
                                                "f",
                                                null,
                                                Json.mapper().createObjectNode(),
                                                false,
                                                null,
                                                Extras.NONE)))
                        .build();

        JsonNode function =
                Json.tree(dialect.writeRequest(request, OPENAI).body())
                        .path("tools")
                        .path(0)
                        .path("function");

        assertThat(function.has("strict")).isFalse();
        assertThat(function.path("parameters").toString())
                .isEqualTo("{\"type\":\"object\",\"properties\":{}}");
    }

    @Test
    void freeTextToolsBecomeFunctionsForVendorsAndAreUnwrapped() throws Exception {
        ChatRequest request =
                read(
                        """
                        {"messages":[{"role":"user","content":"x"}],
                         "tools":[{"type":"custom","custom":{"name":"draw"}}]}
                        """);

        Written written = dialect.writeRequest(request, OPENAI.with(Trait.CUSTOM_TOOLS, "false"));
        String answer =
                """
                {"choices":[{"message":{"tool_calls":[{"id":"a","type":"function",
                 "function":{"name":"draw","arguments":"{\\"input\\":\\"circle\\"}"}}]},"finish_reason":"tool_calls"}]}
                """;
        Part call =
                dialect.readAnswer(answer.getBytes(StandardCharsets.UTF_8), written.memory())
                        .choices()
                        .getFirst()
                        .parts()
                        .getFirst();

        assertThat(Json.tree(written.body()).path("tools").path(0).path("type").stringValue())
                .isEqualTo("function");
        assertThat(call)
                .isEqualTo(
                        new Part.ToolCall(
                                "a", null, "draw", "circle", true, null, null, Extras.NONE));
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(body.getBytes(StandardCharsets.UTF_8), Envelope.NONE);
    }

    private static JsonNode first(Written written) {
        return Json.tree(written.body()).path("messages").path(0);
    }

    private static List<String> codes(Written written) {
        return written.losses().stream().map(Loss::code).toList();
    }

    private static ChatRequest anthropic(Message... messages) {
        return ChatRequest.builder(Protocol.ANTHROPIC).messages(List.of(messages)).build();
    }

    private static Message user() {
        return Message.of(Role.USER, List.of(Part.Text.of("x")), "messages[0]");
    }

    private static Part result(String id, boolean error, Part content) {
        return new Part.ToolResult(id, "f", List.of(content), error, false, null, Extras.NONE);
    }
}
