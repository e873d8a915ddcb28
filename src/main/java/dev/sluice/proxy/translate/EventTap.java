package dev.sluice.proxy.translate;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.proxy.call.UsageEstimate;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events on its way from an upstream to a client: bytes go in as the upstream sends
 * them, bytes come out as the client is to get them, and what they say of usage, output, ending and
 * failure is noted. What ends the stream is held back, so that it can wait for the record. For one
 * stream and one thread.
 */
public sealed interface EventTap permits PassingTap, TranslatingTap {

    /** {@return a tap for bytes that pass elsewhere, which only takes notes} */
    static EventTap watching(Dialect dialect) {
        return new PassingTap(dialect, false);
    }

    void feed(Buffer bytes);

    /** No more bytes will come: an event that only waited for them has ended. */
    void end();

    /** {@return the bytes that may go to the client, once} */
    Buffer takeReady();

    /** {@return what was held back to the end: the last event, and whatever followed it} */
    Buffer takeLast();

    /** {@return what ends the stream for the client where the upstream cannot end it any more} */
    Buffer breakOff(ChatError error, String requestId);

    /** {@return whether the upstream has shown output} */
    boolean hasOutput();

    /** {@return whether the stream may rightly end here} */
    boolean mayEnd();

    /** {@return whether the protocol's very last event has been seen} */
    boolean isOver();

    /** {@return what the upstream said of its failure, or null} */
    @Nullable UpstreamError error();

    /** {@return the model that the upstream says answers, or null} */
    @Nullable String model();

    /** {@return what the upstream keeps of the answer, as far as it has said; null for nothing} */
    @Nullable StoredResponse stored();

    /** {@return how many events have gone by} */
    long events();

    /** {@return whether something can be put in here without tearing an event} */
    boolean isBetweenEvents();

    /**
     * {@return what the upstream reported, else the estimate where it has shown output} What it
     * reports before the end may leave out most of the output.
     */
    Usage usage(UsageEstimate estimate);
}
