package dev.sluice.http.engine;

import dev.sluice.http.Headers;
import dev.sluice.http.ResponseStream;
import dev.sluice.http.engine.request.ClientLeft;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer. What is written in one turn of the event loop is collected and leaves at
 * its end as one write: the events that arrived in one read from an upstream, in one packet to the
 * client. A lone write waits for nothing but that turn's end.
 *
 * <p>It counts the bytes that have not reached the socket itself: the engine counts writes, and
 * would take sixteen of them, of a megabyte each, before it calls itself full.
 */
final class AnswerWriter implements ResponseStream {
    private static final int MOST_WAITING = 256 * 1024;

    private final ServerExchange exchange;
    private final HttpServerResponse response;
    private final long announced;
    private final boolean bodiless;
    private @Nullable Buffer pending;
    private @Nullable Runnable onDrain;
    private long written;
    private long unsent;
    private boolean wasFull;
    private boolean joined;
    private boolean scheduled;
    private boolean ended;

    AnswerWriter(ServerExchange exchange, HttpServerResponse response, Headers headers) {
        this.exchange = exchange;
        this.response = response;
        this.announced = announcedLength(headers);
        int status = response.getStatusCode();
        this.bodiless = exchange.method().equals("HEAD") || status == 204 || status == 304;
        response.drainHandler(_ -> drained());
        schedule();
    }

    @Override
    public void write(Buffer bytes) {
        if (ended || exchange.isClientGone() || bodiless || bytes.length() == 0) {
            return;
        }
        append(bytes);
        schedule();
    }

    @Override
    public boolean isFull() {
        if (ended || exchange.isClientGone()) {
            return false;
        }
        boolean full = waiting() > MOST_WAITING || response.writeQueueFull();
        wasFull |= full;
        return full;
    }

    @Override
    public void onDrain(Runnable callback) {
        onDrain = callback;
    }

    @Override
    public Future<Void> end(Buffer last) {
        if (ended) {
            return Future.failedFuture(new IllegalStateException("The answer has ended"));
        }
        if (!bodiless && last.length() > 0) {
            append(last);
        }
        ended = true;
        if (exchange.isClientGone()) {
            return Future.failedFuture(new ClientLeft());
        }
        if (!bodiless && announced >= 0 && written != announced) {
            exchange.cut();
            return Future.failedFuture(
                    new IllegalStateException("The answer's body is not as long as announced"));
        }
        Future<Void> sent = pending == null ? response.end() : response.end(pending);
        pending = null;
        return exchange.answered(sent);
    }

    @Override
    public void abort() {
        if (ended) {
            return;
        }
        ended = true;
        exchange.cut();
    }

    private void append(Buffer bytes) {
        written += bytes.length();
        if (pending == null) {
            pending = bytes;
            joined = false;
        } else if (joined) {
            pending.appendBuffer(bytes);
        } else {
            int capacity = 2 * (pending.length() + bytes.length());
            pending = Buffer.buffer(capacity).appendBuffer(pending).appendBuffer(bytes);
            joined = true;
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            exchange.atEndOfTurn(this::flush);
        }
    }

    private void flush() {
        scheduled = false;
        if (ended || exchange.isClientGone()) {
            return;
        }
        if (!response.headWritten() && announced < 0 && !bodiless) {
            response.setChunked(true);
        }
        if (pending != null) {
            Buffer bytes = pending;
            pending = null;
            int length = bytes.length();
            unsent += length;
            response.write(bytes).onComplete(_ -> sent(length));
        } else if (!response.headWritten()) {
            response.writeHead();
        }
    }

    private void sent(int bytes) {
        unsent -= bytes;
        if (wasFull && !response.ended() && !response.closed() && !response.writeQueueFull()) {
            drained();
        }
    }

    private long waiting() {
        return unsent + (pending == null ? 0 : pending.length());
    }

    private void drained() {
        if (ended || exchange.isClientGone() || waiting() > MOST_WAITING / 2) {
            return;
        }
        wasFull = false;
        if (onDrain != null) {
            onDrain.run();
        }
    }

    private static long announcedLength(Headers headers) {
        String length = headers.get("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }
}
