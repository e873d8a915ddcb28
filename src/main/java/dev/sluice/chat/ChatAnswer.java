package dev.sluice.chat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A whole answer.
 *
 * @param id the upstream's; empty where it has none
 * @param model as the upstream spells it; empty where it says none
 * @param usage null where it reports none
 * @param failure what stood in place of an answer, or broke it; then nothing else counts
 */
public record ChatAnswer(
        String id,
        String model,
        @Nullable Instant created,
        List<Choice> choices,
        @Nullable Usage usage,
        @Nullable UpstreamError failure,
        Extras extras) {

    /**
     * @param parts in order; reasoning before what came of it
     * @param stopSequence which of the client's stop texts came, where it is known
     * @param logprobs in the shape of OpenAI Chat; null for none
     */
    public record Choice(
            int index,
            List<Part> parts,
            StopReason reason,
            @Nullable String stopSequence,
            @Nullable JsonNode logprobs) {
        public Choice {
            parts = List.copyOf(parts);
        }
    }

    public ChatAnswer {
        choices = List.copyOf(choices);
    }

    /** {@return what stands for an answer that is none} */
    public static ChatAnswer failed(UpstreamError failure) {
        return new ChatAnswer("", "", null, List.of(), null, failure, Extras.NONE);
    }
}
