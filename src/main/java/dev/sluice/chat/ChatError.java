package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * An error for a client, before any dialect has put it in its own shape.
 *
 * @param code a stable word for programs, such as {@code model_not_found}; null for the kind's own
 * @param message says what is wrong and what to do; never a secret
 * @param param the client's own name of the offending parameter
 */
public record ChatError(
        ErrorKind kind, @Nullable String code, String message, @Nullable String param) {
    public static ChatError of(ErrorKind kind, String code, String message) {
        return new ChatError(kind, code, message, null);
    }
}
