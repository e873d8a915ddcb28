package dev.sluice.dialect;

import org.jspecify.annotations.Nullable;

/**
 * What to change in a request body that is otherwise passed on byte for byte.
 *
 * @param model the model to name, put in where the body names none; null leaves it
 * @param stream true puts {@code "stream":true} in where the client asked by another way
 * @param askForUsage whether a streamed answer must end with usage
 * @param maxOutputTokens a limit of output to write, in place of the client's or where it gave
 *     none; null leaves it
 * @param maxOutputField the name of that limit at the upstream where the client gave none; null
 *     means the dialect's own
 */
public record Rewrite(
        @Nullable String model,
        boolean stream,
        boolean askForUsage,
        @Nullable Long maxOutputTokens,
        @Nullable String maxOutputField) {

    /** A limit goes under the dialect's own name. */
    public Rewrite(
            @Nullable String model,
            boolean stream,
            boolean askForUsage,
            @Nullable Long maxOutputTokens) {
        this(model, stream, askForUsage, maxOutputTokens, null);
    }
}
