package dev.sluice.dialect;

import dev.sluice.chat.ChatEvent;
import dev.sluice.dialect.sse.SseEvent;
import java.util.function.Consumer;

/**
 * A stream of one upstream, event by event, in the canonical form. It keeps the rules of {@link
 * ChatEvent} whatever the upstream does: dense blocks, each ended once; one start; nothing after a
 * failure. Total on arbitrary bytes. For one stream and one thread.
 */
public interface EventReader {
    void read(SseEvent event, Consumer<ChatEvent> sink);

    /**
     * Says how the stream ended: closes what is open, infers a missing finish where the terminator
     * came, and reports a failure where neither came. To be called once, after the last event.
     */
    void end(Consumer<ChatEvent> sink);
}
