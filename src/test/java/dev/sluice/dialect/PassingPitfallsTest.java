package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Seal;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.rules.Seals;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What gateways have got wrong where both ends speak one protocol (wire-contract §3). */
class PassingPitfallsTest {
    private static final UpstreamTraits VENDOR =
            UpstreamTraits.standard("vendor", "m")
                    .with(Trait.DEVELOPER_ROLE, "false")
                    .with(Trait.MAX_TOKENS_FIELD, "max_tokens");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    { "messages":[ {"role": "developer" ,"content":"\\u0041"}, {"content":"developer","role":"user"}]} | { "messages":[ {"role": "system" ,"content":"\\u0041"}, {"content":"developer","role":"user"}]}
                    {"metadata":{"role":"developer"},"messages":[{"role":"user","content":[{"role":"developer"}]}]} | {"metadata":{"role":"developer"},"messages":[{"role":"user","content":[{"role":"developer"}]}]}
                    {"max_completion_tokens" : 9,"x":1.0} | {"max_tokens" : 9,"x":1.0}
                    {"max_completion_tokens":null,"x":1.0} | {"max_completion_tokens":null,"x":1.0}
                    {"max_tokens":9} | {"max_tokens":9}
                    """)
    void aVendorIsToldOfDevelopersAndLimitsInItsOwnWordsAndAllElseStays(String body, String sent)
            throws Exception {
        assertThat(rewritten(CHAT, body, VENDOR)).isEqualTo(sent);
        assertThat(rewritten(CHAT, body, UpstreamTraits.standard("openai", "m"))).isEqualTo(body);
    }

    @Test
    void developersAreTheSystemOnTheResponsesPathToo() throws Exception {
        String body =
                "{\"input\":[{\"role\":\"developer\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}";

        assertThat(rewritten(RESPONSES, body, VENDOR))
                .isEqualTo(body.replace("developer", "system"));
    }

    @Test
    void aLaterInstructionIsTheUsersWhereOnlyTheHeadMayInstruct() throws Exception {
        String body =
                "{\"messages\":[{\"role\":\"system\"},{\"role\":\"developer\"},{\"role\":\"user\"},{\"role\":\"system\"}]}";

        assertThat(rewritten(CHAT, body, VENDOR.with(Trait.SYSTEM_ONLY_FIRST, "true")))
                .isEqualTo(
                        "{\"messages\":[{\"role\":\"system\"},{\"role\":\"system\"},{\"role\":\"user\"},{\"role\":\"user\"}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"type":"ephemeral","ttl":"1h"}  | {"type":"ephemeral"}
                    {"ttl":"5m", "type":"ephemeral"} | {"type":"ephemeral"}
                    {"type":"ephemeral"}             | {"type":"ephemeral"}
                    """)
    void aTimeToLiveIsTakenOutForWhoRefusesItAndNothingElse(String mark, String without)
            throws Exception {
        String wrapped = Seals.wrap(new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "r"));
        String thinking =
                "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"%s\",\"cache_control\":%s},"
                        .formatted(wrapped, mark);
        String body =
                "{\"tools\":[{\"input_schema\":{\"cache_control\":{\"ttl\":1}},%s\"name\":\"f\"}],\"messages\":[{\"role\":\"assistant\",\"content\":["
                        + "%s{%s\"text\":\"x\"}]}]}";
        String sent = "\"cache_control\":" + mark + ",";
        String bare = "\"cache_control\":" + without + ",";
        String whole = body.formatted(sent, thinking, sent);
        UpstreamTraits refuses = VENDOR.with(Trait.CACHE_TTL, "false");

        assertThat(rewritten(ANTHROPIC, whole, refuses)).isEqualTo(body.formatted(bare, "", bare));
        assertThat(rewritten(ANTHROPIC, whole, refuses.with(Trait.CACHE_TTL, "")))
                .isEqualTo(body.formatted("", "", ""));
        assertThat(rewritten(ANTHROPIC, whole, VENDOR)).isEqualTo(body.formatted(sent, "", sent));
    }

    @Test
    void countsOfTheInputInTwoEventsAddUpAsTheirParts() {
        Usage start =
                usage(
                        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":1000,\"output_tokens\":1}}}");
        Usage delta =
                usage(
                        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"input_tokens\":12,\"output_tokens\":5}}");
        Usage late =
                usage(
                        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"cache_creation_input_tokens\":7,\"output_tokens\":6}}");

        assertThat(ANTHROPIC.updated(start, delta))
                .isEqualTo(new Usage(Usage.Origin.PROVIDER, 1012, 1000, 0, 0, 5, 0, 0));
        assertThat(ANTHROPIC.updated(ANTHROPIC.updated(start, delta), late))
                .isEqualTo(new Usage(Usage.Origin.PROVIDER, 1019, 1000, 7, 0, 6, 0, 0));
    }

    @Test
    void countsOfGeminisThoughtsAndTextInTwoChunksAddUp() {
        Usage thoughts =
                usage(
                        GEMINI,
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"thoughtsTokenCount\":4}}");
        Usage text =
                usage(
                        GEMINI,
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":3}}");
        Usage all =
                usage(
                        GEMINI,
                        "{\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5,\"thoughtsTokenCount\":6}}");

        assertThat(GEMINI.updated(thoughts, text))
                .isEqualTo(new Usage(Usage.Origin.PROVIDER, 10, 0, 0, 0, 7, 4, 0));
        assertThat(GEMINI.updated(GEMINI.updated(thoughts, text), all))
                .isEqualTo(new Usage(Usage.Origin.PROVIDER, 10, 0, 0, 0, 11, 6, 0));
    }

    @Test
    void noVendorOfChatIsSentReasoningOfAnotherProvider() throws Exception {
        String wrapped = Seals.wrap(new Seal("anthropic", "c", Seal.Kind.SIGNATURE, "r"));
        String detail =
                "{\"type\":\"reasoning.text\",\"text\":\"t\",\"signature\":\"" + wrapped + "\"}";
        String own = "{\"type\":\"reasoning.text\",\"text\":\"o\",\"signature\":\"own\"}";
        String call =
                "{\"id\":\"a\"%s,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"extra_content\\\":1}\"}}";
        String seal = ",\"extra_content\":{\"google\":{\"thought_signature\":\"" + wrapped + "\"}}";
        String body =
                "{\"messages\":[{\"role\":\"assistant\"%s,\"content\":null%s,\"tool_calls\":[%s]},{\"role\":\"assistant\",\"reasoning_content\":\"mine\"}]}";

        String sent =
                body.formatted(
                        ",\"reasoning_content\":\"t\"",
                        ",\"reasoning_details\":[" + detail + "]",
                        call.formatted(seal));
        assertThat(rewritten(CHAT, sent, VENDOR))
                .isEqualTo(body.formatted("", "", call.formatted("")));
        String mixed =
                body.formatted(
                        "",
                        ",\"reasoning_details\":[" + own + "," + detail + "]",
                        call.formatted(""));
        assertThat(rewritten(CHAT, mixed, VENDOR))
                .isEqualTo(
                        body.formatted(
                                "", ",\"reasoning_details\":[" + own + "]", call.formatted("")));
    }

    @Test
    void idsOfCallsDoNotPassToVertex() throws Exception {
        String wrapped = Seals.wrap(new Seal("openai", "gpt", Seal.Kind.ENCRYPTED, "r"));
        String body =
                "{\"contents\":[{\"role\":\"model\",\"parts\":[%s{\"functionCall\":{%s\"name\":\"f\",\"args\":{\"id\":7}}}]},"
                        + "{\"parts\":[{\"functionResponse\":{\"name\":\"f\"%s,\"response\":{\"id\":1}}}]}]}";
        String foreign =
                "{\"functionCall\":{\"id\":\"b\"},\"thoughtSignature\":\"%s\"},".formatted(wrapped);
        String replaced =
                "{\"functionCall\":{},\"thoughtSignature\":\"skip_thought_signature_validator\"},";
        String whole = body.formatted(foreign, "\"id\":\"a\",", ",\"id\":\"a\"");

        assertThat(rewritten(GEMINI, whole, VENDOR.with(Trait.FUNCTION_CALL_ID, "false")))
                .isEqualTo(body.formatted(replaced, "", ""));
        assertThat(rewritten(GEMINI, whole, VENDOR)).contains("\"id\":\"a\"");
    }

    private static Usage usage(String event) {
        return usage(ANTHROPIC, event);
    }

    private static Usage usage(Dialect dialect, String event) {
        byte[] data = event.getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(
                dialect.peekEvent(new SseEvent(data, "", data, true)).usage());
    }

    private static String rewritten(Dialect dialect, String body, UpstreamTraits traits)
            throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Rewrite rewrite = new Rewrite(null, false, false, null, traits);
        return new String(
                dialect.rewrite(bytes, dialect.peek(bytes), rewrite), StandardCharsets.UTF_8);
    }
}
