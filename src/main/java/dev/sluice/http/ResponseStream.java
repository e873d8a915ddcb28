package dev.sluice.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The body of an answer, being written. Writes that are ready in the same turn of the loop leave
 * together.
 */
public interface ResponseStream {

    void write(Buffer bytes);

    /**
     * {@return whether the client reads more slowly than we write; then pause the source and await
     * {@link #onDrain}}
     */
    boolean isFull();

    void onDrain(Runnable callback);

    /**
     * Writes the last bytes and ends the answer. {@return completes when written, fails if the
     * client left}
     */
    Future<Void> end(Buffer last);

    /**
     * Cuts the connection or resets the stream, so that no client can take what it has for whole.
     */
    void abort();
}
