package dev.sluice.dialect.sse;

/** Takes what an {@link SseReader} cuts. */
public interface SseSink {
    void event(SseEvent event);

    /**
     * Takes a piece of an event that is larger than the reader's limit: forwarded unheld, never
     * inspected.
     */
    void fragment(byte[] bytes);
}
