package dev.sluice.chat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A piece of a message or of an answer (wire-contract §2.4–2.6). A part of another protocol that
 * has no equal here is {@link Foreign}, which only that protocol's writer can say again.
 */
public sealed interface Part {

    /**
     * A place up to which a prompt should be cached.
     *
     * @param timeToLive null for the provider's own
     */
    record CacheMark(@Nullable Duration timeToLive) {}

    /**
     * @param seal Gemini's, where one stands on text; may stand on an empty text
     */
    record Text(
            String text,
            List<Annotation> annotations,
            @Nullable Seal seal,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {
        public Text {
            annotations = List.copyOf(annotations);
        }

        public static Text of(String text) {
            return new Text(text, List.of(), null, null, Extras.NONE);
        }

        /** {@return this text without its seal} */
        public Text unsealed() {
            return new Text(text, annotations, null, cache, extras);
        }
    }

    /** The model's refusal, in words. */
    record Refusal(String text) implements Part {}

    /**
     * @param detail {@code auto}, {@code low}, {@code high} or {@code original}; null where unsaid
     */
    record Image(Media media, @Nullable String detail, @Nullable CacheMark cache, Extras extras)
            implements Part {}

    /** A document: PDF, text or anything that is neither image, audio nor video. */
    record File(Media media, @Nullable String name, @Nullable CacheMark cache, Extras extras)
            implements Part {}

    record Audio(Media media, Extras extras) implements Part {}

    record Video(Media media, Extras extras) implements Part {}

    /**
     * A call of a tool by the model.
     *
     * @param id what the result answers to (in Responses {@code call_id}); made by {@code
     *     ToolCallIds} where the provider sent none, never empty
     * @param itemId the id of the item itself where the protocol has two (Responses)
     * @param arguments JSON text of an object, exactly as it was said where it was said as text;
     *     for a custom tool its free text. May be cut short in an answer that was
     */
    record ToolCall(
            String id,
            @Nullable String itemId,
            String name,
            String arguments,
            boolean custom,
            @Nullable Seal seal,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {
        /** {@return this call with other arguments} */
        public ToolCall withArguments(String others) {
            return new ToolCall(id, itemId, name, others, custom, seal, cache, extras);
        }

        public static ToolCall of(String id, String name, String arguments) {
            return new ToolCall(id, null, name, arguments, false, null, null, Extras.NONE);
        }
    }

    /**
     * What a tool answered.
     *
     * @param name of the tool, where the protocol says it (Gemini); null elsewhere: {@code Turns}
     *     finds it by the id
     * @param content text, images, files, or foreign parts
     */
    record ToolResult(
            String callId,
            @Nullable String name,
            List<Part> content,
            boolean error,
            boolean custom,
            @Nullable CacheMark cache,
            Extras extras)
            implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /**
     * What the model thought, as much of it as it shows.
     *
     * @param text may be empty where only the seal was given
     * @param id the item's, where the protocol has one (Responses)
     */
    record Reasoning(String text, @Nullable Seal seal, @Nullable String id, Extras extras)
            implements Part {}

    /**
     * Said by one protocol and sayable in no other.
     *
     * @param severity what becomes of the answer where it is left out
     */
    record Foreign(Protocol origin, String type, JsonNode json, Loss.Severity severity)
            implements Part {}
}
