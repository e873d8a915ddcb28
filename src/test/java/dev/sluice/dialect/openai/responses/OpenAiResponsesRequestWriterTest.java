package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.OutputFormat;
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
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What an upstream is told of a request. */
class OpenAiResponsesRequestWriterTest {
    private static final UpstreamTraits GPT = UpstreamTraits.standard("openai", "gpt");

    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @Test
    void whatNoResponsesUpstreamCanBeToldIsRefusedOrTold() {
        Sampling sampling =
                new Sampling(0.5, 0.9, 40L, 0.1, 0.2, 7L, Json.tree(utf8("{}")), true, 3);
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(
                                List.of(
                                        user(
                                                new Part.Audio(
                                                        new Media.Inline("audio/wav", "AAAA"),
                                                        Extras.NONE),
                                                new Part.Video(
                                                        new Media.Inline("video/mp4", "AAAA"),
                                                        Extras.NONE)),
                                        assistant(Part.Text.of("And"))))
                        .sampling(sampling)
                        .limits(new ChatRequest.Limits(3L, List.of("END"), 2))
                        .service(new ChatRequest.Service("u", Map.of(), null, true, null))
                        .build();

        Written written = dialect.writeRequest(request, GPT);

        assertThat(codes(written))
                .containsExactlyInAnyOrder(
                        "WRONG dropped:audio",
                        "WRONG dropped:video",
                        "WRONG dropped:prefill",
                        "WRONG dropped:stop",
                        "WRONG dropped:n",
                        "WEAKER clamped:max_tokens",
                        "WEAKER dropped:top_k",
                        "WEAKER dropped:frequency_penalty",
                        "WEAKER dropped:presence_penalty",
                        "WEAKER dropped:seed",
                        "WEAKER dropped:logit_bias",
                        "WEAKER dropped:store");
        JsonNode body = Json.tree(written.body());
        assertThat(body.path("max_output_tokens").asInt(0)).isEqualTo(16);
        assertThat(body.path("store").asBoolean(true)).isFalse();
        assertThat(body.path("include").toString()).contains("message.output_text.logprobs");
        assertThat(body.path("top_logprobs").asInt(0)).isEqualTo(3);
    }

    @Test
    void toolsOfOtherProtocolsAreNotMadeStrict() throws Exception {
        Tool silent = new Tool.Function("f", null, null, null, null, Extras.NONE);
        JsonNode tool = written(Protocol.ANTHROPIC, silent).path("tools").path(0);

        assertThat(tool.path("strict").asBoolean(true)).isFalse();
        assertThat(tool.path("parameters").toString())
                .isEqualTo("{\"type\":\"object\",\"properties\":{}}");
        String own = "{\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}";
        assertThat(Json.tree(dialect.writeRequest(read(own), GPT).body()).path("tools").path(0))
                .hasSize(2);
    }

    @Test
    void resultsFollowAllCallsAndErrorsSaySo() {
        Written written =
                write(
                        user(Part.Text.of("x")),
                        assistant(Part.ToolCall.of("a b", "f", ""), Part.ToolCall.of("b", "f", "")),
                        Message.of(
                                Role.TOOL,
                                List.of(
                                        result("a b", true, Part.Text.of("no")),
                                        result("b", false)),
                                "messages[2]"));

        JsonNode input = Json.tree(written.body()).path("input");
        assertThat(input.path(1).path("call_id").asString("")).matches("call_[0-9a-f]{24}");
        assertThat(input.path(3).path("call_id")).isEqualTo(input.path(1).path("call_id"));
        assertThat(input.path(3).path("output").asString("")).isEqualTo("Error: no");
        assertThat(input.path(4).path("output").asString("-")).isEmpty();
        assertThat(input.path(1).path("arguments").asString("")).isEqualTo("{}");
    }

    @Test
    void anUnknownBlockInAToolResultBecomesText() {
        JsonNode block = Json.tree(utf8("{\"type\":\"search_result\",\"source\":\"s\"}"));
        Part foreign =
                new Part.Foreign(Protocol.ANTHROPIC, "search_result", block, Loss.Severity.WEAKER);
        Written written =
                write(
                        assistant(Part.ToolCall.of("a", "f", "{}")),
                        Message.of(Role.TOOL, List.of(result("a", false, foreign)), "messages[1]"));

        assertThat(Json.tree(written.body()).path("input").path(1).path("output").asString(""))
                .isEqualTo(block.toString());
    }

