package dev.sluice.http.engine;

import dev.sluice.http.HttpFailure;

/** The client closed or reset before its answer had ended; there is nobody left to answer. */
final class ClientLeft extends HttpFailure {
    private static final long serialVersionUID = 1L;

    ClientLeft() {
        super(400, "client_left", "The client closed the connection.");
    }
}
