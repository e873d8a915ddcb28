package dev.sluice.dialect;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import java.io.ByteArrayOutputStream;

/**
 * A stream for one client. Takes events as a reader gives them, interleaved blocks included, and
 * writes whole wire events or nothing. For one stream and one thread.
 */
public interface EventWriter {
    /**
     * Writes what the event makes known. A {@link ChatEvent.Failed} should rather come as {@link
     * #fail}, classified; it is written as an upstream's failure.
     */
    void write(ChatEvent event, ByteArrayOutputStream out);

    /** Writes what closes the stream, after the last finish. */
    void end(ByteArrayOutputStream out);

    /** Writes the error, and what must follow it; the last call. */
    void fail(ChatError error, ByteArrayOutputStream out);
}
