package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.sluice.chat.Sampling;
import dev.sluice.chat.Seal;
import dev.sluice.chat.Tool;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.dialect.Rewrite;
import dev.sluice.dialect.Trait;
import dev.sluice.dialect.UpstreamTraits;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AnthropicRequestTest {
    private static final UpstreamTraits CLAUDE = UpstreamTraits.standard("anthropic", "claude");

    private final AnthropicDialect dialect = new AnthropicDialect();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"messages":[]} | messages
                    {"messages":{}} | messages
                    {"messages":[1]} | messages[0]
                    {"messages":[{"role":"robot","content":"x"}]} | messages[0].role
                    {"messages":[{"role":"user"}]} | messages[0].content
                    {"messages":[{"role":"user","content":1}]} | messages[0].content
                    {"messages":[{"role":"user","content":[{"text":"x"}]}]} | messages[0].content[0].type
                    {"messages":[{"role":"user","content":[{"type":"image"}]}]} | messages[0].content[0].source
                    {"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"?"}}]}]} | messages[0].content[0].source.data
                    {"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"f"}]}]} | messages[0].content
                    {"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"x"}]}]} | messages[0].content[0].input
                    {"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}]} | messages[0]
                    {"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f"}]} | tools[0].input_schema
                    {"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"x"}} | tool_choice.type
                    {"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled"}} | thinking.budget_tokens
                    {"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"none"}} | output_config.effort
                    {"messages":[{"role":"user","content":"x"}],"max_tokens":0} | max_tokens
                    {"messages":[{"role":"user","content":"x"}],"system":[{"type":"image","source":{"type":"url","url":"u"}}]} | system
                    """)
    void whatCannotMeanAnythingIsRefusedByItsPlace(String body, String place) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        MalformedRequest.class, e -> assertThat(e.param()).isEqualTo(place));
    }

    @Test
    void parallelResultsAreOneUserTurnThatBeginsWithThem() {
        Written written =
                write(
                        user("x"),
                        assistant(Part.ToolCall.of("a", "f", "{}"), Part.ToolCall.of("b", "f", "")),
                        Message.of(Role.TOOL, List.of(result("a"), result("b")), "messages[2]"),
                        user("go on"));

        JsonNode turn = messages(written).path(2);
        assertThat(turn.path("content").path(0).path("tool_use_id").asString("")).isEqualTo("a");
        assertThat(turn.path("content").path(1).path("tool_use_id").asString("")).isEqualTo("b");
        assertThat(turn.path("content").path(2).path("text").asString("")).isEqualTo("go on");
        assertThat(messages(written)).hasSize(3);
    }

    @Test
    void aLaterSystemMessageIsNeverHoisted() {
        Message later = Message.of(Role.SYSTEM, List.of(Part.Text.of("new")), "messages[1]");
        Written plain = write(user("x"), later);
        Written able =
                dialect.writeRequest(
                        chat(user("x"), later), CLAUDE.with(Trait.SYSTEM_ANYWHERE, "true"));

        assertThat(Json.tree(plain.body()).has("system")).isFalse();
        assertThat(messages(plain).path(0).path("content").path(1).path("text").asString(""))
                .isEqualTo("new");
        assertThat(codes(plain)).contains("changed:system_role");
        assertThat(messages(able).path(1).path("role").asString("")).isEqualTo("system");
    }

    @Test
    void aHistoryThatBeginsWithTheAssistantGetsAUserTurn() {
        Written written = write(assistant(Part.Text.of("Hi")), user("x"));

        assertThat(messages(written).path(0).path("content").asString("")).isEqualTo(".");
        assertThat(codes(written)).contains("added:user_turn");
    }

    @Test
    void maxTokensIsTheModelsOwnOrPlentyWhereTheClientSaysNone() {
        UpstreamTraits known = UpstreamTraits.of("anthropic", "claude", 64000, java.util.Map.of());

        assertThat(Json.tree(write(user("x")).body()).path("max_tokens").asInt()).isEqualTo(32000);
        JsonNode body = Json.tree(dialect.writeRequest(chat(user("x")), known).body());
        assertThat(body.path("max_tokens").asInt()).isEqualTo(64000);
    }

    @Test
    void foreignAndUnsignedThinkingIsDroppedAndNeverText() {
        Written written =
                write(
                        user("x"),
                        assistant(
                                thought("a", new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "r")),
                                thought("b", null),
                                thought("", new Seal("anthropic", null, Seal.Kind.SIGNATURE, "s")),
                                Part.Text.of("c")),
                        user("y"));

        JsonNode content = messages(written).path(1).path("content");
        assertThat(content).hasSize(2);
        assertThat(content.path(0).path("signature").asString("")).isEqualTo("s");
        assertThat(content.path(1).path("text").asString("")).isEqualTo("c");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, disabled, ''",
        "MINIMAL, adaptive, low",
        "MEDIUM, adaptive, medium",
        "MAX, adaptive, max"
    })
    void effortIsAdaptiveThinkingAndNeverABudget(Effort effort, String type, String word) {
        JsonNode body = Json.tree(dialect.writeRequest(thinking(effort), CLAUDE).body());

        assertThat(body.path("thinking").path("type").asString("")).isEqualTo(type);
        assertThat(body.path("thinking").has("budget_tokens")).isFalse();
        assertThat(body.path("output_config").path("effort").asString("")).isEqualTo(word);
    }

    @Test
    void aBudgetStaysBelowTheLimitOfOutput() {
        UpstreamTraits old = CLAUDE.with(Trait.THINKING, "budget");
        ChatRequest request = thinking(Effort.HIGH);
        ChatRequest small =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(request.messages())
                        .reasoning(request.reasoning())
                        .limits(new ChatRequest.Limits(2000L, List.of(), 1))
                        .build();

        JsonNode body = Json.tree(dialect.writeRequest(small, old).body());
        assertThat(body.path("thinking").path("budget_tokens").asInt()).isEqualTo(1999);
        assertThat(body.has("output_config")).isFalse();
    }

    @Test
    void anOpenTurnWithoutItsThinkingSwitchesABudgetOff() {
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(
                                List.of(
                                        user("x"),
                                        assistant(Part.ToolCall.of("a", "f", "{}")),
                                        Message.of(Role.TOOL, List.of(result("a")), "messages[2]")))
                        .reasoning(ReasoningOptions.effort(Effort.LOW))
                        .build();
        Written old = dialect.writeRequest(request, CLAUDE.with(Trait.THINKING, "budget"));

        assertThat(Json.tree(old.body()).has("thinking")).isFalse();
        assertThat(codes(old)).contains("dropped:reasoning_effort");
        assertThat(codes(dialect.writeRequest(request, CLAUDE))).isEmpty();
    }

    @Test
    void nothingIsInventedWhereNoReasoningWasAsked() {
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_RESPONSES)
                        .messages(List.of(user("x")))
                        .reasoning(new ReasoningOptions(null, null, null, null, null))
                        .build();

        assertThat(Json.tree(dialect.writeRequest(request, CLAUDE).body()).propertyNames())
                .containsExactlyInAnyOrder("model", "max_tokens", "messages");
    }

    @Test
    void moreThanFourCacheMarksLoseTheMiddleOnes() {
        Part.CacheMark mark = new Part.CacheMark(java.time.Duration.ofMinutes(30));
        List<Part> texts =
                java.util.stream.IntStream.range(0, 6)
                        .<Part>mapToObj(
                                i -> new Part.Text("t" + i, List.of(), null, mark, Extras.NONE))
                        .toList();
        Written written = write(Message.of(Role.USER, texts, "messages[0]"));

        List<String> marked = new java.util.ArrayList<>();
        for (JsonNode block : messages(written).path(0).path("content")) {
            if (block.path("cache_control").path("ttl").asString("").equals("1h")) {
                marked.add(block.path("text").asString(""));
            }
        }
        assertThat(marked).containsExactly("t0", "t3", "t4", "t5");
    }

    @Test
    void aForcedToolSwitchesThinkingOff() {
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .tools(List.of(tool("f")))
                        .toolChoice(new ToolChoice.Required())
                        .reasoning(ReasoningOptions.effort(Effort.HIGH))
                        .build();
        Written written = dialect.writeRequest(request, CLAUDE);

        JsonNode body = Json.tree(written.body());
        assertThat(body.path("thinking").path("type").asString("")).isEqualTo("disabled");
        assertThat(body.path("tool_choice").path("type").asString("")).isEqualTo("any");
        assertThat(codes(written)).contains("dropped:reasoning_effort");
    }

    @Test
    void anOlderModelGivesItsOutputByAForcedTool() {
        JsonNode schema = Json.mapper().readTree("{\"type\":\"array\"}");
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .outputFormat(new OutputFormat.JsonSchema("n", null, schema, true))
                        .build();
        Written written = dialect.writeRequest(request, CLAUDE.with(Trait.OUTPUT_CONFIG, "false"));

        JsonNode body = Json.tree(written.body());
        assertThat(body.path("tool_choice").path("name").asString(""))
                .isEqualTo(written.memory().outputTool());
        assertThat(body.path("tools").path(0).path("input_schema").path("type").asString(""))
                .isEqualTo("object");
    }

    @Test
    void whatWouldMakeTheAnswerWrongIsRefused() {
        ChatRequest many =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(assistant(Part.ToolCall.of("a", "f", "{\"x\":"))))
                        .limits(new ChatRequest.Limits(null, List.of(" ", "END"), 2))
                        .sampling(new Sampling(1.5, null, null, 0.1, null, 7L, null, null, null))
                        .service(
                                new ChatRequest.Service(
                                        "a@b.c", java.util.Map.of(), "flex", true, "k"))
                        .build();
        Written written = dialect.writeRequest(many, CLAUDE);

        assertThat(written.losses().stream().filter(Loss::isRefusal).map(Loss::code))
                .containsExactlyInAnyOrder(
                        "dropped:tool_arguments", "dropped:prefill", "dropped:n");
        assertThat(codes(written))
                .contains(
                        "clamped:temperature",
                        "dropped:frequency_penalty",
                        "dropped:seed",
                        "dropped:stop",
                        "dropped:user",
                        "dropped:service_tier",
                        "dropped:store");
    }

    @Test
    void alternativesAtTheTopOfASchemaAreLaidTogether() {
        JsonNode schema =
                Json.mapper()
                        .readTree(
                                "{\"type\":\"object\",\"anyOf\":[{\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"a\",\"b\"]},"
                                        + "{\"properties\":{\"a\":{}},\"required\":[\"a\"]}]}");
        Tool tool = new Tool.Function("f", null, schema, null, null, Extras.NONE);
        ChatRequest request =
                ChatRequest.builder(Protocol.OPENAI_CHAT)
                        .messages(List.of(user("x")))
                        .tools(List.of(tool))
                        .build();
        Written written = dialect.writeRequest(request, CLAUDE);

        JsonNode sent = Json.tree(written.body()).path("tools").path(0).path("input_schema");
        assertThat(sent.has("anyOf")).isFalse();
        assertThat(sent.path("properties").propertyNames()).containsExactlyInAnyOrder("a", "b");
        assertThat(sent.path("required").toString()).isEqualTo("[\"a\"]");
        assertThat(codes(written)).contains("changed:parameters");
    }

    @Test
    void onlyAllowedBetasAreSent() throws MalformedRequest {
        byte[] body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                        .getBytes(StandardCharsets.UTF_8);
        ChatRequest request =
                dialect.readRequest(body, new Envelope(null, false, List.of("a-1", "b-2")));

        assertThat(dialect.writeRequest(request, CLAUDE).headers())
                .containsEntry("anthropic-beta", "a-1,b-2");
        Written some = dialect.writeRequest(request, CLAUDE.with(Trait.BETAS, "b-2"));
        assertThat(some.headers()).containsEntry("anthropic-beta", "b-2");
        assertThat(codes(some)).containsExactly("dropped:anthropic-beta");
    }

    @Test
    void aPassedBodyLosesOnlyThinkingOfOtherProviders() throws MalformedRequest {
        String wrapped = Seals.wrap(new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "r"));
        String foreign =
                "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"" + wrapped + "\"}";
        String body =
                "{\"model\":\"m\", \"messages\":[ {\"role\":\"user\",\"content\":\"x\"} , {\"role\":\"assistant\",\"content\":["
                        + "%s{\"type\":\"thinking\",\"thinking\":\"u\",\"signature\":\"own\"}%s]}%s]}";
        byte[] before =
                body.formatted(
                                foreign + " , ",
                                "," + foreign,
                                ",{\"role\":\"assistant\",\"content\":[" + foreign + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        RequestPeek peek = dialect.peek(before);
        byte[] after = dialect.rewrite(before, peek, new Rewrite(null, false, false, null));

        assertThat(new String(after, StandardCharsets.UTF_8)).isEqualTo(body.formatted("", "", ""));
    }

    @Test
    void peekingFindsLimitsAndMedia() throws MalformedRequest {
        byte[] body =
                "{\"max_tokens\":5,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"},{\"type\":\"tool_result\",\"content\":[{\"type\":\"document\"}]}]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        RequestPeek peek = dialect.peek(body);
        byte[] changed = dialect.rewrite(body, peek, new Rewrite("m", true, true, 9L));

        assertThat(peek.mediaParts()).isEqualTo(2);
        assertThat(peek.stream()).isTrue();
        assertThat(peek.maxOutputTokens()).isEqualTo(5);
        assertThat(new String(changed, StandardCharsets.UTF_8))
                .startsWith("{\"model\":\"m\",\"max_tokens\":9,\"stream\":true,");
    }

    @Test
    void arbitraryJsonIsReadOrRefusedButNeverCrashes() {
        String sample =
                """
                {"model":"m","max_tokens":9,"system":[{"type":"text","text":"x"}],"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"}}]},
                {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","id":"a","name":"f","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}],"tools":[{"name":"f","input_schema":{"type":"object"}}],
                "thinking":{"type":"adaptive"},"output_config":{"effort":"low"},"metadata":{"user_id":"u"},"stop_sequences":["a"]}
                """;
        String[] fragments = {"null", "{}", "[]", "1", "\"x\"", "true", "[{}]", "{\"type\":{}}"};
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            int at = sample.indexOf(':', random.nextInt(sample.length() - 30)) + 1;
            int end = at + 1 + random.nextInt(6);
            String body =
                    sample.substring(0, at)
                            + fragments[random.nextInt(fragments.length)]
                            + sample.substring(Math.min(end, sample.length()));
            try {
                assertThat(dialect.writeRequest(read(body), CLAUDE).body())
                        .as("seed %d", seed)
                        .isNotEmpty();
            } catch (MalformedRequest refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    private ChatRequest read(String body) throws MalformedRequest {
        return dialect.readRequest(body.getBytes(StandardCharsets.UTF_8), Envelope.NONE);
    }

    private Written write(Message... messages) {
        return dialect.writeRequest(chat(messages), CLAUDE);
    }

    private static ChatRequest chat(Message... messages) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT).messages(List.of(messages)).build();
    }

    private static ChatRequest thinking(Effort effort) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT)
                .messages(List.of(user("x")))
                .reasoning(new ReasoningOptions(effort, null, null, true, null))
                .build();
    }

    private static Tool tool(String name) {
        return new Tool.Function(name, null, null, null, null, Extras.NONE);
    }

    private static Message user(String text) {
        return Message.of(Role.USER, List.of(Part.Text.of(text)), "messages[0]");
    }

    private static Message assistant(Part... parts) {
        return Message.of(Role.ASSISTANT, List.of(parts), "messages[1]");
    }

    private static Part thought(String text, @org.jspecify.annotations.Nullable Seal seal) {
        return new Part.Reasoning(text, seal, null, Extras.NONE);
    }

    private static Part result(String id) {
        return new Part.ToolResult(
                id, "f", List.of(Part.Text.of("r")), false, false, null, Extras.NONE);
    }

    private static JsonNode messages(Written written) {
        return Json.tree(written.body()).path("messages");
    }

    private static List<String> codes(Written written) {
        return written.losses().stream().map(Loss::code).toList();
    }
}