    @Test
    void vendorsThatTakeNoMediaInResultsGetThemAfterTheWholeRun() {
        Part image = new Part.Image(new Media.Inline("image/png", "AAAA"), null, null, Extras.NONE);
        ChatRequest request =
                chat(
                        user(Part.Text.of("x")),
                        assistant(
                                Part.ToolCall.of("a", "f", "{}"), Part.ToolCall.of("b", "f", "{}")),
                        Message.of(
                                Role.TOOL,
                                List.of(result("a", false, image), result("b", false)),
                                "messages[2]"));
        JsonNode input =
                Json.tree(
                                dialect.writeRequest(
                                                request,
                                                GPT.with(Trait.TOOL_RESULT_IMAGES, "false"))
                                        .body())
                        .path("input");

        assertThat(input.path(3).path("output").asString("")).startsWith("[image");
        assertThat(input.path(5).path("role").asString("")).isEqualTo("user");
        assertThat(input.path(5).path("content").path(0).path("type").asString(""))
                .isEqualTo("input_image");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, none, none, max, none",
        "MINIMAL, minimal, none, max, minimal",
        "XHIGH, high, none, high, changed",
        "NONE, low, low, max, changed",
        "MAX, max, none, max, max"
    })
    void effortIsWhatTheModelKnows(
            Effort effort, String sent, String least, String most, String told) {
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user(Part.Text.of("x"))))
                        .reasoning(ReasoningOptions.effort(effort))
                        .build();
        Written written =
                dialect.writeRequest(
                        request, GPT.with(Trait.MIN_EFFORT, least).with(Trait.MAX_EFFORT, most));

        assertThat(Json.tree(written.body()).path("reasoning").path("effort").asString(""))
                .isEqualTo(sent);
        assertThat(codes(written).contains("WEAKER changed:reasoning_effort"))
                .isEqualTo(told.equals("changed"));
    }

    @Test
    void summariesAndSealsAreAskedForWhereTheClientCanShowThem() {
        ChatRequest asked =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user(Part.Text.of("x"))))
                        .reasoning(new ReasoningOptions(null, 5000L, null, true, null))
                        .build();
        JsonNode body = Json.tree(dialect.writeRequest(asked, GPT).body());

        assertThat(body.path("reasoning").toString())
                .isEqualTo("{\"effort\":\"medium\",\"summary\":\"auto\"}");
        assertThat(body.path("include").toString()).isEqualTo("[\"reasoning.encrypted_content\"]");
        JsonNode silent = Json.tree(write(user(Part.Text.of("x"))).body());
        assertThat(silent.has("reasoning")).isFalse();
        assertThat(silent.has("include")).isFalse();
    }

    @Test
    void aSchemaKeepsItsWordsAndIsNeverTightened() {
        JsonNode schema = Json.tree(utf8("{\"type\":\"object\",\"pattern\":1.50}"));
        ChatRequest request =
                ChatRequest.builder(Protocol.ANTHROPIC)
                        .messages(List.of(user(Part.Text.of("x"))))
                        .outputFormat(new OutputFormat.JsonSchema(null, null, schema, null))
                        .build();
        JsonNode format =
                Json.tree(dialect.writeRequest(request, GPT).body()).path("text").path("format");

        assertThat(format.toString())
                .isEqualTo(
                        "{\"type\":\"json_schema\",\"name\":\"response\",\"schema\":{\"type\":\"object\",\"pattern\":1.50},\"strict\":false}");
        JsonNode object =
                Json.tree(
                                dialect.writeRequest(request, GPT.with(Trait.JSON_SCHEMA, "false"))
                                        .body())
                        .path("text")
                        .path("format");
        assertThat(object.path("type").asString("")).isEqualTo("json_object");
    }

    @Test
    void aVendorGetsNoFieldsOfOpenAisOwn() {
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(
                                List.of(
                                        Message.of(
                                                Role.DEVELOPER,
                                                List.of(Part.Text.of("d")),
                                                "messages[0]"),
                                        user(Part.Text.of("x")),
                                        Message.of(
                                                Role.SYSTEM,
                                                List.of(Part.Text.of("late")),
                                                "messages[2]"),
                                        user(Part.Text.of("y"))))
                        .tools(
                                List.of(
                                        new Tool.Function("f", null, null, true, null, Extras.NONE),
                                        new Tool.Function(
                                                "g", null, null, null, null, Extras.NONE)))
                        .toolChoice(new ToolChoice.Among(true, List.of("f")))
                        .verbosity("low")
                        .service(
                                new ChatRequest.Service("u", Map.of("a", "b"), "flex", null, "key"))
                        .build();
        UpstreamTraits vendor =
                GPT.with(Trait.OPENAI_FIELDS, "false")
                        .with(Trait.DEVELOPER_ROLE, "false")
                        .with(Trait.SYSTEM_ONLY_FIRST, "true")
                        .with(Trait.STRICT_TOOLS, "false");
        Written written = dialect.writeRequest(request, vendor);
        JsonNode body = Json.tree(written.body());

        assertThat(codes(written))
                .containsExactlyInAnyOrder(
                        "WEAKER dropped:strict",
                        "WEAKER dropped:verbosity",
                        "WEAKER dropped:metadata",
                        "WEAKER dropped:service_tier");
        assertThat(body.path("tools")).hasSize(1);
        assertThat(body.path("tool_choice").asString("")).isEqualTo("required");
        assertThat(body.path("user").asString("")).isEqualTo("u");
        assertThat(body.path("input").path(0).path("role").asString("")).isEqualTo("system");
        assertThat(body.path("input").path(2).path("role").asString("")).isEqualTo("user");
    }

    @Test
    void reasoningGoesBackOnlyToWhomItCameFrom() throws Exception {
        Written written =
                write(
                        user(Part.Text.of("x")),
                        assistant(
                                thought("a", new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "r")),
                                thought("b", null),
                                thought("c", new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "own")),
                                Part.Text.of("d")),
                        user(Part.Text.of("go on")));

        assertThat(new String(written.body(), StandardCharsets.UTF_8))
                .contains("\"encrypted_content\":\"own\"")
                .doesNotContain("\"a\"")
                .doesNotContain("\"b\"");
        String wrapped = Seals.wrap(new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "own"));
        String body =
                "{\"input\":[{\"role\":\"user\",\"content\":\"x\"},"
                        + "{\"type\":\"reasoning\",\"id\":\"rs_gw1_1\",\"summary\":[],\"encrypted_content\":\"WRAPPED\"},"
                        + "{\"type\":\"reasoning\",\"id\":\"rs_gw1_2\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"foreign\"}]},"
                        + "{\"role\":\"assistant\",\"content\":\"y\"},{\"role\":\"user\",\"content\":\"z\"}]}";
        JsonNode input =
                Json.tree(dialect.writeRequest(read(body.replace("WRAPPED", wrapped)), GPT).body())
                        .path("input");
        assertThat(input).hasSize(4);
        assertThat(input.path(1).path("encrypted_content").asString("")).isEqualTo("own");
        assertThat(input.path(1).has("id")).isFalse();
    }

    @Test
    void freeTextToolsBecomeFunctionsForVendorsAndAreUnwrapped() throws Exception {
        String body =
                "{\"input\":\"x\",\"tools\":[{\"type\":\"custom\",\"name\":\"note\"}],\"tool_choice\":{\"type\":\"custom\",\"name\":\"note\"}}";
        Written written = dialect.writeRequest(read(body), GPT.with(Trait.CUSTOM_TOOLS, "false"));
        JsonNode sent = Json.tree(written.body());

        assertThat(sent.path("tools").path(0).path("type").asString("")).isEqualTo("function");
        assertThat(sent.path("tool_choice").path("type").asString("")).isEqualTo("function");
        ChatAnswer answer =
                dialect.readAnswer(
                        utf8(
                                "{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"call_id\":\"a\",\"name\":\"note\",\"arguments\":\"{\\\"input\\\":\\\"free\\\"}\"}]}"),
                        written.memory());
        Part.ToolCall call = (Part.ToolCall) answer.choices().getFirst().parts().getFirst();
        assertThat(call.custom()).isTrue();
        assertThat(call.arguments()).isEqualTo("free");
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(utf8(body), Envelope.NONE);
    }

    private JsonNode written(Protocol origin, Tool tool) {
        ChatRequest request =
                ChatRequest.builder(origin)
                        .messages(List.of(user(Part.Text.of("x"))))
                        .tools(List.of(tool))
                        .build();
        return Json.tree(dialect.writeRequest(request, GPT).body());
    }

    private Written write(Message... messages) {
        return dialect.writeRequest(chat(messages), GPT);
    }

    private static ChatRequest chat(Message... messages) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT).messages(List.of(messages)).build();
    }

    private static Message user(Part... parts) {
        return Message.of(Role.USER, List.of(parts), "messages[0]");
    }

    private static Message assistant(Part... parts) {
        return Message.of(Role.ASSISTANT, List.of(parts), "messages[1]");
    }

    private static Part thought(String text, @Nullable Seal seal) {
        return new Part.Reasoning(text, seal, null, Extras.NONE);
    }

    private static Part.ToolResult result(String id, boolean error, Part... content) {
        return new Part.ToolResult(id, "f", List.of(content), error, false, null, Extras.NONE);
    }

    private static List<String> codes(Written written) {
        return written.losses().stream().map(loss -> loss.severity() + " " + loss.code()).toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
