package dev.sluice.simulator.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.BehaviourReader;
import dev.sluice.simulator.behaviour.UnknownDirective;
import dev.sluice.simulator.script.Ask.Thinking;
import dev.sluice.simulator.script.Script.Stop;
import dev.sluice.simulator.script.Toolbox.Mode;
import dev.sluice.simulator.script.Toolbox.Tool;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ScriptwriterTest {
    private static final Toolbox TOOLS =
            new Toolbox(
                    List.of(tool("get_weather", "city"), tool("get_time", "zone")),
                    Mode.AUTO,
                    List.of(),
                    true);

    @Test
    void theUsersWordsComeBackWordByWord() throws UnknownDirective {
        Script script = write("Grüß Gott, wie geht's?", "");
        assertThat(script.wholeText()).isEqualTo("You wrote: Grüß Gott, wie geht's?");
        assertThat(script.text()).hasSize(6).first().isEqualTo("You");
        assertThat(script.stop()).isEqualTo(Stop.DONE);
        assertThat(script.use().input()).isEqualTo(6);
        assertThat(script.use().output()).isEqualTo(9);
    }

    @Test
    void theSameAskIsAnsweredTheSame() throws UnknownDirective {
        assertThat(write("again", "reasoning,calls=2"))
                .isEqualTo(write("again", "reasoning,calls=2"));
    }

    @Test
    void asManyChunksComeAsAreAskedFor() throws UnknownDirective {
        assertThat(write("hi", "chunks=50").text()).hasSize(50);
        assertThat(write("hi", "chunks=2,chunk-bytes=1KB").text())
                .hasSize(2)
                .allSatisfy(piece -> assertThat(piece).hasSize(1_024));
    }

    @Test
    void theLimitOfOutputHoldsForReasoningTextAndArgumentsTogether() throws UnknownDirective {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 300; i++) {
            int limit = random.nextInt(1, 60);
            String directives = i % 3 == 0 ? "reasoning" : i % 3 == 1 ? "reasoning,calls=5" : "";
            Script script =
                    limited("Äpfel und 🍎 ".repeat(random.nextInt(1, 9)), directives, limit);
            assertThat(script.use().output())
                    .as("limit %d of seed 42", limit)
                    .isLessThanOrEqualTo(limit);
            assertThat(script.wholeText()).doesNotContain("\uFFFD");
        }
    }

    @Test
    void aCallThatIsCutShortIsNotComplete() throws UnknownDirective {
        Script script = limited("call get_weather", "", 2);
        assertThat(script.stop()).isEqualTo(Stop.LENGTH);
        assertThat(script.calls())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.complete()).isFalse();
                    assertThat(call.arguments()).isEqualTo("{\"city\":");
                });
    }

    @Test
    void theFirstStopSequenceEndsTheText() throws UnknownDirective {
        Ask ask = ask("one two three", "", null, List.of("three", "two"));
        Script script = new Scriptwriter().write(ask);
        assertThat(script.wholeText()).isEqualTo("You wrote: one ");
        assertThat(script.stop()).isEqualTo(Stop.STOP_SEQUENCE);
        assertThat(script.stopSequence()).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"use get_time please", "call get_time"})
    void aToolThatIsNamedIsCalled(String text) throws UnknownDirective {
        Script script = write(text, "");
        assertThat(script.calls())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.name()).isEqualTo("get_time");
                    assertThat(call.arguments()).isEqualTo("{\"zone\":\"sample zone\"}");
                });
        assertThat(script.stop()).isEqualTo(Stop.CALLS);
        assertThat(script.text()).isEmpty();
    }

    @Test
    void allToolsAreCalledWhenAllAreSpokenOf() throws UnknownDirective {
        assertThat(write("use all the tools", "").calls())
                .extracting(Script.Call::name)
                .containsExactly("get_weather", "get_time");
        assertThat(write("hello", "calls=3").calls()).hasSize(3);
        assertThat(write("hello", "tool=get_time").calls()).hasSize(1);
        assertThat(write("hello", "").calls()).isEmpty();
    }

    @Test
    void reportedTokensCanBeDictated() throws UnknownDirective {
        Script script = write("hi", "input-tokens=1000,cached-tokens=600,output-tokens=77");
        assertThat(script.use()).isEqualTo(new Script.Use(1_000, 600, 0, 77, 0));
    }

    private static Script write(String text, String directives) throws UnknownDirective {
        return new Scriptwriter().write(ask(text, directives, null, List.of()));
    }

    private static Script limited(String text, String directives, int limit)
            throws UnknownDirective {
        return new Scriptwriter().write(ask(text, directives, limit, List.of()));
    }

    private static Ask ask(
            String text, String directives, @Nullable Integer limit, List<String> stops)
            throws UnknownDirective {
        Behaviour behaviour = BehaviourReader.read(directives, null);
        return new Ask(
                "sim-1",
                behaviour,
                new Fingerprint(7),
                new Transcript().userTurn().user(text).conversation(),
                1,
                limit,
                stops,
                TOOLS,
                null,
                directives.contains("reasoning") ? Thinking.SHOWN : Thinking.NONE);
    }

    private static Tool tool(String name, String property) {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties").putObject(property).put("type", "string");
        return new Tool(name, schema);
    }
}
