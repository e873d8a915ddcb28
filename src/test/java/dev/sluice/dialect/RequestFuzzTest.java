package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Seeds;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of clients in which one value is another than it should be, in every dialect. */
class RequestFuzzTest {
    private static final String CHAT =
            """
            {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"}]},
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"a","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],
            "stop":["a"],"n":1,"response_format":{"type":"text"},"stream_options":{"include_usage":true}}
            """;

    private static final String RESPONSES =
            """
            {"model":"m","instructions":"i","input":[{"role":"user","content":[{"type":"input_text","text":"x"},
            {"type":"input_image","image_url":"u","detail":"low"},{"type":"input_file","file_id":"f"}]},
            {"type":"reasoning","id":"r","summary":[{"text":"t"}],"encrypted_content":"e"},
            {"type":"function_call","id":"fc","call_id":"a","name":"f","arguments":"{}","extra_content":{"google":{"thought_signature":"s"}}},
            {"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"x"}]}],"tools":[{"type":"function","name":"f","parameters":{}},
            {"type":"custom","name":"c","format":{"type":"grammar","definition":"d"}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},
            "text":{"format":{"type":"json_schema","name":"n","schema":{}},"verbosity":"low"},"reasoning":{"effort":"low","summary":"auto"},
            "include":["x"],"metadata":{"a":"b"},"store":true}
            """;

    private static final String ANTHROPIC =
            """
            {"model":"m","max_tokens":9,"system":[{"type":"text","text":"x"}],"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"}}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","id":"a","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}],"tools":[{"name":"f","input_schema":{"type":"object"}}],
            "thinking":{"type":"adaptive"},"output_config":{"effort":"low"},"metadata":{"user_id":"u"},"stop_sequences":["a"]}
            """;

    private static final String GEMINI =
            """
            {"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"x"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
            {"role":"model","parts":[{"text":"t","thought":true,"thoughtSignature":"s"},{"functionCall":{"id":"a","name":"f","args":{"x":1}}}]},
            {"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"output":"r"},"parts":[{"fileData":{"fileUri":"gs://x"}}]}}]}],
            "tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT","properties":{"x":{"type":"STRING","nullable":true}}}}]},{"googleSearch":{}}],
            "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"labels":{"a":"b"},
            "generationConfig":{"temperature":1,"topK":4,"stopSequences":["a"],"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","anyOf":[{"type":"STRING"}]},
            "thinkingConfig":{"thinkingBudget":100,"includeThoughts":true}},"safetySettings":[{"category":"c"}]}
            """;

    record Sample(Dialect dialect, String family, String body) {
        @Override
        public String toString() {
            return dialect.protocol().wireName();
        }
    }

    private static final List<Sample> SAMPLES =
            List.of(
                    new Sample(new OpenAiChatDialect(), "openai", CHAT),
                    new Sample(new OpenAiResponsesDialect(), "openai", RESPONSES),
                    new Sample(new AnthropicDialect(), "anthropic", ANTHROPIC),
                    new Sample(new GeminiDialect(), "google", GEMINI));

    static Stream<Arguments> samplesAndSeeds() {
        return Seeds.rounds(3000)
                .flatMap(seeds -> SAMPLES.stream().map(sample -> Arguments.of(sample, seeds)));
    }

    @ParameterizedTest
    @MethodSource("samplesAndSeeds")
    void aSpoiledRequestIsReadAndWrittenOrRefusedByItsPlace(Sample sample, Seeds seeds) {
        Dialect dialect = sample.dialect();
        UpstreamTraits traits = UpstreamTraits.standard(sample.family(), "m");
        AtomicInteger read = new AtomicInteger();
        seeds.check(random -> {
            byte[] body = SpoiledJson.of(sample.body(), random).getBytes(StandardCharsets.UTF_8);
            try {
                Written written =
                        dialect.writeRequest(dialect.readRequest(body, Envelope.NONE), traits);
                assertThat(Json.tree(written.body()).isObject()).isTrue();
                read.incrementAndGet();
            } catch (MalformedRequest refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
        assertThat(read).as("some are still requests").hasPositiveValue();
    }
}
