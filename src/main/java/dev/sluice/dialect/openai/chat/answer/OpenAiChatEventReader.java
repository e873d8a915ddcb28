package dev.sluice.dialect.openai.chat.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.peek.OpenAiChatAnswerPeeker;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.sse.SseEvent;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A Chat upstream's stream, from OpenAI or any vendor (wire-contract §1.5, §2.10). Chunks are told
 * apart by content, not by order; the finish is said at the end, when nothing can come any more.
 */
public final class OpenAiChatEventReader implements EventReader {
    /** More choices or blocks than any request asks for; a stream that goes beyond is broken. */
    private static final int MAX_CHOICES = 128;

    private final Memory memory;
    private final OpenAiChatBlocks blocks = new OpenAiChatBlocks();
    private final TreeMap<Integer, OpenAiChatChoiceReader> choices = new TreeMap<>();
    private String id = "";
    private boolean started;
    private boolean terminated;
    private boolean failed;

    public OpenAiChatEventReader(Memory memory) {
        this.memory = memory;
    }

    @Override
    public void read(SseEvent event, Consumer<ChatEvent> sink) {
        if (failed || !event.hasData()) {
            return;
        }
        EventPeek peek = OpenAiChatAnswerPeeker.event(event);
        if (peek.error() != null) {
            fail(peek.error(), sink);
            return;
        }
        terminated |= peek.terminal();
        if (peek.usage() != null) {
            sink.accept(new ChatEvent.UsageReported(peek.usage()));
        }
        JsonNode chunk = tree(event.data());
        if (chunk != null) {
            read(chunk, sink);
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
        start(sink, "");
        if (choices.isEmpty()) {
            choices.put(0, new OpenAiChatChoiceReader(0, memory, blocks));
        }
        choices.values().forEach(choice -> choice.end(sink));
    }

    private static @Nullable JsonNode tree(byte[] data) {
        try {
            return Json.tree(data);
        } catch (JacksonException e) {
            return null;
        }
    }

    private void read(JsonNode chunk, Consumer<ChatEvent> sink) {
        if (id.isEmpty()) {
            id = chunk.path("id").asString("");
        }
        if (!id.isEmpty()) {
            start(sink, chunk.path("model").asString(""));
        }
        for (JsonNode choice : Fields.elements(chunk.get("choices"))) {
            start(sink, chunk.path("model").asString(""));
            int index = Math.max(0, choice.path("index").asInt(0));
            if (index < MAX_CHOICES) {
                choices.computeIfAbsent(
                                index, number -> new OpenAiChatChoiceReader(number, memory, blocks))
                        .read(choice, id, sink);
            }
        }
    }

    private void start(Consumer<ChatEvent> sink, String model) {
        if (!started) {
            started = true;
            sink.accept(new ChatEvent.Start(id, model));
        }
    }

    private void fail(UpstreamError error, Consumer<ChatEvent> sink) {
        failed = true;
        sink.accept(new ChatEvent.Failed(error));
    }
}
