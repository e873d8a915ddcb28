package dev.sluice.dialect.anthropic;

import static dev.sluice.dialect.anthropic.AnthropicWriting.assistant;
import static dev.sluice.dialect.anthropic.AnthropicWriting.chat;
import static dev.sluice.dialect.anthropic.AnthropicWriting.codes;
import static dev.sluice.dialect.anthropic.AnthropicWriting.messages;
import static dev.sluice.dialect.anthropic.AnthropicWriting.result;
import static dev.sluice.dialect.anthropic.AnthropicWriting.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.OutputFormat;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Sampling;
import dev.sluice.chat.Tool;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an upstream is told. */
class AnthropicRequestWriteTest {
    private static final UpstreamTraits CLAUDE = UpstreamTraits.standard("anthropic", "claude");

    private final AnthropicDialect dialect = new AnthropicDialect();

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
    void maxTokensIsTheModelsOwnOrPlentyWhereTheClientSaysNone() {
        UpstreamTraits known = UpstreamTraits.of("anthropic", "claude", 64000, java.util.Map.of());

        assertThat(Json.tree(write(user("x")).body()).path("max_tokens").asInt()).isEqualTo(32000);
        JsonNode body = Json.tree(dialect.writeRequest(chat(user("x")), known).body());
        assertThat(body.path("max_tokens").asInt()).isEqualTo(64000);
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

    private Written write(Message... messages) {
        return dialect.writeRequest(chat(messages), CLAUDE);
    }
}
