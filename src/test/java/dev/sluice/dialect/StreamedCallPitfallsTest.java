package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.chunk;
import static dev.sluice.dialect.Crossing.ended;
import static dev.sluice.dialect.Crossing.finish;
import static dev.sluice.dialect.Crossing.parts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.StopReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Calls of tools in streams that gateways have got wrong (wire-contract §3). */
class StreamedCallPitfallsTest {
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
