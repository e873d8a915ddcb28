package dev.sluice.dialect.gemini.answer;

import static dev.sluice.chat.Protocol.GEMINI;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Media;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.gemini.wire.GeminiBase64;
import dev.sluice.dialect.gemini.wire.GeminiMedia;
import dev.sluice.dialect.gemini.wire.GeminiStopReasons;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.tool.CustomTools;
import dev.sluice.dialect.rules.tool.ToolCallIds;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One candidate of an answer, chunk by chunk. Texts and thoughts go on until something else comes;
 * a call arrives whole, or (where that was asked for) in values that are put together.
 */
final class GeminiCandidateReader {
    /** What the candidates of one answer share. */
    static final class Progress {
        private int blocks;
        private int calls;
        String answerId = "";
    }

    private enum Kind {
        NOTHING,
        TEXT,
        THOUGHT,
        CALL
    }

    private final int choice;
    private final Memory memory;
    private final Progress progress;
    private final Consumer<ChatEvent> sink;
    private final GeminiAnnotations annotations = new GeminiAnnotations();
    private Kind open = Kind.NOTHING;
    private int block = -1;
    private boolean sealed;
    private boolean custom;
    private @Nullable GeminiPartialArguments partial;
    private boolean output;
    private boolean called;
    private String reason = "";
    private String finishMessage = "";

    GeminiCandidateReader(int choice, Memory memory, Progress progress, Consumer<ChatEvent> sink) {
        this.choice = choice;
        this.memory = memory;
        this.progress = progress;
        this.sink = sink;
    }

    void read(JsonNode candidate) {
        for (JsonNode part : Fields.elements(candidate.path("content").get("parts"))) {
            if (part.isObject()) {
                part(part);
            }
        }
        for (Annotation annotation : annotations.read(candidate)) {
            if (open == Kind.TEXT) {
                sink.accept(new ChatEvent.Annotated(block, annotation));
            }
        }
        JsonNode logprobs = GeminiLogprobs.read(candidate.path("logprobsResult"));
        if (logprobs != null && open == Kind.TEXT) {
            sink.accept(new ChatEvent.Logprobs(choice, block, logprobs));
        }
        String said = candidate.path("finishReason").asString("");
        reason = GeminiStopReasons.isSaid(said) ? said : reason;
        String message = candidate.path("finishMessage").asString("");
        finishMessage = message.isEmpty() ? finishMessage : message;
    }

    /** {@return whether the candidate said why it ended} */
    boolean isFinished() {
        return !reason.isEmpty();
    }

    boolean hasOutput() {
        return output;
    }

    /** {@return why it ended, in Google's word and its sentence} */
    String finish() {
        return finishMessage.isEmpty()
                ? "The model's answer ended with the reason "
                        + (reason.isEmpty() ? "of none" : reason)
                        + "."
                : finishMessage;
    }

    String reason() {
        return reason;
    }

    StopReason stopReason() {
        return GeminiStopReasons.read(reason, called, output);
    }

    /** Ends what is open; a call that was still being said stays as it is, cut short. */
    void end() {
        if (partial != null) {
            boolean cut = stopReason() == StopReason.LENGTH || !isFinished();
            arguments(cut ? partial.cut() : partial.whole());
        }
        close();
    }

