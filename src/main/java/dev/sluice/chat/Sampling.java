package dev.sluice.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the next token is drawn. What the client did not say is null.
 *
 * @param logprobs whether the probabilities of what was drawn are wanted
 * @param topLogprobs and of how many that were not
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Long topK,
        @Nullable Double frequencyPenalty,
        @Nullable Double presencePenalty,
        @Nullable Long seed,
        @Nullable JsonNode logitBias,
        @Nullable Boolean logprobs,
        @Nullable Integer topLogprobs) {
    public static final Sampling NONE =
            new Sampling(null, null, null, null, null, null, null, null, null);
}
