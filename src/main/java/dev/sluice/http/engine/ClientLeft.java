package dev.sluice.http.engine;

/** The client closed or reset before its answer had ended; there is nobody left to answer. */
final class ClientLeft extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientLeft() {
        super("The client left", null, false, false);
    }
}
