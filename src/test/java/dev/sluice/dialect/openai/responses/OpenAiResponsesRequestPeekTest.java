package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.chat.Seal;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiResponsesRequestPeekTest {
    private static final Rewrite MODEL = new Rewrite("new\"model", false, false, null);
    private static final Rewrite NOTHING = new Rewrite(null, false, false, null);
    private static final String WRAPPED =
            Seals.wrap(new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "s"));

    private final OpenAiResponsesDialect dialect = new OpenAiResponsesDialect();

    @Test
    void theDecidingFieldsAreFoundWhereverTheyStand() throws Exception {
        RequestPeek peek =
                peek(
                        """
                        {"input":[{"role":"user","content":[{"type":"input_text","text":"model"},
                          {"type":"input_image","image_url":"data:,"}]},
                          {"type":"function_call_output","call_id":"a","output":[{"type":"input_file","file_id":"f"}]}],
                         "tools":[{"type":"function","parameters":{"model":2,"stream":1}}],
                         "stream" : true , "max_output_tokens":77,"mod\\u0065l":"gp\\u0074-5"}
                        """);

        assertThat(peek.model()).isEqualTo("gpt-5");
        assertThat(peek.stream()).isTrue();
        assertThat(peek.wantsUsage()).isTrue();
        assertThat(peek.maxOutputTokens()).isEqualTo(77);
        assertThat(peek.choices()).isEqualTo(1);
        assertThat(peek.mediaParts()).isEqualTo(2);
    }

    @Test
    void onlyTheModelsValueChanges() throws Exception {
        String body =
                "{ \"a\":1.0, \"dup\":1,\"dup\":2,\"big\":123456789012345678901234567890,\n"
                        + "\t\"model\" : \"é\\u0041\\\"\" ,\"e\":\"\\u00e9\\/\",\"z\":[ ] }\n ";

        assertThat(rewritten(body, MODEL))
                .isEqualTo(body.replace("\"é\\u0041\\\"\"", "\"new\\\"model\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                        | {"stream":true,"max_output_tokens":50}
                    {"stream":false,"max_output_tokens":9000} | {"stream":true,"max_output_tokens":50}
                    {"stream":null,"max_output_tokens":null}  | {"stream":true,"max_output_tokens":50}
                    {"stream":true,"input":"x"}               | {"max_output_tokens":50,"stream":true,"input":"x"}
                    """)
    void streamAndLimitArePutInOrReplaced(String body, String expected) throws Exception {
        assertThat(rewritten(body, new Rewrite(null, true, true, 50L))).isEqualTo(expected);
    }

    @Test
    void aLimitBelowWhatOpenAiTakesIsRaisedToThat() throws Exception {
        assertThat(rewritten("{}", new Rewrite(null, false, false, 3L)))
                .isEqualTo("{\"max_output_tokens\":16}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"model":1}                       | model
                    {"model":"a","model":"b"}         | model
                    {"Model":"a"}                     | model
                    {"stream":"yes"}                  | stream
                    {"stream":true,"stream":false}    | stream
                    {"max_output_tokens":-1}          | max_output_tokens
                    {"max_output_tokens":1.5}         | max_output_tokens
                    {"max_output_tokens":"9"}         | max_output_tokens
                    {"MAX_OUTPUT_TOKENS":9}           | max_output_tokens
                    """)
    void aFieldThatDecidesAndIsDoubtfulIsRefusedByName(String body, String param) {
        MalformedRequest refusal = catchThrowableOfType(MalformedRequest.class, () -> peek(body));

        assertThat(refusal.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "\"x\"", "{", "{\"secret\":}", "{} {}", "{\"a\":1,}"})
    void whatIsNoJsonObjectIsRefusedWithoutQuotingIt(String body) {
        assertThatThrownBy(() -> peek(body))
                .isInstanceOf(MalformedRequest.class)
                .message()
                .isNotBlank()
                .doesNotContain("secret");
    }

    @Test
    void aPassedBodyLosesOnlyWhatTheGatewayItselfPutIntoEarlierAnswers() throws Exception {
        String made = "{\"type\":\"reasoning\",\"id\":\"rs_gw1_7_0\",\"summary\":[]}";
        String named = "{\"type\":\"item_reference\",\"id\":\"rs_gw1_7_0\"}";
        String sealed =
                "{ \"id\":\"rs_1\", \"summary\":[{\"text\":\"x\"}], \"encrypted_content\":\""
                        + WRAPPED
                        + "\", \"type\":\"reasoning\" }";
        String own =
                "{\"type\":\"reasoning\",\"id\":\"rs_2\",\"summary\":[],\"encrypted_content\":\"gAAA\"}";
        String extra =
                ", \"extra_content\" : {\"google\":{\"thought_signature\":\"" + WRAPPED + "\"}}";
        String call = "{\"type\":\"function_call\",\"id\":\"fc_1\"%s,\"name\":\"f\" }";
        String body =
                "{\"model\":\"m\", \"input\": [ %s{\"role\":\"user\",\"content\":\"%s\"} , %s%s%s ]\n}";

        String passed =
                rewritten(
                        body.formatted(
                                made + " , ",
                                WRAPPED,
                                own,
                                " , " + sealed,
                                ",  " + call.formatted(extra) + "," + made + "," + named),
                        new Rewrite("n", false, false, null));

        assertThat(passed)
                .isEqualTo(
                        body.replace("\"m\"", "\"n\"")
                                .formatted("", WRAPPED, own, "", ",  " + call.formatted("")));
        assertThat(Json.mapper().readTree(passed).path("input")).hasSize(3);
    }

    @Test
    void whatIsAllOfTheGatewaysMakingLeavesAnEmptyInput() throws Exception {
        String item = "{\"type\":\"reasoning\",\"id\":\"rs_gw1_7_0\"}";
        String first = "{\"input\":[{\"extra_content\":\"" + WRAPPED + "\",\"type\":\"x\"}]}";

        assertThat(rewritten("{\"input\":[" + item + "," + item + "]}", NOTHING))
                .isEqualTo("{\"input\":[]}");
        assertThat(rewritten(first, NOTHING)).contains("\"type\":\"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    invalid_encrypted_content, The content was refused., true
                    -, The encrypted content gAAA could not be verified., true
                    -, Item with id 'rs_1' not found., true
                    -, Item with id 'msg_1' not found., false
                    unsupported_parameter, Unknown parameter., false
                    """)
    void aBodyRefusedForItsReasoningMayBeSentWithoutIt(
            @Nullable String code, String message, boolean mended) {
        UpstreamError refusal = new UpstreamError(400, null, code, message, null, null);
        byte[] body =
                utf8(
                        "{\"input\":[{\"role\":\"user\",\"content\":\"x\"}, {\"type\":\"reasoning\",\"id\":\"rs_1\"},{\"role\":\"assistant\"} ,{\"type\":\"item_reference\",\"id\":\"rs_1\"}]}");

        byte[] again = dialect.mended(body, refusal);

        assertThat(again == null ? null : new String(again, StandardCharsets.UTF_8))
                .isEqualTo(
                        mended
                                ? "{\"input\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\"}]}"
                                : null);
        assertThat(dialect.mended(utf8("{\"input\":\"x\"}"), refusal)).isNull();
    }

    @Test
    void arbitraryBytesAreReadOrRefusedButNeverCrash() {
        byte[] sample =
                utf8(
                        "{\"model\":\"m\",\"stream\":true,\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_gw1_1\","
                                + "\"extra_content\":[\""
                                + WRAPPED
                                + "\"]},{\"content\":[{\"type\":\"input_image\"}]}],\"max_output_tokens\":5}");
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] body = sample.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                RequestPeek peek = dialect.peek(body);
                assertThat(dialect.rewrite(body, peek, MODEL)).as("seed %d", seed).isNotEmpty();
                Json.tree(dialect.rewrite(body, peek, MODEL));
            } catch (MalformedRequest e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    private RequestPeek peek(String body) throws MalformedRequest {
        return dialect.peek(utf8(body));
    }

    private String rewritten(String body, Rewrite rewrite) throws MalformedRequest {
        byte[] bytes = utf8(body);
        return new String(
                dialect.rewrite(bytes, dialect.peek(bytes), rewrite), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
