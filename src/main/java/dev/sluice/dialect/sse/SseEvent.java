package dev.sluice.dialect.sse;

import java.nio.charset.StandardCharsets;

/**
 * One event of a stream, with its exact bytes.
 *
 * @param raw the event as it stood on the wire, comments and the closing blank line included
 * @param type the {@code event} field's value, or "" where it has none
 * @param data the {@code data} lines joined by a line feed; empty for a comment
 * @param hasData whether there was a {@code data} line at all
 */
public record SseEvent(byte[] raw, String type, byte[] data, boolean hasData) {

    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
