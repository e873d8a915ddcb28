package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinuationTest {
    private static byte[] utf8(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8).replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {'previous_response_id':'r','input':'é'}                      | {'input':[{'a':1},{'role':'user','content':'é'}]}
                    {'input':[ {'b':2} ] , 'previous_response_id' : 'r' ,'x':1.0} | {'input':[{'a':1},{'b':2}] ,'x':1.0}
                    {'x':1,'previous_response_id':'r'}                            | {'x':1,'input':[{'a':1}]}
                    {'previous_response_id':'r', 'x':1}                           | {'input':[{'a':1}], 'x':1}
                    {'previous_response_id':'r','input':[]}                       | {'input':[{'a':1}]}
                    """)
    void whatWasSaidBeforeStandsInFrontOfWhatIsSaidNow(String request, String expected) {
        byte[] whole =
                Continuation.continued(
                        utf8(request), id -> id.equals("r") ? utf8("{'a':1}") : null);

        assertThat(text(whole)).isEqualTo(expected);
    }

    @Test
    void aRequestThatGoesOnFromNothingKnownStaysTheVeryBytes() {
        for (String request :
                List.of(
                        "{'input':'x'}",
                        "{'previous_response_id':'other','input':'x'}",
                        "{'previous_response_id':null,'input':'x'}",
                        "{'previous_response_id':'r','input':'x','previous_response_id':'r'}",
                        "{'metadata':{'previous_response_id':'r'}}")) {
            byte[] body = utf8(request);
            assertThat(Continuation.continued(body, id -> id.equals("r") ? new byte[0] : null))
                    .isSameAs(body);
        }
    }

    @Test
    void aHistoryIsWhatWasAskedAndWhatWasAnswered() {
        List<byte[]> answered = List.of(utf8("{'c':3}"), utf8("{'d':4}"));

        assertThat(text(Continuation.history(utf8("{'input':'x'}"), answered)))
                .isEqualTo("{'role':'user','content':'x'},{'c':3},{'d':4}");
        assertThat(text(Continuation.history(utf8("{'input':[{'a':1},{'b':2}]}"), answered)))
                .isEqualTo("{'a':1},{'b':2},{'c':3},{'d':4}");
        assertThat(text(Continuation.history(utf8("{}"), answered))).isEqualTo("{'c':3},{'d':4}");
    }

    @Test
    void arbitraryBytesAreContinuedOrLeftButNeverCrash() {
        byte[] sample =
                utf8("{'previous_response_id':'r','input':[{'role':'user'}],'x':{'y':[1]}}");
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] body = Arrays.copyOf(sample, 1 + random.nextInt(sample.length));
            for (int i = random.nextInt(4); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThat(Continuation.continued(body, _ -> new byte[0]))
                    .as("seed %d", seed)
                    .isNotEmpty();
            assertThat(Continuation.history(body, List.of())).as("seed %d", seed).isNotNull();
        }
    }
}
