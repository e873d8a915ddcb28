package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import io.vertx.core.buffer.Buffer;

/** An upstream that has begun to answer with output. From here on there is no other candidate. */
public sealed interface Answer {
    int status();

    /** {@return the upstream's headers} */
    Headers headers();

    /** The whole answer is in hand. */
    record Whole(int status, Headers headers, Buffer body, AnswerPeek peek) implements Answer {}

    /** An error that the upstream gave and that the client is to see as it is. */
    record Refused(int status, Headers headers, Buffer body, String code, String text)
            implements Answer {}

    /** A stream of events: the first are in hand, more will come. */
    record Streamed(int status, Headers headers, EventSource events) implements Answer {}

    /**
     * Bytes that are not looked into: the first are in hand, more will come.
     *
     * @param held what has been read of the body
     * @param rest the rest, paused
     */
    record Relayed(int status, Headers headers, Buffer held, OutboundAnswer rest)
            implements Answer {}
}