    private void part(JsonNode part) {
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
            call(call, part);
            return;
        }
        String text = part.path("text").asString("");
        if (!text.isEmpty()) {
            text(text, part.path("thought").asBoolean(false));
        }
        String kind = text.isEmpty() ? foreignKind(part) : null;
        if (part.path("inlineData").isObject() || part.path("fileData").isObject()) {
            media(part);
        } else if (kind != null) {
            whole(new Part.Foreign(GEMINI, kind, part, Severity.WEAKER));
        }
        seal(part);
    }

    private static @Nullable String foreignKind(JsonNode part) {
        return part.properties().stream()
                .filter(field -> field.getValue().isObject())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private void text(String text, boolean thought) {
        begin(thought ? Kind.THOUGHT : Kind.TEXT);
        if (thought) {
            sink.accept(new ChatEvent.Reasoning(choice, block, text));
        } else {
            annotations.text(text);
            sink.accept(new ChatEvent.Text(choice, block, text));
        }
    }

    private void begin(Kind kind) {
        if (open != kind || sealed) {
            close();
            open = kind;
            block = progress.blocks++;
        }
        output = true;
    }

    private void close() {
        finishCall();
        if (open != Kind.NOTHING) {
            sink.accept(new ChatEvent.BlockEnd(block));
        }
        open = Kind.NOTHING;
        sealed = false;
    }

    /** A signature on an empty text is of no block but its own, which holds nothing else. */
    private void seal(JsonNode part) {
        String raw = part.path("thoughtSignature").asString("");
        if (raw.isEmpty()) {
            return;
        }
        boolean own = !part.path("text").asString("").isEmpty();
        if (!own) {
            close();
            open = Kind.THOUGHT;
            block = progress.blocks++;
            output = true;
        }
        sealed(raw);
    }

    private void sealed(String raw) {
        Seal seal =
                new Seal(memory.traits().family(), memory.traits().model(), Seal.Kind.THOUGHT, raw);
        sink.accept(new ChatEvent.Sealed(choice, block, seal, null));
        sealed = true;
    }

    /** A call without a name goes on with the one before it. */
    private void call(JsonNode call, JsonNode part) {
        String name = call.path("name").asString("");
        if (!name.isEmpty()) {
            startCall(name, call, part);
        } else if (partial != null) {
            partial.add(call);
        } else {
            return;
        }
        if (!call.path("willContinue").asBoolean(false)) {
            close();
        }
    }

    private void startCall(String name, JsonNode call, JsonNode part) {
        close();
        begin(Kind.CALL);
        called = true;
        String clientName = memory.toolNames().client(name);
        custom = memory.unwrappedTools().contains(clientName);
        String id =
                ToolCallIds.of(call.path("id").asString(""), progress.answerId, progress.calls++);
        sink.accept(new ChatEvent.CallStart(choice, block, id, clientName, custom));
        String raw = part.path("thoughtSignature").asString("");
        if (!raw.isEmpty()) {
            sealed(raw);
        }
        partial = new GeminiPartialArguments(call);
    }

    private void finishCall() {
        if (partial != null) {
            arguments(partial.whole());
        }
    }

    private void arguments(String json) {
        partial = null;
        String said = custom ? CustomTools.unwrapped(json) : json;
        if (!said.isEmpty()) {
            sink.accept(new ChatEvent.CallArguments(block, said));
        }
    }

    private void media(JsonNode part) {
        JsonNode inline = part.path("inlineData");
        JsonNode said = inline.isObject() ? inline : part.path("fileData");
        String type = said.path("mimeType").asString("").toLowerCase(Locale.ROOT);
        String mimeType = type.isEmpty() ? null : type;
        String uri = said.path("fileUri").asString("");
        Media media =
                inline.isObject()
                        ? GeminiBase64.media(mimeType, inline.path("data").asString(""))
                        : GeminiMedia.isStored(uri)
                                ? new Media.Stored(mimeType, GEMINI, uri)
                                : new Media.Remote(mimeType, uri);
        if (media == null) {
            return;
        }
        if (type.startsWith("image/")) {
            whole(new Part.Image(media, null, null, Extras.NONE));
        } else if (type.startsWith("audio/")) {
            whole(new Part.Audio(media, Extras.NONE));
        } else if (type.startsWith("video/")) {
            whole(new Part.Video(media, Extras.NONE));
        } else {
            whole(new Part.File(media, null, null, Extras.NONE));
        }
    }

    private void whole(Part part) {
        close();
        output = true;
        int number = progress.blocks++;
        sink.accept(new ChatEvent.Whole(choice, number, part));
        sink.accept(new ChatEvent.BlockEnd(number));
    }
}
