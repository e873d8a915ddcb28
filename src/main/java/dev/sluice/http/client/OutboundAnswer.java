package dev.sluice.http.client;

import dev.sluice.http.BodyStream;
import dev.sluice.http.Headers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The head of an upstream's answer, and its body still to be read. Hop-by-hop fields are gone from
 * the headers.
 */
public interface OutboundAnswer {
    int status();

    Headers headers();

    /**
     * {@return the body as it arrives; fails with {@link OutboundFailure} when it breaks or idles
     * too long}
     */
    BodyStream body();

    /**
     * {@return the body's first bytes, at most that many; what is longer is cut and the connection
     * closed}
     */
    Future<Buffer> bodyUpTo(int bytes);

    /**
     * {@return the same answer with its body unpacked, where it came packed in gzip or deflate,
     * although none was asked for} Instead of this one, not beside it. The body of what is packed
     * otherwise fails.
     */
    OutboundAnswer unpacked();

    /** Stops the upstream: what has not arrived yet never will. */
    void cancel();
}
