package dev.sluice.http.engine.request;

import dev.sluice.http.BodyStream;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.HttpLimits;
import dev.sluice.http.engine.connection.ServerCounters;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, either whole or as a stream, within the limits of size and time. Nothing is
 * read of it, and a client that waits for {@code 100-continue} is not answered, until somebody
 * asks.
 */
public final class RequestBody implements BodyStream {
    private static final int FIRST_CAPACITY = 1024 * 1024;
    private static final long SMALL_REST = 64L * 1024;

    private final HttpServerRequest request;
    private final ContextInternal context;
    private final HttpLimits limits;
    private final ServerCounters counters;
    private final long announced;
    private @Nullable Promise<Buffer> whole;
    private @Nullable Buffer collected;
    private @Nullable Consumer<Buffer> onData;
    private @Nullable Runnable onEnd;
    private @Nullable Consumer<Throwable> onFailure;
    private @Nullable Throwable failure;
    private @Nullable ScheduledFuture<?> timer;
    private long received;
    private long reserved;
    private boolean asked;
    private boolean ended;
    private boolean told;

    public RequestBody(
            HttpServerRequest request,
            ContextInternal context,
            HttpLimits limits,
            ServerCounters counters) {
        this.request = request;
        this.context = context;
        this.limits = limits;
        this.counters = counters;
        this.announced = announcedLength(request);
        this.ended = isBodiless(request);
        if (ended) {
            return;
        }
        request.pause();
        request.handler(this::arrived);
        request.endHandler(_ -> finished());
        request.exceptionHandler(_ -> fail(new ClientLeft()));
    }

    /** {@return whether all of it has come, or there is none} */
    public boolean hasEnded() {
        return ended;
    }

    /** {@return whether what is left of it is little, and may still be awaited} */
    boolean isWorthReading() {
        return failure == null && announced >= 0 && announced <= SMALL_REST;
    }

    /** {@return the body in one piece} Asking again gives the same. */
    public Future<Buffer> whole() {
        if (whole == null) {
            whole = context.promise();
            collected = Buffer.buffer(Math.clamp(announced, 0, FIRST_CAPACITY));
            ask();
        }
        return whole.future();
    }

    /** {@return the body in pieces, once resumed} */
    public BodyStream stream() {
        if (whole != null) {
            throw new IllegalStateException("The body is already being read whole");
        }
        return this;
    }

    /**
     * Counts bytes that are held.
     *
     * @throws HttpFailure 503 if they would pass the limit that all bodies share
     */
    public void hold(int bytes) {
        if (!counters.reserve(bytes, limits.maxBufferedBodyBytes())) {
            throw new HttpFailure(
                    503,
                    "too_many_bodies",
                    "The gateway holds too many request bodies; try again.");
        }
        reserved += bytes;
    }

    /** Gives the held bytes back to the limit that all bodies share. */
    public void release() {
        counters.release(reserved);
        reserved = 0;
    }

    /** Takes and drops what still comes. */
    void discardRest() {
        stopTimer();
        request.handler(_ -> {});
        request.resume();
    }

    @Override
    public BodyStream onData(Consumer<Buffer> consumer) {
        onData = consumer;
        return this;
    }

    @Override
    public BodyStream onEnd(Runnable callback) {
        onEnd = callback;
        return this;
    }

    @Override
    public BodyStream onFailure(Consumer<Throwable> callback) {
        onFailure = callback;
        tell();
        return this;
    }

    @Override
    public void pause() {
        if (!ended) {
            stopTimer();
            request.pause();
        }
    }

    @Override
    public void resume() {
        if (!asked) {
            ask();
        } else if (!ended && failure == null) {
            startTimer();
            request.resume();
        }
    }

    private void ask() {
        asked = true;
        if (ended) {
            tell();
            return;
        }
        if (announced > limits.maxBodyBytes()) {
            fail(tooLarge());
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
        startTimer();
        request.resume();
    }

    private void arrived(Buffer piece) {
        if (failure != null) {
            return;
        }
        received += piece.length();
        if (received > limits.maxBodyBytes()) {
            fail(tooLarge());
            return;
        }
        if (collected == null) {
            if (onData != null) {
                onData.accept(piece);
            }
            return;
        }
        try {
            hold(piece.length());
        } catch (HttpFailure full) {
            fail(full);
            return;
        }
        collected.appendBuffer(piece);
    }

    private void finished() {
        ended = true;
        stopTimer();
        tell();
    }

    private void fail(Throwable reason) {
        if (failure != null || ended) {
            return;
        }
        failure = reason;
        stopTimer();
        request.pause();
        collected = null;
        release();
        tell();
    }

    private void tell() {
        if (told || !asked) {
            return;
        }
        if (failure != null) {
            tellFailure(failure);
        } else if (ended && whole != null && collected != null) {
            told = true;
            Buffer body = collected;
            collected = null;
            whole.complete(body);
        } else if (ended && onEnd != null) {
            told = true;
            onEnd.run();
        }
    }

    private void tellFailure(Throwable reason) {
        if (whole != null) {
            told = true;
            whole.fail(reason);
        } else if (onFailure != null) {
            told = true;
            onFailure.accept(reason);
        }
    }

    private void startTimer() {
        if (timer == null) {
            timer =
                    context.nettyEventLoop()
                            .schedule(
                                    this::tooSlow,
                                    limits.bodyTimeout().toMillis(),
                                    TimeUnit.MILLISECONDS);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void tooSlow() {
        timer = null;
        fail(new HttpFailure(408, "body_timeout", "The request's body did not arrive in time."));
    }

    private HttpFailure tooLarge() {
        return new HttpFailure(
                413,
                "body_too_large",
                "The request's body is larger than " + limits.maxBodyBytes() + " bytes.");
    }

    private static boolean isBodiless(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return request.isEnded();
        }
        return !request.headers().contains("transfer-encoding") && announcedLength(request) <= 0;
    }

    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        if (length == null || length.length() > 18) {
            return length == null ? -1 : Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
