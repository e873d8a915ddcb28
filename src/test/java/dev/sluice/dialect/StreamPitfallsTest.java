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
import tools.jackson.databind.JsonNode;

/** Streams that gateways have got wrong (wire-contract §3), as their clients get them here. */
class StreamPitfallsTest {
    private static final Crossing CHAT_TO_ANTHROPIC = Crossing.from(ANTHROPIC, CHAT);

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
}
