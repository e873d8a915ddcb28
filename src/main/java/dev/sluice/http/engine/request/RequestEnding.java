package dev.sluice.http.engine.request;

import dev.sluice.http.engine.connection.ConnectionGuard;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the connection when an exchange ends. After an answer to a request that was not
 * read whole, an HTTP/1.1 connection is closed, but not at once: closing on bytes that were not
 * read would reset it, and the client might lose the answer. So a little more is read and dropped.
 */
public final class RequestEnding {
    private static final int NO_ERROR = 0;
    private static final long LINGER_MILLIS = 1_000;

    private final HttpServerRequest request;
    private final EventLoop loop;
    private final @Nullable ConnectionGuard guard;
    private boolean closes;

    public RequestEnding(HttpServerRequest request, EventLoop loop) {
        this.request = request;
        this.loop = loop;
        this.guard = guardOf(request);
    }

    public void begin() {
        if (guard != null) {
            guard.requestArrived(isHttp2());
        }
    }

    public void exchangeEnded() {
        if (guard != null) {
            guard.exchangeEnded();
        }
    }

    /** Adds to the head what tells the client that the connection will close. */
    public void prepare(HttpServerResponse response, RequestBody body) {
        if (isHttp2()) {
            return;
        }
        boolean endless =
                request.version() != HttpVersion.HTTP_1_1
                        && !response.headers().contains("content-length");
        if (endless || (!body.hasEnded() && !body.isWorthReading())) {
            closeAfterwards();
        }
        if (closes) {
            response.putHeader("connection", "close");
        }
    }

    public void closeAfterwards() {
        closes = true;
        if (guard != null && !isHttp2()) {
            guard.closing();
        }
    }

    /** {@return whether that request came after one that ends its connection} */
    public static boolean comesTooLate(HttpServerRequest request) {
        ConnectionGuard guard = guardOf(request);
        return guard != null && guard.isClosing();
    }

    public void end(Future<Void> sent) {
        if (closes && !isHttp2()) {
            sent.onComplete(_ -> request.connection().close());
        }
    }

    public void endUnread(Future<Void> sent, RequestBody body) {
        if (isHttp2()) {
            sent.onComplete(_ -> request.response().reset(NO_ERROR));
            return;
        }
        body.discardRest();
        if (body.isWorthReading() && !closes) {
            return;
        }
        closeAfterwards();
        sent.onComplete(_ -> closeLater());
    }

    private void closeLater() {
        var _ =
                loop.schedule(
                        () -> request.connection().close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static @Nullable ConnectionGuard guardOf(HttpServerRequest request) {
        return ConnectionGuard.of(((ConnectionBase) request.connection()).channel());
    }

    private boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }
}
