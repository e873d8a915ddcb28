package dev.sluice.http.engine.request;

import dev.sluice.http.HttpFailure;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;

/** The client closed or reset before its answer had ended; there is nobody left to answer. */
public final class ClientLeft extends HttpFailure {
    private static final long serialVersionUID = 1L;

    public ClientLeft() {
        super(400, "client_left", "The client closed the connection.");
    }

    /** {@return this where a write to a client failed for it, else the same reason} */
    public static Throwable insteadOf(Throwable reason) {
        boolean isGone =
                reason instanceof IOException
                        || reason instanceof HttpClosedException
                        || reason instanceof StreamResetException;
        return isGone ? new ClientLeft() : reason;
    }
}
