package dev.sluice.dialect;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.sse.SseEvent;
import org.jspecify.annotations.Nullable;

/**
 * One wire protocol. Stateless, safe for many threads. The peeks find what the gateway must know
 * without building a tree, so that a call whose two ends speak the same dialect stays a byte pipe
 * (wire-contract §2.1).
 */
public interface Dialect {
    Protocol protocol();

    /**
     * {@return what the gateway must know of a request body, and where it stands}
     *
     * @throws MalformedRequest if it is not a JSON object, or a field that decides anything is
     *     doubled or of the wrong type
     */
    RequestPeek peek(byte[] body) throws MalformedRequest;

    /** {@return the body with only those values changed; every other byte as it was} */
    byte[] rewrite(byte[] body, RequestPeek peek, Rewrite rewrite);

    /**
     * {@return what a whole answer with a 2xx status says of usage, model and failure} Total on
     * arbitrary bytes.
     */
    AnswerPeek peekAnswer(byte[] body);

    /** {@return what one event of a streamed answer says} Total on arbitrary bytes. */
    EventPeek peekEvent(SseEvent event);

    /**
     * {@return the error that a body of that status says, whatever its shape} Total on arbitrary
     * bytes.
     */
    UpstreamError readError(int status, byte[] body);

    /** {@return the HTTP status this dialect gives the error} */
    int status(ChatError error);

    /** {@return the error as this dialect's body} */
    byte[] errorBody(ChatError error, String requestId);

    /**
     * {@return the error as what ends a stream of this dialect that has begun, closing blank line
     * included}
     */
    byte[] errorEvents(ChatError error, String requestId);

    /**
     * {@return bytes that keep a silent stream alive between two events, or null where clients bear
     * none}
     */
    byte @Nullable [] ping();
}
