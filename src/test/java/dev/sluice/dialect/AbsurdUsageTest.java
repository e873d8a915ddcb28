package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Usage;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.openai.tasks.Task;
import dev.sluice.dialect.openai.tasks.TaskDialect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What upstreams report of their usage is never taken at its word where it cannot be true. */
class AbsurdUsageTest {
    private static final List<String> NUMBERS =
            List.of(
                    "2147483647",
                    "9007199254740993",
                    "9223372036854775807",
                    "9223372036854775808",
                    "18446744073709551616",
                    "-1",
                    "-9223372036854775808",
                    "1e308",
                    "-1e308",
                    "1e999");

    private static final List<String> NO_NUMBERS =
            List.of("\"NaN\"", "\"7\"", "null", "[]", "{}", "1e-400", "0.4");

    private static final Map<Dialect, String> ANSWERS =
            Map.of(
                    new OpenAiChatDialect(),
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":%1$s,\"completion_tokens\":%1$s,\"total_tokens\":%1$s,\"prompt_tokens_details\":{\"cached_tokens\":%1$s}}}",
                    new OpenAiResponsesDialect(),
                    "{\"object\":\"response\",\"output\":[],\"usage\":{\"input_tokens\":%1$s,\"output_tokens\":%1$s}}",
                    new AnthropicDialect(),
                    "{\"type\":\"message\",\"content\":[],\"usage\":{\"input_tokens\":%1$s,\"output_tokens\":%1$s,\"cache_read_input_tokens\":%1$s,\"cache_creation_input_tokens\":%1$s}}",
                    new GeminiDialect(),
                    "{\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":%1$s,\"candidatesTokenCount\":%1$s,\"thoughtsTokenCount\":%1$s}}",
                    new TaskDialect(Task.TRANSCRIPTIONS),
                    "{\"text\":\"a\",\"duration\":%1$s,\"usage\":{\"input_tokens\":%1$s,\"output_tokens\":%1$s,\"seconds\":%1$s}}");

    static Stream<Dialect> dialects() {
        return ANSWERS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void aCountOutOfReasonIsBoundedAndMarkedAsNoWordOfTheProviders(Dialect dialect) {
        for (String number : NUMBERS) {
            Usage usage = usage(dialect, number);

            assertThat(usage.origin()).as(number).isEqualTo(Usage.Origin.ESTIMATED);
            assertThatItIsWithinReason(usage, number);
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void whatIsNoWholeNumberCountsNothing(Dialect dialect) {
        for (String number : NO_NUMBERS) {
            Usage usage = usage(dialect, number);

            assertThat(usage.total()).as(number).isZero();
            assertThatItIsWithinReason(usage, number);
        }
    }

    private static Usage usage(Dialect dialect, String number) {
        byte[] body =
                Objects.requireNonNull(ANSWERS.get(dialect))
                        .formatted(number)
                        .getBytes(StandardCharsets.UTF_8);
        Usage usage = dialect.peekAnswer(body).usage();
        return usage == null ? Usage.NONE : usage;
    }

    private static void assertThatItIsWithinReason(Usage usage, String number) {
        assertThat(
                        List.of(
                                usage.inputTotal(),
                                usage.outputTotal(),
                                usage.cacheRead(),
                                usage.cacheWrite(),
                                usage.reasoning(),
                                usage.audio(),
                                usage.units().audioMillis()))
                .as(number)
                .allMatch(count -> count >= 0 && count <= Usage.MOST);
    }
}
