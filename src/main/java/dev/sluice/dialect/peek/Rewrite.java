package dev.sluice.dialect.peek;

import dev.sluice.dialect.trait.UpstreamTraits;
import org.jspecify.annotations.Nullable;

/**
 * What to change in a request body that is otherwise passed on byte for byte.
 *
 * @param model the model to name, put in where the body names none; null leaves it
 * @param stream true puts {@code "stream":true} in where the client asked by another way
 * @param askForUsage whether a streamed answer must end with usage
 * @param maxOutputTokens a limit of output to write, in place of the client's or where it gave
 *     none; null leaves it
 * @param traits in what the upstream differs from its protocol, so that the few values are edited
 *     which it would not understand (wire-contract §2.1); null for nothing
 */
public record Rewrite(
        @Nullable String model,
        boolean stream,
        boolean askForUsage,
        @Nullable Long maxOutputTokens,
        @Nullable UpstreamTraits traits) {

    /** For an upstream that differs in nothing. */
    public Rewrite(
            @Nullable String model,
            boolean stream,
            boolean askForUsage,
            @Nullable Long maxOutputTokens) {
        this(model, stream, askForUsage, maxOutputTokens, null);
    }
}
