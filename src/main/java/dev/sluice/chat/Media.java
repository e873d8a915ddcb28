package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/** Where the bytes of an image, a file or a recording are. */
public sealed interface Media {
    /** {@return the media type as it was said, or null} */
    @Nullable String mimeType();

    /**
     * @param base64 in the standard alphabet, without line breaks
     */
    record Inline(@Nullable String mimeType, String base64) implements Media {}

    /** At an address that the provider is to fetch. */
    record Remote(@Nullable String mimeType, String url) implements Media {}

    /**
     * In a provider's own file store: of use to that provider and account alone.
     *
     * @param origin the protocol whose store it is
     */
    record Stored(@Nullable String mimeType, Protocol origin, String id) implements Media {}

    /** A text given as a file. */
    record Plain(@Nullable String mimeType, String text) implements Media {}
}
