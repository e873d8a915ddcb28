package dev.sluice.proxy.translate;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.UpstreamError;

/** How large an event may be that is translated, since it must be held whole. */
final class LargestEvent {
    /** No event of a known provider is larger; images come in events of a few MiB. */
    static final int BYTES = 8 << 20;

    private LargestEvent() {}

    /** {@return what a larger one comes to} */
    static ChatEvent.Failed exceeded() {
        String message =
                "The upstream sent an event of more than "
                        + (BYTES >> 20)
                        + " MiB, which cannot be translated.";
        return new ChatEvent.Failed(
                new UpstreamError(0, null, "event_too_large", message, null, null));
    }
}
