package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.RESPONSES;
import static dev.sluice.dialect.Crossing.chunk;
import static dev.sluice.dialect.Crossing.ended;
import static dev.sluice.dialect.Crossing.finish;
import static dev.sluice.dialect.Crossing.parts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.StopReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Streams that gateways have got wrong (wire-contract §3), as their clients get them here. */
class StreamPitfallsTest {
    private static final Crossing CHAT_TO_ANTHROPIC = Crossing.from(ANTHROPIC, CHAT);

    @Test
    void aCallThatArrivesWholeIsStartedSaidAndStopped() {
        List<JsonNode> events =
                Crossing.from(ANTHROPIC, GEMINI)
                        .events(
                                parts("{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\":1}}}"),
                                ended("STOP"));

        assertThat(events)
                .extracting(event -> event.path("type").asString(""))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(input(events)).isEqualTo("{\"n\":1}");
    }

    @Test
    void textAndCallInOneChunkAreBothToldTextFirst() {
        List<JsonNode> events =
                CHAT_TO_ANTHROPIC.events(
                        chunk(
                                "{\"content\":\"Let me see\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
                        finish("tool_calls"),
                        "[DONE]");

        assertThat(blocks(events)).containsExactly("text", "tool_use");
        assertThat(events)
                .anyMatch(event -> event.at("/delta/text").asString("").equals("Let me see"));
    }

    @Test
    void anEmptyListOfCallsIsNoCall() {
        String chunk = chunk("{\"content\":\"x\",\"tool_calls\":[]}");

        assertThat(blocks(CHAT_TO_ANTHROPIC.events(chunk, chunk, finish("stop"), "[DONE]")))
                .containsExactly("text");
        assertThat(CHAT_TO_ANTHROPIC.meant(chunk, finish("tool_calls"), "[DONE]").getLast())
                .isEqualTo(new ChatEvent.Finish(0, StopReason.STOP, null));
    }

    static Stream<List<String>> numberings() {
        String begin = "{\"tool_calls\":[{%s\"id\":\"%s\",\"function\":{\"name\":\"%s\"}}]}";
        String goOn = "{\"tool_calls\":[{%s\"function\":{\"arguments\":\"{}\"}}]}";
        return Stream.of("", "\"index\":-1,", "\"index\":null,", "\"index\":0,")
                .map(index ->
                        List.of(
                                begin.formatted(index, "a", "f"),
                                goOn.formatted(index),
                                begin.formatted(index, "b", "g"),
                                goOn.formatted(index)));
    }

    @ParameterizedTest
    @MethodSource("numberings")
    void callsWithoutSoundNumbersAreNumberedDensely(List<String> deltas) {
        assertThat(numbers(deltas)).isEqualTo("0 a f, 1 b g");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40_000})
    void sparseNumbersOfCallsBecomeDense(int from) {
        String call =
                "{\"tool_calls\":[{\"index\":%d,\"id\":\"%s\",\"function\":{\"name\":\"%s\",\"arguments\":\"{}\"}}]}";

        assertThat(
                        numbers(
                                List.of(
                                        call.formatted(from, "a", "f"),
                                        call.formatted(from * 2, "b", "g"))))
                .isEqualTo("0 a f, 1 b g");
    }

