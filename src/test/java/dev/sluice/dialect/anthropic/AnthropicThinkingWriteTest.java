package dev.sluice.dialect.anthropic;

import static dev.sluice.dialect.anthropic.AnthropicWriting.assistant;
import static dev.sluice.dialect.anthropic.AnthropicWriting.chat;
import static dev.sluice.dialect.anthropic.AnthropicWriting.codes;
import static dev.sluice.dialect.anthropic.AnthropicWriting.messages;
import static dev.sluice.dialect.anthropic.AnthropicWriting.result;
import static dev.sluice.dialect.anthropic.AnthropicWriting.thought;
import static dev.sluice.dialect.anthropic.AnthropicWriting.tool;
import static dev.sluice.dialect.anthropic.AnthropicWriting.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Seal;
import dev.sluice.chat.ToolChoice;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How much an upstream is told to think, and what it gets back of earlier thinking. */
class AnthropicThinkingWriteTest {
    private static final UpstreamTraits CLAUDE = UpstreamTraits.standard("anthropic", "claude");

    private final AnthropicDialect dialect = new AnthropicDialect();

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

    private static ChatRequest thinking(Effort effort) {
        return ChatRequest.builder(Protocol.OPENAI_CHAT)
                .messages(List.of(user("x")))
                .reasoning(new ReasoningOptions(effort, null, null, true, null))
                .build();
    }

    private Written write(Message... messages) {
        return dialect.writeRequest(chat(messages), CLAUDE);
    }
}
