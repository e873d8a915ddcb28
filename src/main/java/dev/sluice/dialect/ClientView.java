package dev.sluice.dialect;

import dev.sluice.chat.ChatRequest;
import java.time.Instant;

/**
 * What a client gets to see around an answer: constant for its whole length, whatever the upstream
 * says.
 *
 * @param request the client's, as it was read: several protocols repeat parts of it, and it says
 *     whether usage is wanted in the stream
 * @param id the answer's, without any protocol's prefix; of letters, digits, {@code _} and {@code
 *     -}
 * @param model the name to show
 * @param estimatedInputTokens for a stream's first event, where clients read it before anything is
 *     known (wire-contract §2.10)
 * @param serverSentEvents false for Gemini's stream without {@code alt=sse}, which is a JSON array
 */
public record ClientView(
        ChatRequest request,
        String id,
        String model,
        Instant created,
        long estimatedInputTokens,
        boolean serverSentEvents) {}