    @Test
    void wholeCallsOfOneNumberWithoutIdsAreTwoWhereTheirNamesDiffer() {
        String call =
                "{\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{\"name\":\"%s\",\"arguments\":\"{}\"}}]}";

        assertThat(
                        CHAT_TO_ANTHROPIC.meant(
                                chunk(call.formatted("f")), chunk(call.formatted("g")), "[DONE]"))
                .filteredOn(ChatEvent.CallStart.class::isInstance)
                .extracting(event -> ((ChatEvent.CallStart) event).name())
                .containsExactly("f", "g");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\":\"\",\"function\":{\"name\":\"\",",
                "\"id\":null,\"type\":null,\"function\":{\"name\":null,",
                "\"id\":\"a\",\"function\":{\"name\":\"f\","
            })
    void whatIsRepeatedOrEmptyOnAContinuationContinues(String repeated) {
        List<JsonNode> events =
                CHAT_TO_ANTHROPIC.events(
                        chunk(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}}]}"),
                        chunk(
                                "{\"tool_calls\":[{\"index\":0,"
                                        + repeated
                                        + "\"arguments\":\"1}\"}}]}"),
                        finish("tool_calls"),
                        "[DONE]");

        assertThat(events)
                .filteredOn(event -> event.has("content_block"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at("/content_block/id").asString("")).isEqualTo("a");
                    assertThat(event.at("/content_block/name").asString("")).isEqualTo("f");
                });
        assertThat(input(events)).isEqualTo("{\"x\":1}");
    }

    @Test
    void aCallIsNotOverBecauseItsArgumentsHappenToParse() {
        String piece = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]}";
        List<ChatEvent> events =
                CHAT_TO_ANTHROPIC.meant(
                        chunk(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"1\"}}]}"),
                        chunk(piece.formatted("2")),
                        chunk(piece.formatted("3")),
                        finish("tool_calls"),
                        "[DONE]");

        assertThat(events)
                .endsWith(
                        new ChatEvent.CallArguments(0, "1"),
                        new ChatEvent.CallArguments(0, "2"),
                        new ChatEvent.CallArguments(0, "3"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, StopReason.TOOL_CALLS, null));
    }

    @Test
    void itemsThatWereNeverAnnouncedAreTakenAndAlwaysAnnouncedInTurn() {
        Crossing crossing = Crossing.from(RESPONSES, RESPONSES);
        String[] bare = {
            "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"Hi\"}",
            "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":1,\"delta\":\"{}\"}",
            "{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{\"type\":\"function_call\",\"call_id\":\"a\",\"name\":\"f\",\"arguments\":\"{}\"}}",
            "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}"
        };

        assertThat(crossing.events(bare))
                .extracting(event -> event.path("type").asString("").replace("response.", ""))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.done",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "completed");
    }

    @Test
    void itemsAreKnownByTheirPlaceThoughTheirIdsChange() {
        String delta =
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_%d\",\"output_index\":3,\"delta\":\"%s\"}";
        String done =
                "{\"type\":\"response.output_item.done\",\"output_index\":3,\"item\":{\"type\":\"message\",\"id\":\"msg_9\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}}";
        String completed =
                "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"msg_10\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}]}}";

        assertThat(
                        Crossing.from(CHAT, RESPONSES)
                                .meant(
                                        delta.formatted(1, "Hel"),
                                        delta.formatted(2, "lo"),
                                        done,
                                        completed))
                .containsExactly(
                        new ChatEvent.Start("", ""),
                        new ChatEvent.Text(0, 0, "Hel"),
                        new ChatEvent.Text(0, 0, "lo"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, StopReason.STOP, null));
    }

    @Test
    void emptyTextBeforeACallOpensNoBlock() {
        List<JsonNode> events =
                CHAT_TO_ANTHROPIC.events(
                        chunk("{\"role\":\"assistant\",\"content\":\"\"}"),
                        chunk("{\"role\":\"\",\"content\":\"\"}"),
                        chunk(
                                "{\"content\":\"\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"),
                        finish("tool_calls"),
                        "[DONE]");

        assertThat(blocks(events)).containsExactly("tool_use");
        assertThat(events)
                .filteredOn(event -> event.at("/delta/type").asString("").endsWith("_delta"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.path("delta").toString())
                                .isEqualTo(
                                        "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}"));
    }

    @Test
    void usageThatFollowsTheReasonIsWaitedFor() {
        List<JsonNode> events =
                CHAT_TO_ANTHROPIC.events(
                        chunk("{\"content\":\"x\"}"),
                        finish("stop"),
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3}}",
                        "[DONE]");

        assertThat(events)
                .filteredOn(event -> event.path("type").asString("").equals("message_delta"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at("/usage/input_tokens").asInt()).isEqualTo(5);
                    assertThat(event.at("/usage/output_tokens").asInt()).isEqualTo(3);
                });
    }

    @Test
    void cumulativeUsageIsToldOnceAndNeverAdded() {
        String delta =
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":%d}}";
        List<JsonNode> chunks =
                Crossing.from(CHAT, ANTHROPIC)
                        .events(
                                "{\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}",
                                delta.formatted(4),
                                delta.formatted(9),
                                "{\"type\":\"message_stop\"}");

        assertThat(chunks)
                .filteredOn(chunk -> chunk.path("usage").isObject())
                .singleElement()
                .satisfies(chunk -> {
                    assertThat(chunk.at("/usage/prompt_tokens").asInt()).isEqualTo(10);
                    assertThat(chunk.at("/usage/completion_tokens").asInt()).isEqualTo(9);
                });
    }

    @Test
    void aStreamThatIsDoneWithoutAReasonIsClosed() {
        String call =
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";

        assertThat(CHAT_TO_ANTHROPIC.streamed(chunk("{\"content\":\"x\"}"), "[DONE]"))
                .contains("\"stop_reason\":\"end_turn\"")
                .endsWith("data: {\"type\":\"message_stop\"}\n\n");
        assertThat(CHAT_TO_ANTHROPIC.streamed(chunk(call), "[DONE]"))
                .contains("\"stop_reason\":\"tool_use\"")
                .endsWith("data: {\"type\":\"message_stop\"}\n\n");
    }

    static Stream<Arguments> errorsInStreams() {
        return Stream.of(
                Arguments.of(CHAT, "{\"error\":{\"message\":\"It broke.\",\"status_code\":400}}"),
                Arguments.of(
                        CHAT,
                        "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"code\":502,\"message\":\"It broke.\"}}"),
                Arguments.of(CHAT, "{\"object\":\"error\",\"message\":\"It broke.\",\"code\":400}"),
                Arguments.of(CHAT, "{\"detail\":\"It broke.\"}"),
                Arguments.of(CHAT, "{\"error\":\"It broke.\"}"),
                Arguments.of(
                        RESPONSES,
                        "{\"type\":\"error\",\"sequence_number\":2,\"error\":{\"type\":\"x\",\"message\":\"It broke.\"}}"),
                Arguments.of(
                        RESPONSES,
                        "{\"type\":\"error\",\"sequence_number\":2,\"code\":\"x\",\"message\":\"It broke.\"}"),
                Arguments.of(
                        RESPONSES,
                        "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"message\":\"It broke.\"}}}"),
                Arguments.of(
                        ANTHROPIC,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"It broke.\"}}"),
                Arguments.of(
                        GEMINI,
                        "{\"error\":{\"code\":503,\"message\":\"It broke.\",\"status\":\"UNAVAILABLE\"}}"));
    }

    @ParameterizedTest
    @MethodSource("errorsInStreams")
    void anErrorInAGoodStreamIsNoEmptyAnswer(Dialect upstream, String event) {
        for (Dialect client : Crossing.ALL) {
            assertThat(Crossing.from(client, upstream).streamed(event))
                    .as("to %s", client.protocol())
                    .contains("It broke.")
                    .contains("error")
                    .doesNotContain("[DONE]", "message_stop", "response.completed", "STOP");
        }
    }

    @Test
    void aFailureAmidAStreamIsToldToResponsesClientsInBothWays() {
        List<JsonNode> events =
                Crossing.from(RESPONSES, CHAT)
                        .events(
                                chunk("{\"content\":\"x\"}"),
                                "{\"error\":{\"message\":\"It broke.\"}}");
        JsonNode error = events.get(events.size() - 2);

        assertThat(error.path("type").asString("")).isEqualTo("error");
        assertThat(error.at("/error/message").asString("")).isEqualTo("It broke.");
        assertThat(events.getLast().path("type").asString("")).isEqualTo("response.failed");
        assertThat(events.getLast().at("/response/status").asString("")).isEqualTo("failed");
    }

    @Test
    void everyEventOfResponsesSaysItsTypeInItsDataAndTheLastHoldsAll() {
        List<JsonNode> events =
                Crossing.from(RESPONSES, CHAT)
                        .events(chunk("{\"content\":\"Hi\"}"), finish("stop"), "[DONE]");

        assertThat(events).allMatch(event -> event.path("type").asString("").contains("response."));
        assertThat(events.getLast().path("type").asString("")).isEqualTo("response.completed");
        assertThat(events.getLast().at("/response/output/0/content/0/text").asString(""))
                .isEqualTo("Hi");
    }

    static Stream<Arguments> unknownEvents() {
        return Stream.of(
                Arguments.of(
                        CHAT,
                        List.of(
                                "{\"type\":\"vendor.progress\",\"percent\":5}",
                                chunk("{\"content\":\"Hi\"}"),
                                "{\"x\":[]}",
                                "not json",
                                finish("stop"),
                                "[DONE]")),
                Arguments.of(
                        RESPONSES,
                        List.of(
                                "{\"type\":\"vendor.progress\"}",
                                "{\"type\":\"response.vendor.thing\",\"output_index\":0}",
                                "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"Hi\"}",
                                "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}")),
                Arguments.of(
                        ANTHROPIC,
                        List.of(
                                "{\"type\":\"vendor_progress\"}",
                                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"vendor_delta\",\"x\":1}}",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}",
                                "{\"type\":\"content_block_stop\",\"index\":0}",
                                "{\"type\":\"message_stop\"}")),
                Arguments.of(
                        GEMINI,
                        List.of(
                                "{\"vendor\":1}",
                                parts("{\"text\":\"Hi\"}"),
                                "{\"candidates\":[{}]}",
                                ended("STOP"))));
    }

    @ParameterizedTest
    @MethodSource("unknownEvents")
    void eventsThatNobodyKnowsArePassedOver(Dialect upstream, List<String> events) {
        assertThat(Crossing.from(CHAT, upstream).meant(events.toArray(String[]::new)))
                .contains(new ChatEvent.Text(0, 0, "Hi"))
                .endsWith(
                        new ChatEvent.BlockEnd(0), new ChatEvent.Finish(0, StopReason.STOP, null));
    }

    @Test
    void chunksWithoutChoicesOrDeltasAreBorne() {
        assertThat(
                        CHAT_TO_ANTHROPIC.meant(
                                "{\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[{}]}",
                                chunk("{\"role\":\"assistant\",\"content\":\"\"}"),
                                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"content_filter_results\":{}}]}",
                                "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":null}]}",
                                "{\"id\":\"c\",\"audio\":{}}",
                                chunk("{\"content\":\"Hi\"}"),
                                finish("stop"),
                                "[DONE]"))
                .containsExactly(
                        new ChatEvent.Start("c", "m"),
                        new ChatEvent.Text(0, 0, "Hi"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Finish(0, StopReason.STOP, null));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aFirstChunkThatHoldsNothingOpensNothing(Protocol client) {
        Dialect dialect =
                Crossing.ALL.stream().filter(d -> d.protocol() == client).findFirst().orElseThrow();
        String stream =
                Crossing.from(dialect, CHAT)
                        .streamed(
                                "{\"id\":\"\",\"choices\":[],\"prompt_filter_results\":[]}",
                                chunk("{\"role\":\"assistant\",\"content\":\"\"}"),
                                finish("stop"),
                                "[DONE]");

        assertThat(stream).doesNotContain("content_block", "output_item", "\"text\":\"x");
    }

    @Test
    void aSecondStartOfAMessageChangesNothing() {
        String start =
                "{\"type\":\"message_start\",\"message\":{\"id\":\"%s\",\"model\":\"%s\",\"usage\":{\"input_tokens\":%d}}}";
        String block =
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"%s\"}}";
        String stop = "{\"type\":\"content_block_stop\",\"index\":0}";

        assertThat(
                        Crossing.from(CHAT, ANTHROPIC)
                                .meant(
                                        start.formatted("one", "a", 5),
                                        block.formatted("Hel"),
                                        stop,
                                        start.formatted("two", "b", 6),
                                        block.formatted("lo"),
                                        stop,
                                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}",
                                        "{\"type\":\"message_stop\"}"))
                .filteredOn(event -> !(event instanceof ChatEvent.UsageReported))
                .containsExactly(
                        new ChatEvent.Start("one", "a"),
                        new ChatEvent.Text(0, 0, "Hel"),
                        new ChatEvent.BlockEnd(0),
                        new ChatEvent.Text(0, 1, "lo"),
                        new ChatEvent.BlockEnd(1),
                        new ChatEvent.Finish(0, StopReason.STOP, null));
    }

    private static String numbers(List<String> deltas) {
        String[] chunks =
                Stream.concat(deltas.stream().map(Crossing::chunk), Stream.of("[DONE]"))
                        .toArray(String[]::new);
        StringBuilder numbers = new StringBuilder();
        for (JsonNode chunk : Crossing.from(CHAT, CHAT).events(chunks)) {
            JsonNode call = chunk.at("/choices/0/delta/tool_calls/0");
            if (call.has("id")) {
                numbers.append(numbers.isEmpty() ? "" : ", ")
                        .append(call.path("index").asInt())
                        .append(' ')
                        .append(call.path("id").asString(""))
                        .append(' ')
                        .append(call.at("/function/name").asString(""));
            }
        }
        return numbers.toString();
    }

    private static List<String> blocks(List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.has("content_block"))
                .map(event -> event.at("/content_block/type").asString(""))
                .toList();
    }

    private static String input(List<JsonNode> events) {
        StringBuilder input = new StringBuilder();
        events.forEach(event -> input.append(event.at("/delta/partial_json").asString("")));
        return input.toString();
    }
}
