package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What an upstream said went wrong, in its own words, from any of the shapes that providers use
 * (wire-contract §1.5, §2.11). What it means for retrying is decided elsewhere.
 *
 * @param status the HTTP status, or the one inside the body of an error that came with 200; 0 when
 *     there is none
 * @param type the provider's type or status word
 * @param code the provider's code
 * @param message the provider's text, bounded; never empty
 * @param retryAfterMillis what the body says of waiting (Gemini's {@code RetryInfo}), or null
 */
public record UpstreamError(
        int status,
        @Nullable String type,
        @Nullable String code,
        String message,
        @Nullable String param,
        @Nullable Long retryAfterMillis) {

    /** {@return whether it stands for a stream that ended before its answer did} */
    public boolean isStreamCut() {
        return "stream_cut".equals(code);
    }
}
