package dev.sluice.dialect.openai.responses.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.responses.peek.OpenAiResponsesAnswerPeeker;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesStopReasons;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.sse.SseEvent;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * An upstream's stream (wire-contract §2.10). Events that are not known are passed over; the finish
 * is what the terminal event says.
 */
public final class OpenAiResponsesEventReader implements EventReader {
    private final OpenAiResponsesBlockReader blocks;
    private boolean started;
    private boolean ended;

    public OpenAiResponsesEventReader(Memory memory) {
        this.blocks = new OpenAiResponsesBlockReader(memory);
    }

    @Override
    public void read(SseEvent event, Consumer<ChatEvent> sink) {
        if (ended || !event.hasData()) {
            return;
        }
        EventPeek peek = OpenAiResponsesAnswerPeeker.event(event);
        if (peek.usage() != null) {
            sink.accept(new ChatEvent.UsageReported(peek.usage()));
        }
        if (peek.error() != null) {
            fail(peek.error(), sink);
            return;
        }
        JsonNode data = tree(event.data());
        JsonNode response = data.path("response");
        String type = data.path("type").asString(event.type());
        if (response.isObject()) {
            start(response, sink);
        }
        if (peek.terminal()) {
            finish(type, response, sink);
        } else if (type.startsWith("response.")) {
            start(response, sink);
            blocks.read(type, data, sink);
        }
    }

    @Override
    public void end(Consumer<ChatEvent> sink) {
        if (!ended) {
            fail(
                    new UpstreamError(
                            0,
                            null,
                            "stream_cut",
                            "The upstream's stream ended before its answer did.",
                            null,
                            null),
                    sink);
        }
    }

    /** {@return the event; missing where it is no JSON, which then says nothing but its type} */
    private static JsonNode tree(byte[] data) {
        try {
            return Json.tree(data);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    private void start(JsonNode response, Consumer<ChatEvent> sink) {
        if (!started) {
            started = true;
            String id = response.path("id").asString("");
            blocks.answerId(id);
            sink.accept(new ChatEvent.Start(id, response.path("model").asString("")));
        }
    }

    private void finish(String type, JsonNode response, Consumer<ChatEvent> sink) {
        start(response, sink);
        blocks.all(Fields.elements(response.get("output")), sink);
        ended = true;
        blocks.end(sink);
        sink.accept(
                new ChatEvent.Finish(
                        0,
                        OpenAiResponsesStopReasons.read(
                                response.path("status")
                                        .asString(type.substring(type.indexOf('.') + 1)),
                                response.path("incomplete_details").path("reason").asString(""),
                                blocks.called(),
                                blocks.refused()),
                        null));
    }

    private void fail(UpstreamError error, Consumer<ChatEvent> sink) {
        ended = true;
        sink.accept(new ChatEvent.Failed(error));
    }
}
