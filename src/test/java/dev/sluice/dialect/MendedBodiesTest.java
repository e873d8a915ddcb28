package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that were refused for a seal, without it; every other byte as it was. */
class MendedBodiesTest {
    private static final String SIGNATURE =
            "messages.1.content.0: Invalid `signature` in `thinking`";
    private static final String THOUGHT = "Thought signature is not valid.";

    private static @Nullable String mended(Dialect dialect, String body, String message) {
        UpstreamError refusal = new UpstreamError(400, null, null, message, null, null);
        byte[] mended =
                dialect.mended(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), refusal);
        return mended == null
                ? null
                : new String(mended, StandardCharsets.UTF_8).replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            textBlock =
                    """
                    {'messages':[ {'role':'assistant','content':[{'type':'thinking','signature':'x'} , {'type':'text'}]}]}|{'messages':[ {'role':'assistant','content':[{'type':'text'}]}]}
                    {'messages':[{'role':'assistant','content':[{'type':'redacted_thinking','data':'x'}]},{'role':'user'}]}|{'messages':[{'role':'user'}]}
                    {'thinking':{'type':'enabled','budget_tokens':9},'messages':[{'content':[{'type':'thinking'},{'type':'tool_use'}]},{'content':[{'type':'tool_result'}]}]}|{'thinking':{'type':'disabled'},'messages':[{'content':[{'type':'tool_use'}]},{'content':[{'type':'tool_result'}]}]}
                    {'thinking':{'type':'adaptive'},'messages':[{'content':[{'type':'thinking'},{'type':'tool_use'}]},{'content':[{'type':'tool_result'}]}]}|{'thinking':{'type':'adaptive'},'messages':[{'content':[{'type':'tool_use'}]},{'content':[{'type':'tool_result'}]}]}
                    {'thinking':{'type':'enabled'},'messages':[{'content':[{'type':'thinking'},{'type':'text'}]},{'content':'And?'}]}|{'thinking':{'type':'enabled'},'messages':[{'content':[{'type':'text'}]},{'content':'And?'}]}
                    {'messages':[{'role':'user','content':'Hi'}]}|-
                    """)
    void allThinkingGoes(String body, @Nullable String expected) {
        assertThat(mended(new AnthropicDialect(), body, SIGNATURE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            textBlock =
                    """
                    {'contents':[{'parts':[{'text':'a','thought':true,'thoughtSignature':'x'},{'text':'b'}]}]}|{'contents':[{'parts':[{'text':'b'}]}]}
                    {'contents':[{'parts':[{'functionCall':{},'thought_signature':'x'}]}]}|{'contents':[{'parts':[{'functionCall':{},'thought_signature':'skip_thought_signature_validator'}]}]}
                    {'contents':[{'parts':[{'text':'b','thoughtSignature':'x'}]}]}|{'contents':[{'parts':[{'text':'b','thoughtSignature':''}]}]}
                    {'contents':[{'parts':[{'text':'b'}]}]}|-
                    """)
    void allSignaturesGo(String body, @Nullable String expected) {
        assertThat(mended(new GeminiDialect(), body, THOUGHT)).isEqualTo(expected);
    }

    @Test
    void whatWasRefusedForSomethingElseStays() {
        String thinking = "{'messages':[{'content':[{'type':'thinking','signature':'x'}]}]}";
        String signed = "{'contents':[{'parts':[{'text':'b','thoughtSignature':'x'}]}]}";

        assertThat(mended(new AnthropicDialect(), thinking, "max_tokens: too large")).isNull();
        assertThat(mended(new GeminiDialect(), signed, "API key not valid.")).isNull();
    }

    @Test
    void arbitraryBytesAreMendedOrLeftButNeverCrash() {
        Random random = new Random(20261121);
        String sample =
                "{'thinking':{'type':'enabled'},'messages':[{'content':[{'type':'thinking'}]}],"
                        + "'contents':[{'parts':[{'thoughtSignature':'x','text':'t'}]}]}";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder broken = new StringBuilder(sample);
            for (int change = random.nextInt(4); change >= 0; change--) {
                broken.setCharAt(
                        random.nextInt(sample.length()), "{}[]',:x1".charAt(random.nextInt(9)));
            }
            broken.setLength(random.nextInt(sample.length()) + 1);
            mended(new AnthropicDialect(), broken.toString(), SIGNATURE);
            mended(new GeminiDialect(), broken.toString(), THOUGHT);
        }
    }
}
