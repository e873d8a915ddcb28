package dev.sluice.dialect.anthropic.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.anthropic.peek.AnthropicAnswerPeeker;
import dev.sluice.dialect.anthropic.peek.AnthropicUsageReader;
import dev.sluice.dialect.anthropic.wire.AnthropicStopReasons;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.sse.SseEvent;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Messages upstream's stream (wire-contract §1.3, §2.10). A second {@code message_start} changes
 * nothing, {@code message_delta} may come several times, unknown events are skipped; the finish is
 * said at the end, when nothing can come any more.
 */
public final class AnthropicEventReader implements EventReader {
    /** More blocks than ever are open at a time; a stream that goes beyond is broken. */
    private static final int MAX_OPEN = 64;

    private final Memory memory;
    private final AnthropicUsageReader usage = new AnthropicUsageReader();
    private final TreeMap<Integer, AnthropicBlockReader> open = new TreeMap<>();
    private final AnthropicBlockReader.Progress progress = new AnthropicBlockReader.Progress();
    private boolean started;
    private boolean terminated;
    private boolean failed;
    private String reason = "";
    private @Nullable String stopSequence;

    public AnthropicEventReader(Memory memory) {
        this.memory = memory;
    }

    @Override
    public void read(SseEvent event, Consumer<ChatEvent> sink) {
        if (failed || !event.hasData()) {
            return;
        }
        EventPeek peek = AnthropicAnswerPeeker.event(event);
        if (peek.error() != null) {
            fail(peek.error(), sink);
            return;
        }
        JsonNode data = tree(event.data());
        if (data == null) {
            return;
        }
        String type = data.path("type").asString(event.type());
        int index = data.path("index").asInt(0);
        switch (type) {
            case "message_start" -> startMessage(data.path("message"), sink);
            case "content_block_start" -> startBlock(index, data.path("content_block"), sink);
            case "content_block_delta" -> {
                AnthropicBlockReader block = open.get(index);
                if (block != null) {
                    block.delta(data.path("delta"), sink);
                }
            }
            case "content_block_stop" -> stopBlock(index, sink);
            case "message_delta" -> finish(data, sink);
            case "message_stop" -> terminated = true;
            case "ping" -> sink.accept(new ChatEvent.Ping());
            default -> {
                // An event of a later version.
            }
        }
    }

    @Override
    public void end(Consumer<ChatEvent> sink) {
        if (failed) {
            return;
        }
        if (!terminated) {
            fail(
                    new UpstreamError(
                            0,
                            null,
                            "stream_cut",
                            "The upstream's stream ended before its answer did.",
                            null,
                            null),
                    sink);
            return;
        }
        start("", sink);
        while (!open.isEmpty()) {
            stopBlock(open.firstKey(), sink);
        }
        boolean called = progress.calls() > 0;
        sink.accept(
                new ChatEvent.Finish(
                        0,
                        AnthropicStopReasons.read(reason, called, progress.blocks() > 0),
                        stopSequence));
    }

    private static @Nullable JsonNode tree(byte[] data) {
        try {
            return Json.tree(data);
        } catch (JacksonException e) {
            return null;
        }
    }

    private void startMessage(JsonNode message, Consumer<ChatEvent> sink) {
        if (!started) {
            progress.answerId = message.path("id").asString("");
            start(message.path("model").asString(""), sink);
        }
        report(message.path("usage"), sink);
        for (JsonNode block : Fields.elements(message.get("content"))) {
            startBlock(0, block, sink);
            stopBlock(0, sink);
        }
    }

    private void start(String model, Consumer<ChatEvent> sink) {
        if (!started) {
            started = true;
            sink.accept(new ChatEvent.Start(progress.answerId, model));
        }
    }

    private void startBlock(int index, JsonNode block, Consumer<ChatEvent> sink) {
        start("", sink);
        stopBlock(index, sink);
        if (block instanceof ObjectNode object && open.size() < MAX_OPEN) {
            open.put(index, AnthropicBlockReader.start(object, memory, progress, sink));
        }
    }

    private void stopBlock(int index, Consumer<ChatEvent> sink) {
        AnthropicBlockReader block = open.remove(index);
        if (block != null) {
            block.stop(sink);
        }
    }

    private void finish(JsonNode data, Consumer<ChatEvent> sink) {
        start("", sink);
        JsonNode delta = data.path("delta");
        String said = delta.path("stop_reason").asString("");
        reason = said.isEmpty() ? reason : said;
        JsonNode sequence = delta.path("stop_sequence");
        stopSequence = sequence.isString() ? sequence.stringValue() : stopSequence;
        report(data.path("usage"), sink);
    }

    /**
     * Merged here rather than later, because a part of the input may be said without the others.
     */
    private void report(JsonNode node, Consumer<ChatEvent> sink) {
        if (!node.isObject()) {
            return;
        }
        try (JsonParser parser = Json.parser(Json.bytes(node))) {
            parser.nextToken();
            usage.read(parser);
        }
        if (usage.usage() != null) {
            sink.accept(new ChatEvent.UsageReported(usage.usage()));
        }
    }

    private void fail(UpstreamError error, Consumer<ChatEvent> sink) {
        failed = true;
        sink.accept(new ChatEvent.Failed(error));
    }
}
