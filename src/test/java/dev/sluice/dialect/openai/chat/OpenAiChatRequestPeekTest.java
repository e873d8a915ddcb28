package dev.sluice.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiChatRequestPeekTest {
    private static final Rewrite MODEL = new Rewrite("new\"model", false, false, null);

    private final OpenAiChatDialect dialect = new OpenAiChatDialect();

    @Test
    void theDecidingFieldsAreFoundWhereverTheyStand() throws Exception {
        RequestPeek peek =
                peek(
                        """
                        {"messages":[{"role":"user","content":[{"type":"text","text":"model"},
                          {"type":"image_url","image_url":{"url":"data:,"}},
                          {"type":"input_audio","input_audio":{"data":"","format":"wav"}}]}],
                         "tools":[{"type":"function","function":{"parameters":{"n":2,"stream":1}}}],
                         "n":2, "stream" : true , "stream_options":{"x":[1],"include_usage":true},
                         "max_completion_tokens":77,"mod\\u0065l":"gp\\u0074-5"}
                        """);

        assertThat(peek.model()).isEqualTo("gpt-5");
        assertThat(peek.stream()).isTrue();
        assertThat(peek.wantsUsage()).isTrue();
        assertThat(peek.maxOutputTokens()).isEqualTo(77);
        assertThat(peek.choices()).isEqualTo(2);
        assertThat(peek.mediaParts()).isEqualTo(2);
    }

    @Test
    void absentFieldsAreAbsent() throws Exception {
        RequestPeek peek = peek("{}");

        assertThat(peek.model()).isNull();
        assertThat(peek.modelSpan()).isNull();
        assertThat(peek.stream()).isFalse();
        assertThat(peek.wantsUsage()).isFalse();
        assertThat(peek.maxOutputTokens()).isNull();
        assertThat(peek.choices()).isEqualTo(1);
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
            textBlock =
                    """
                    {}                   | {"model":"new\\"model"}
                    { \t}                | {"model":"new\\"model" \t}
                    {"a":1}              | {"model":"new\\"model","a":1}
                    {"model":null}       | {"model":"new\\"model"}
                    {"model":""}         | {"model":"new\\"model"}
                    """)
    void aMissingModelIsPutIn(String body, String expected) throws Exception {
        assertThat(rewritten(body, MODEL)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"stream":true}                                             | {"stream_options":{"include_usage":true},"stream":true}
                    {"stream":true,"stream_options":null}                       | {"stream":true,"stream_options":{"include_usage":true}}
                    {"stream":true,"stream_options":{}}                         | {"stream":true,"stream_options":{"include_usage":true}}
                    {"stream":true,"stream_options":{"a":{}}}                   | {"stream":true,"stream_options":{"include_usage":true,"a":{}}}
                    {"stream":true,"stream_options":{"include_usage":false}}    | {"stream":true,"stream_options":{"include_usage":true}}
                    {"stream":true,"stream_options":{"include_usage": null }}   | {"stream":true,"stream_options":{"include_usage": true }}
                    {"stream":true,"stream_options":{"include_usage":true}}     | {"stream":true,"stream_options":{"include_usage":true}}
                    {"stream":false}                                            | {"stream":false}
                    {}                                                          | {}
                    """)
    void usageIsAskedForWhereAStreamDoesNot(String body, String expected) throws Exception {
        assertThat(rewritten(body, new Rewrite(null, false, true, null))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"a":1}                  | {"stream":true,"max_completion_tokens":9,"a":1}
                    {"stream":false}         | {"max_completion_tokens":9,"stream":true}
                    {"max_tokens":100}       | {"stream":true,"max_tokens":9}
                    {"max_tokens":100 }      | {"stream":true,"max_tokens":9 }
                    {"max_tokens":null,"max_completion_tokens":1} | {"stream":true,"max_tokens":null,"max_completion_tokens":9}
                    """)
    void streamAndLimitArePutInOrReplaced(String body, String expected) throws Exception {
        assertThat(rewritten(body, new Rewrite(null, true, false, 9L))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"a":1}                       | {"max_tokens":9,"a":1}
                    {"max_completion_tokens":100} | {"max_tokens":9}
                    """)
    void aLimitThatIsPutInHasTheUpstreamsNameForIt(String body, String expected) throws Exception {
        UpstreamTraits vendor =
                UpstreamTraits.standard("vendor", "m").with(Trait.MAX_TOKENS_FIELD, "max_tokens");

        assertThat(rewritten(body, new Rewrite(null, false, false, 9L, vendor)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"a","model":"b"}                         | model
                    {"Model":"a"}                                     | model
                    {"model":"a","MODEL":"b"}                         | model
                    {"model":7}                                       | model
                    {"model":{}}                                      | model
                    {"stream":1}                                      | stream
                    {"stream":"true"}                                 | stream
                    {"stream":true,"\\u0073tream":false}              | stream
                    {"stream":true,"ſtream":false}                    | stream
                    {"stream_options":true}                           | stream_options
                    {"stream_options":{"include_usage":1}}            | stream_options.include_usage
                    {"stream_options":{"Include_Usage":true}}         | include_usage
                    {"stream_options":{"include_usage":true,"include_usage":false}} | include_usage
                    {"max_tokens":1.5}                                | max_tokens
                    {"max_tokens":-1}                                 | max_tokens
                    {"max_tokens":"5"}                                | max_tokens
                    {"max_tokens":99999999999999999999}               | max_tokens
                    {"max_tokens":5,"max_completion_tokens":5}        | max_completion_tokens
                    {"n":0}                                           | n
                    {"n":129}                                         | n
                    {"n":1,"N":2}                                     | n
                    """)
    void aFieldThatDecidesAndIsDoubtfulIsRefusedByName(String body, String param) {
        MalformedRequest refused = catchThrowableOfType(MalformedRequest.class, () -> peek(body));

        assertThat(refused).isNotNull();
        assertThat(refused.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"a\"",
                "{",
                "{\"a\"",
                "{\"a\":}",
                "{\"a\":1,}",
                "{}{}",
                "{} x",
                "{\"a\":01}",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"secret\":\"unfinished"
            })
    void whatIsNoJsonObjectIsRefusedWithoutQuotingIt(String body) {
        assertThatThrownBy(() -> peek(body))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageNotContaining("secret")
                .hasMessageStartingWith(
                        body.equals("{}{}") || body.equals("{} x") ? "T" : "The body");
    }

    @Test
    void otherEncodingsAreRefused() {
        assertThatThrownBy(() -> dialect.peek("{}".getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(MalformedRequest.class);
        assertThatThrownBy(() -> dialect.peek("{}".getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(MalformedRequest.class);
    }

    @Test
    void spansHoldAfterAByteOrderMark() throws Exception {
        assertThat(rewritten("\uFEFF{\"model\":\"a\"}", new Rewrite("b", false, false, null)))
                .isEqualTo("\uFEFF{\"model\":\"b\"}");
    }

    @Test
    void aBodyTenThousandLevelsDeepIsRefused() {
        String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";

        assertThatThrownBy(() -> peek(deep))
                .isInstanceOf(MalformedRequest.class)
                .hasMessageContaining("nested");
    }

    @Test
    void aMillionKeysAreRefused() {
        StringBuilder body = new StringBuilder("{\"k\":0");
        for (int i = 0; i < 1_000_000; i++) {
            body.append(",\"k").append(i).append("\":0");
        }

        assertThatThrownBy(() -> peek(body.append('}').toString()))
                .isInstanceOf(MalformedRequest.class);
    }

    @Test
    void aHugeNameIsRefused() {
        assertThatThrownBy(() -> peek("{\"" + "n".repeat(100_000) + "\":0}"))
                .isInstanceOf(MalformedRequest.class);
    }

    @Test
    void arbitraryBytesAreReadOrRefusedButNeverCrash() {
        for (long seed = 0; seed < 2000; seed++) {
            byte[] body = randomBytes(new Random(seed));
            try {
                RequestPeek peek = dialect.peek(body);
                assertThat(dialect.rewrite(body, peek, new Rewrite("m", true, true, 1L)))
                        .as("seed %d", seed)
                        .isNotEmpty();
            } catch (MalformedRequest refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    private static byte[] randomBytes(Random random) {
        byte[] body =
                "{\"model\":\"x\",\"stream\":true,\"n\":1,\"messages\":[{\"content\":[{\"type\":\"file\"}]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    private RequestPeek peek(String body) throws MalformedRequest {
        return dialect.peek(body.getBytes(StandardCharsets.UTF_8));
    }

    private String rewritten(String body, Rewrite rewrite) throws MalformedRequest {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new String(
                dialect.rewrite(bytes, dialect.peek(bytes), rewrite), StandardCharsets.UTF_8);
    }
}
