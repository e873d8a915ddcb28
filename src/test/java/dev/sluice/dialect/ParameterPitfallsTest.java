package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.RESPONSES;
import static dev.sluice.dialect.Crossing.chunk;
import static dev.sluice.dialect.Crossing.finish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.trait.Trait;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Counts, parameters and reasons that gateways have got wrong (wire-contract §3). */
class ParameterPitfallsTest {
    static final List<Dialect> OTHERS = List.of(RESPONSES, ANTHROPIC, GEMINI);

    private static String asked(String more) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]" + more + "}";
    }

    static Stream<Arguments> usages() {
        return Stream.of(
                Arguments.of(
                        CHAT,
                        "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":60,\"cache_write_tokens\":10},\"completion_tokens_details\":{\"reasoning_tokens\":5}}}"),
                Arguments.of(
                        RESPONSES,
                        "{\"object\":\"response\",\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":100,\"output_tokens\":20,"
                                + "\"input_tokens_details\":{\"cached_tokens\":60,\"cache_write_tokens\":10},\"output_tokens_details\":{\"reasoning_tokens\":5}}}"),
                Arguments.of(
                        ANTHROPIC,
                        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":30,"
                                + "\"cache_read_input_tokens\":60,\"cache_creation_input_tokens\":10,\"output_tokens\":20,\"output_tokens_details\":{\"thinking_tokens\":5}}}"),
                Arguments.of(
                        GEMINI,
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":90,"
                                + "\"toolUsePromptTokenCount\":10,\"cachedContentTokenCount\":60,\"candidatesTokenCount\":15,\"thoughtsTokenCount\":5}}"));
    }

    @ParameterizedTest
    @MethodSource("usages")
    void cacheAndThoughtsAreCountedOnceWhoeverReports(Dialect upstream, String said) {
        long written = upstream.equals(GEMINI) ? 0 : 10;
        JsonNode chat = Crossing.from(CHAT, upstream).answered(said).path("usage");
        assertThat(chat.path("prompt_tokens").asLong()).isEqualTo(100);
        assertThat(chat.at("/prompt_tokens_details/cached_tokens").asLong()).isEqualTo(60);
        assertThat(chat.path("completion_tokens").asLong()).isEqualTo(20);
        assertThat(chat.path("total_tokens").asLong()).isEqualTo(120);

        JsonNode responses = Crossing.from(RESPONSES, upstream).answered(said).path("usage");
        assertThat(responses.path("input_tokens").asLong()).isEqualTo(100);
        assertThat(responses.at("/output_tokens_details/reasoning_tokens").asLong()).isEqualTo(5);

        JsonNode anthropic = Crossing.from(ANTHROPIC, upstream).answered(said).path("usage");
        assertThat(anthropic.path("input_tokens").asLong()).isEqualTo(40 - written);
        assertThat(anthropic.path("cache_read_input_tokens").asLong()).isEqualTo(60);
        assertThat(anthropic.path("cache_creation_input_tokens").asLong()).isEqualTo(written);
        assertThat(anthropic.path("output_tokens").asLong()).isEqualTo(20);

        JsonNode gemini = Crossing.from(GEMINI, upstream).answered(said).path("usageMetadata");
        assertThat(gemini.path("promptTokenCount").asLong()).isEqualTo(100);
        assertThat(gemini.path("candidatesTokenCount").asLong()).isEqualTo(15);
        assertThat(gemini.path("thoughtsTokenCount").asLong()).isEqualTo(5);
        assertThat(gemini.path("totalTokenCount").asLong()).isEqualTo(120);
    }

    @Test
    void noCountIsEverNegative() {
        String odd =
                "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":20,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":60},\"completion_tokens_details\":{\"reasoning_tokens\":30}}}";

        assertThat(Crossing.from(ANTHROPIC, CHAT).answered(odd).at("/usage/input_tokens").asLong())
                .isZero();
        assertThat(
                        Crossing.from(GEMINI, CHAT)
                                .answered(odd)
                                .at("/usageMetadata/candidatesTokenCount")
                                .asLong(-1))
                .isZero();
    }

    @Test
    void countsOfAVendorThatReportsInEveryChunkAreNotSummed() {
        String counting =
                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":%d,\"total_tokens\":%d}}";
        List<JsonNode> events =
                Crossing.from(ANTHROPIC, CHAT)
                        .events(
                                counting.formatted(1, 6),
                                counting.formatted(2, 7),
                                counting.formatted(3, 8),
                                finish("stop"),
                                "[DONE]");

        assertThat(events)
                .filteredOn(event -> event.path("type").asString("").equals("message_delta"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.at("/usage/output_tokens").asLong()).isEqualTo(3));
    }

    @ParameterizedTest
    @FieldSource("OTHERS")
    void aLaterInstructionStaysWhereItWasSaid(Dialect upstream) throws Exception {
        String body =
                """
                {"model":"m","messages":[{"role":"system","content":"first"},{"role":"user","content":"one"},
                 {"role":"assistant","content":"two"},{"role":"system","content":"later"},{"role":"user","content":"three"}]}
                """;
        JsonNode sent = Crossing.from(CHAT, upstream).sent(body);
        String turns =
                sent.path(
                                switch (upstream.protocol()) {
                                    case OPENAI_CHAT, ANTHROPIC -> "messages";
                                    case OPENAI_RESPONSES -> "input";
                                    case GEMINI -> "contents";
                                })
                        .toString();

        assertThat(turns).containsSubsequence("one", "two", "later", "three");
        assertThat(turns).doesNotContain("first");
    }

    @Test
    void aTimeToLiveIsNotToldToWhoRefusesIt() throws Exception {
        String body =
                """
                {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x",
                 "cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}
                """;
        Crossing crossing = Crossing.from(CHAT, ANTHROPIC);

        assertThat(crossing.sent(body).toString()).contains("\"ttl\":\"1h\"");
        assertThat(crossing.with(Trait.CACHE_TTL, "false").sent(body).toString())
                .contains("\"cache_control\":{\"type\":\"ephemeral\"}");
        assertThat(crossing.with(Trait.CACHE_TTL, "").sent(body).toString())
                .doesNotContain("cache_control");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-7, 64000",
        "claude-sonnet-4-5-20250929, 64000",
        "claude-opus-4-1, 32000",
        "claude-3-5-haiku-latest, 8192",
        "somebodys-own-model, 32000"
    })
    void whereNoLimitIsAskedForTheModelsOwnIsSent(String model, int limit) throws Exception {
        assertThat(
                        Crossing.from(CHAT, ANTHROPIC)
                                .to(model)
                                .sent(asked(""))
                                .path("max_tokens")
                                .asInt())
                .isEqualTo(limit);
    }

    @Test
    void newerClaudeModelsAreSentNoSamplingAndOlderOnesNotBothKinds() throws Exception {
        String body = asked(",\"temperature\":0.5,\"top_p\":0.9,\"max_tokens\":9");
        Crossing newer = Crossing.from(CHAT, ANTHROPIC).to("claude-opus-4-7");
        Crossing older = Crossing.from(CHAT, ANTHROPIC).to("claude-opus-4-5");

        assertThat(newer.sent(body).propertyNames()).doesNotContain("temperature", "top_p");
        assertThat(newer.lost(body))
                .containsExactly("WEAKER dropped:temperature", "WEAKER dropped:top_p");
        assertThat(older.sent(body).path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(older.sent(body).has("top_p")).isFalse();
        assertThat(older.lost(body)).containsExactly("WEAKER dropped:top_p");
    }

    @Test
    void anAnswerBegunByTheClientIsRefusedWhereTheModelGoesOnWithNone() throws Exception {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"Sure: \"}]}";

        assertThat(Crossing.from(CHAT, ANTHROPIC).to("claude-sonnet-4-6").lost(body))
                .containsExactly("WRONG dropped:prefill");
        assertThat(Crossing.from(CHAT, ANTHROPIC).to("claude-sonnet-4-5").lost(body)).isEmpty();
    }

    static Stream<Arguments> cut() {
        return Stream.of(
                Arguments.of(
                        CHAT,
                        "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"max_tokens\"}]}"),
                Arguments.of(
                        CHAT,
                        "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"MAX_TOKENS\"}]}"),
                Arguments.of(
                        CHAT,
                        "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"length\"}]}"),
                Arguments.of(
                        RESPONSES,
                        "{\"object\":\"response\",\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[]}"),
                Arguments.of(
                        ANTHROPIC,
                        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"max_tokens\"}"),
                Arguments.of(
                        ANTHROPIC,
                        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"model_context_window_exceeded\"}"),
                Arguments.of(
                        GEMINI,
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"MAX_TOKENS\"}]}"));
    }

    @ParameterizedTest
    @MethodSource("cut")
    void anAnswerThatReachedItsLimitSaysSoToEveryClient(Dialect upstream, String said) {
        assertThat(
                        Crossing.from(CHAT, upstream)
                                .answered(said)
                                .at("/choices/0/finish_reason")
                                .asString(""))
                .isEqualTo("length");
        JsonNode responses = Crossing.from(RESPONSES, upstream).answered(said);
        assertThat(responses.path("status").asString("")).isEqualTo("incomplete");
        assertThat(responses.at("/incomplete_details/reason").asString(""))
                .isEqualTo("max_output_tokens");
        assertThat(
                        Crossing.from(ANTHROPIC, upstream)
                                .answered(said)
                                .path("stop_reason")
                                .asString(""))
                .isEqualTo("max_tokens");
        assertThat(
                        Crossing.from(GEMINI, upstream)
                                .answered(said)
                                .at("/candidates/0/finishReason")
                                .asString(""))
                .isEqualTo("MAX_TOKENS");
    }

    @Test
    void callsWithAFinishOfStopAreCalls() {
        String call =
                "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]";
        Crossing crossing = Crossing.from(ANTHROPIC, CHAT);

        assertThat(crossing.streamed(chunk("{" + call + "}"), finish("stop"), "[DONE]"))
                .contains("\"stop_reason\":\"tool_use\"");
        assertThat(
                        crossing.answered(
                                        "{\"choices\":[{\"message\":{"
                                                + call
                                                + "},\"finish_reason\":\"stop\"}]}")
                                .path("stop_reason")
                                .asString(""))
                .isEqualTo("tool_use");
    }

    static Stream<Arguments> forms() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}";
        return Stream.of(
                Arguments.of(
                        CHAT,
                        asked(
                                ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":"
                                        + schema
                                        + "}}")),
                Arguments.of(
                        RESPONSES,
                        "{\"model\":\"m\",\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":"
                                + schema
                                + "}}}"),
                Arguments.of(
                        GEMINI,
                        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":"
                                + schema
                                + "}}"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aSchemaForTheAnswerReachesClaude(Dialect client, String body) throws Exception {
        JsonNode sent = Crossing.from(client, ANTHROPIC).to("claude-opus-4-7").sent(body);
        JsonNode older = Crossing.from(client, ANTHROPIC).to("claude-sonnet-4-0").sent(body);

        assertThat(sent.at("/output_config/format/type").asString("")).isEqualTo("json_schema");
        assertThat(sent.at("/output_config/format/schema/properties").has("a")).isTrue();
        assertThat(older.has("output_config")).isFalse();
        assertThat(older.at("/tools/0/input_schema/properties").has("a")).isTrue();
        assertThat(older.at("/tool_choice/type").asString("")).isEqualTo("tool");
    }

    @Test
    void developersAreTheSystemToWhomTheyMeanNothing() throws Exception {
        String body =
                "{\"model\":\"m\",\"input\":[{\"role\":\"developer\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"x\"}]}";

        for (Dialect upstream : List.of(CHAT, RESPONSES)) {
            String sent =
                    Crossing.from(RESPONSES, upstream)
                            .with(Trait.DEVELOPER_ROLE, "false")
                            .sent(body)
                            .toString();
            assertThat(sent).as("to %s", upstream.protocol()).doesNotContain("developer");
        }
    }
}
