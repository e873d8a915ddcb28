package dev.sluice.dialect.peek;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway must know of a request without translating it.
 *
 * @param modelSpan where the value of {@code model} stands, quotes included; null where there is
 *     none in the body
 * @param stream whether a stream is asked for
 * @param wantsUsage whether the client itself asked for usage in the stream; true where the dialect
 *     always sends it
 * @param streamOptions where {@code stream_options} stands; null where there is none
 * @param includeUsage where {@code include_usage} stands within it; null where there is none
 * @param streamSpan where the value of {@code stream} stands; null where there is none
 * @param maxOutputTokens the client's limit of output, or null
 * @param maxOutputSpan where that limit's value stands
 * @param choices how many answers are asked for, at least 1
 * @param mediaParts images, files and other parts whose tokens do not follow from their bytes
 * @param loose whether it may hold words of another protocol (seed-contract-b §1.4)
 */
public record RequestPeek(
        @Nullable String model,
        @Nullable Span modelSpan,
        boolean stream,
        @Nullable Span streamSpan,
        boolean wantsUsage,
        @Nullable Span streamOptions,
        @Nullable Span includeUsage,
        @Nullable Long maxOutputTokens,
        @Nullable Span maxOutputSpan,
        int choices,
        int mediaParts,
        boolean loose) {

    /** What is known of a request that keeps to its protocol. */
    public RequestPeek(
            @Nullable String model,
            @Nullable Span modelSpan,
            boolean stream,
            @Nullable Span streamSpan,
            boolean wantsUsage,
            @Nullable Span streamOptions,
            @Nullable Span includeUsage,
            @Nullable Long maxOutputTokens,
            @Nullable Span maxOutputSpan,
            int choices,
            int mediaParts) {
        this(
                model,
                modelSpan,
                stream,
                streamSpan,
                wantsUsage,
                streamOptions,
                includeUsage,
                maxOutputTokens,
                maxOutputSpan,
                choices,
                mediaParts,
                false);
    }

    /** Bytes from {@code start} up to and without {@code end}. */
    public record Span(int start, int end) {}
}
