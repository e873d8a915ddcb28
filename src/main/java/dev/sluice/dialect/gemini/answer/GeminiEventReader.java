package dev.sluice.dialect.gemini.answer;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.gemini.peek.GeminiAnswerPeeker;
import dev.sluice.dialect.gemini.peek.GeminiUsageReader;
import dev.sluice.dialect.gemini.wire.GeminiStopReasons;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.sse.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A Gemini upstream's stream (wire-contract §1.4, §2.10). There is no terminator, a reason may
 * stand on several chunks, and what is counted comes in most of them: the finish is said at the
 * end, when nothing can come any more.
 */
public final class GeminiEventReader implements EventReader {
    private static final int MAX_CANDIDATES = 128;

    private final Memory memory;
    private final GeminiUsageReader usage = new GeminiUsageReader();
    private final GeminiCandidateReader.Progress progress = new GeminiCandidateReader.Progress();
    private final Map<Integer, GeminiCandidateReader> candidates = new TreeMap<>();
    private @Nullable Usage reported;
    private @Nullable String blocked;
    private boolean started;
    private boolean failed;
    private Consumer<ChatEvent> sink = event -> {};

    public GeminiEventReader(Memory memory) {
        this.memory = memory;
    }

    @Override
    public void read(SseEvent event, Consumer<ChatEvent> to) {
        sink = to;
        byte[] json = GeminiAnswerPeeker.json(event);
        if (failed || json.length == 0) {
            return;
        }
        try {
            read(Json.tree(json));
        } catch (JacksonException e) {
            if (event.type().equals("error")) {
                fail(ErrorReader.read(0, json));
            }
        }
    }

    /** Reads a whole answer and says how it ended; any output is as good as a reason. */
    void readWhole(JsonNode root, Consumer<ChatEvent> to) {
        sink = to;
        read(root);
        boolean output = candidates.values().stream().anyMatch(GeminiCandidateReader::hasOutput);
        if (output && !failed) {
            finish();
        } else {
            end(to);
        }
    }

    /** Reads a chunk, or an array of chunks. */
    private void read(JsonNode root) {
        List<JsonNode> chunks = root.isArray() ? Fields.elements(root) : List.of(root);
        for (JsonNode chunk : chunks) {
            JsonNode error = chunk.path("error");
            if (error.isObject() || (error.isString() && !error.stringValue().isEmpty())) {
                fail(ErrorReader.read(0, Json.bytes(chunk)));
            }
            if (failed) {
                return;
            }
            chunk(chunk);
        }
    }

    private void chunk(JsonNode chunk) {
        if (!chunk.isObject()) {
            return;
        }
        start(chunk);
        usage.read(chunk.path("usageMetadata"));
        Usage now = usage.usage();
        if (now != null && !now.equals(reported)) {
            reported = now;
            sink.accept(new ChatEvent.UsageReported(now));
        }
        feedback(chunk.path("promptFeedback"));
        List<JsonNode> nodes = Fields.elements(chunk.get("candidates"));
        for (int i = 0; i < nodes.size(); i++) {
            int index = nodes.get(i).path("index").asInt(i);
            if (nodes.get(i).isObject() && index >= 0 && index < MAX_CANDIDATES) {
                candidate(index).read(nodes.get(i));
            }
        }
    }

    private GeminiCandidateReader candidate(int index) {
        return candidates.computeIfAbsent(
                index,
                choice ->
                        new GeminiCandidateReader(
                                choice, memory, progress, event -> sink.accept(event)));
    }

    private void start(JsonNode chunk) {
        if (started) {
            return;
        }
        started = true;
        progress.answerId = chunk.path("responseId").asString("");
        String model = chunk.path("modelVersion").asString("");
        sink.accept(new ChatEvent.Start(progress.answerId, model));
    }

    private void feedback(JsonNode feedback) {
        String why = feedback.path("blockReason").asString("");
        String message = feedback.path("blockReasonMessage").asString("");
        if (!message.isEmpty() || (blocked == null && GeminiStopReasons.isBlock(why))) {
            blocked = message;
        }
    }

    @Override
    public void end(Consumer<ChatEvent> to) {
        sink = to;
        if (failed) {
            return;
        }
        boolean finished = candidates.values().stream().anyMatch(GeminiCandidateReader::isFinished);
        if (blocked != null
                && candidates.values().stream().noneMatch(GeminiCandidateReader::hasOutput)) {
            block(blocked);
        } else if (finished) {
            finish();
        } else {
            candidates.values().forEach(GeminiCandidateReader::end);
            fail(failure("stream_cut", "The upstream's stream ended before its answer did."));
        }
    }

    /** The prompt was refused: there is nothing but, at most, a reason in words. */
    private void block(String message) {
        if (!message.isEmpty()) {
            sink.accept(new ChatEvent.Refusal(0, 0, message));
            sink.accept(new ChatEvent.BlockEnd(0));
        }
        sink.accept(new ChatEvent.Finish(0, StopReason.FILTER, null));
    }

    private void finish() {
        for (GeminiCandidateReader candidate : candidates.values()) {
            candidate.end();
            boolean alone = candidates.size() == 1;
            if (alone && candidate.stopReason() == StopReason.BROKEN) {
                fail(failure(candidate.reason(), candidate.finish()));
                return;
            }
        }
        candidates.forEach((choice, candidate) ->
                sink.accept(new ChatEvent.Finish(choice, candidate.stopReason(), null)));
    }

    private static UpstreamError failure(String code, String message) {
        return new UpstreamError(0, null, code, ErrorReader.safe(message, 1000), null, null);
    }

    private void fail(UpstreamError error) {
        if (!failed) {
            failed = true;
            sink.accept(new ChatEvent.Failed(error));
        }
    }
}
