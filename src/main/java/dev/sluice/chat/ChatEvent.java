package dev.sluice.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The pieces in which an answer arrives; every dialect's stream is a sequence of these
 * (wire-contract §2.10).
 *
 * <p>An answer consists of blocks, numbered densely from 0 in order of appearance across all
 * choices. A block begins with the first event that names it and is of that event's kind
 * throughout: text after a call is a new block. Blocks may interleave (parallel calls); each is
 * closed by exactly one {@link BlockEnd} before its choice's {@link Finish}. Empty pieces are not
 * sent, but {@link CallStart} may stand without any arguments.
 *
 * <p>Order: {@link Start} once, first; blocks; {@link Finish} once for each choice; {@link
 * UsageReported} anywhere, any number of times, each replacing the last; nothing after {@link
 * Failed}. A stream that ends with neither a finish nor a failure does not occur: readers say which
 * at their end.
 */
public sealed interface ChatEvent {

    /** The answer has begun; proves no output. Empty where the upstream does not say. */
    record Start(String id, String model) implements ChatEvent {}

    record Text(int choice, int block, String text) implements ChatEvent {}

    record Reasoning(int choice, int block, String text) implements ChatEvent {}

    record Refusal(int choice, int block, String text) implements ChatEvent {}

    /**
     * The seal of the block, which may be reasoning (also one that has no text and begins with
     * this), text or a call. Comes before its end.
     *
     * @param itemId the id of the item where the protocol has one, or null
     */
    record Sealed(int choice, int block, Seal seal, @Nullable String itemId) implements ChatEvent {}

    /** A call whose name is known; the id is never empty. */
    record CallStart(int choice, int block, String id, String name, boolean custom)
            implements ChatEvent {}

    /** A piece of a call's arguments: JSON text, or a custom tool's free text. */
    record CallArguments(int block, String piece) implements ChatEvent {}

    record Annotated(int block, Annotation annotation) implements ChatEvent {}

    /** A part that arrives whole: an image, audio, or a foreign part. */
    record Whole(int choice, int block, Part part) implements ChatEvent {}

    record BlockEnd(int block) implements ChatEvent {}

    /**
     * @param logprobs of nothing else than text, in the shape of OpenAI Chat
     */
    record Logprobs(int choice, int block, JsonNode logprobs) implements ChatEvent {}

    /** All that is known so far, not what is new. */
    record UsageReported(Usage usage) implements ChatEvent {}

    record Finish(int choice, StopReason reason, @Nullable String stopSequence)
            implements ChatEvent {}

    /** The upstream said that it failed, or its stream broke off. */
    record Failed(UpstreamError error) implements ChatEvent {}

    record Ping() implements ChatEvent {}
}
