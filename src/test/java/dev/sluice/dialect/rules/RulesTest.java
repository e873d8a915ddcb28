package dev.sluice.dialect.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Media;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Part.ToolCall;
import dev.sluice.chat.Part.ToolResult;
import dev.sluice.chat.ReasoningOptions.Effort;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.ToolNames;
import dev.sluice.dialect.rules.media.DataUrl;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    @Test
    void resultsStandInTheOrderOfTheirCallsWithTheToolsNames() throws Exception {
        List<Message> settled =
                Turns.settled(
                        List.of(
                                user(),
                                assistant(ToolCall.of("a", "one", "{}")),
                                assistant(ToolCall.of("b", "two", "{}")),
                                tool("b"),
                                tool("a"),
                                user()));

        assertThat(settled)
                .extracting(Message::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
        assertThat(settled.get(1).parts()).hasSize(2);
        assertThat(settled.get(2).parts())
                .extracting(part -> ((ToolResult) part).name())
                .containsExactly("one", "two");
    }

    @Test
    void aCallWithoutAResultIsRefusedByItsId() {
        assertThatThrownBy(() ->
                        Turns.settled(List.of(assistant(ToolCall.of("lost", "one", "{}")), user())))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageContaining("lost");
    }

    @Test
    void aResultWithoutACallIsRefusedByItsId() {
        assertThatThrownBy(() -> Turns.settled(List.of(user(), tool("orphan"))))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageContaining("orphan");
    }

    @Test
    void aSecondResultOfOneCallIsRefused() {
        assertThatThrownBy(() ->
                        Turns.settled(
                                List.of(
                                        assistant(ToolCall.of("a", "one", "{}")),
                                        tool("a"),
                                        tool("a"))))
                .isInstanceOf(MalformedRequest.class);
    }

    @Test
    void illegalToolNamesAreRenamedAndBack() {
        String longName = "x".repeat(80);
        ToolNames names =
                ToolNames.under(
                        ToolNames.Rule.GEMINI, List.of("ok", "mcp.tool-1", "1st", longName, "ü"));

        assertThat(names.upstream("ok")).isEqualTo("ok");
        assertThat(names.upstream("mcp.tool-1")).isEqualTo("mcp.tool-1");
        for (String name : List.of("1st", longName, "ü")) {
            assertThat(names.upstream(name))
                    .matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}")
                    .isNotEqualTo(name);
            assertThat(names.client(names.upstream(name))).isEqualTo(name);
        }
        assertThat(names.collisions()).isEmpty();
    }

    @Test
    void toolNamesThatCollideAreKnown() {
        String renamed = ToolNames.under(ToolNames.Rule.OPENAI, List.of("a b")).upstream("a b");

        assertThat(ToolNames.under(ToolNames.Rule.OPENAI, List.of(renamed, "a b")).collisions())
                .containsExactly("a b");
    }

    @Test
    void toolCallIdsAreLegalAndTheSameEveryTime() {
        assertThat(ToolCallIds.of("toolu_1", "r", 0)).isEqualTo("toolu_1");
        assertThat(ToolCallIds.of("", "r", 0)).isEqualTo(ToolCallIds.of("", "r", 0));
        assertThat(ToolCallIds.of("", "r", 0)).isNotEqualTo(ToolCallIds.of("", "r", 1));
        assertThat(ToolCallIds.isMade(ToolCallIds.of("", "r", 0))).isTrue();
        assertThat(ToolCallIds.legal("a.b:c/1")).matches("call_[0-9a-f]{24}");
        assertThat(ToolCallIds.legal("x".repeat(65))).hasSize(29);
    }

    @Test
    void aSealSurvivesAClientOfAnotherDialect() {
        Seal seal = new Seal("google", "gemini-3-pro", Seal.Kind.THOUGHT, "a|b==");
        String wrapped = Seals.wrap(seal);

        assertThat(Seals.isWrapped(wrapped)).isTrue();
        assertThat(Base64.getDecoder().decode(wrapped)).isNotEmpty();
        assertThat(Seals.read(wrapped, "anthropic", Seal.Kind.SIGNATURE)).isEqualTo(seal);
    }

    @Test
    void aBareSealIsOfTheClientsOwnProvider() {
        assertThat(Seals.read("raw", "anthropic", Seal.Kind.SIGNATURE))
                .isEqualTo(new Seal("anthropic", null, Seal.Kind.SIGNATURE, "raw"));
        assertThat(Seals.read("", "anthropic", Seal.Kind.SIGNATURE)).isNull();
        assertThat(Seals.read("Z3cxf!", "anthropic", Seal.Kind.SIGNATURE)).isNull();
    }

    @Test
    void aSealIsForItsOwnFamilyAndModelAlone() {
        Seal seal = new Seal("anthropic", "claude-opus-4-5-20251101", Seal.Kind.SIGNATURE, "x");

        assertThat(seal.isFor("anthropic", "claude-opus-4-5")).isTrue();
        assertThat(seal.isFor("anthropic", "anthropic/claude-opus-4-5@20251101")).isTrue();
        assertThat(seal.isFor("anthropic", "claude-opus-4-6")).isFalse();
        assertThat(seal.isFor("google", "claude-opus-4-5")).isFalse();
        assertThat(Seals.unsigned("anthropic", "m").isFor("anthropic", "m")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    data:image/png;base64,aGk=                 | image/png  | aGk=
                    DATA:image/PNG;charset=x;BASE64,aGk=       | image/png  | aGk=
                    data:;base64,iVBORw0KGgo=                  | image/png  | iVBORw0KGgo=
                    data:;base64,/9j/AAAA                      | image/jpeg | /9j/AAAA
                    data:text/plain,h%C3%A9+                   | text/plain | aMOpKw==
                    """)
    void dataUrlsAreReadInEverySpelling(String url, String type, String base64) {
        assertThat(DataUrl.read(url)).isEqualTo(new Media.Inline(type, base64));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png;base64,a",
                "data:image/png;base64,a-b_",
                "data:image/png",
                "x",
                "data:image/png;base64,",
                "data:image/png;base64,=a="
            })
    void whatIsNoBase64IsNoDataUrl(String url) {
        assertThat(DataUrl.read(url)).isNull();
    }

    @Test
    void lineBreaksInBase64AreStripped() {
        Media.Inline inline = DataUrl.inline("image/gif", "R0lG\r\nODlh\n");

        assertThat(inline).isEqualTo(new Media.Inline("image/gif", "R0lGODlh"));
    }

    @Test
    void thinkTagsAreSplitHoweverTheTextIsCut() {
        String text = "\n<think>a < b</thin k></think>\n\nShown <think>text";
        for (int size = 1; size < text.length(); size++) {
            ThinkTags tags = new ThinkTags();
            StringBuilder reasoning = new StringBuilder();
            StringBuilder shown = new StringBuilder();
            List<ThinkTags.Split> splits = new ArrayList<>();
            for (int from = 0; from < text.length(); from += size) {
                splits.add(tags.next(text.substring(from, Math.min(text.length(), from + size))));
            }
            splits.add(tags.end());
            for (ThinkTags.Split split : splits) {
                reasoning.append(split.reasoning());
                shown.append(split.text());
            }
            assertThat(reasoning).as("size %d", size).hasToString("a < b</thin k>");
            assertThat(shown).as("size %d", size).hasToString("Shown <think>text");
        }
        assertThat(ThinkTags.split("plain")).isEqualTo(new ThinkTags.Split("", "plain"));
    }

    @Test
    void effortsAndBudgetsConvertBothWays() {
        assertThat(Efforts.ofBudget(Efforts.anthropicBudget(Effort.MEDIUM)))
                .isEqualTo(Effort.MEDIUM);
        assertThat(Efforts.ofGeminiBudget(Efforts.geminiBudget(Effort.HIGH)))
                .isEqualTo(Effort.HIGH);
        assertThat(Efforts.ofBudget(0)).isEqualTo(Effort.NONE);
        assertThat(Efforts.within(Effort.MAX, Effort.LOW, Effort.HIGH)).isEqualTo(Effort.HIGH);
    }

    private static Message user() {
        return Message.of(Role.USER, List.of(Part.Text.of("x")), "messages[0]");
    }

    private static Message assistant(Part part) {
        return Message.of(Role.ASSISTANT, List.of(part), "messages[1]");
    }

    private static Message tool(String callId) {
        Part result = new ToolResult(callId, null, List.of(), false, false, null, Extras.NONE);
        return Message.of(Role.TOOL, List.of(result), "messages[2]");
    }
}
