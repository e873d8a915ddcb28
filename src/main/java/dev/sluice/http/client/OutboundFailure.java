package dev.sluice.http.client;

/**
 * A call that got no answer, or a broken one. The message names neither credentials nor full URLs.
 */
public final class OutboundFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public enum Kind {
        /** The name does not resolve. */
        UNRESOLVED,
        /** The address is one that the policy forbids. */
        FORBIDDEN_ADDRESS,
        CONNECT_REFUSED,
        CONNECT_TIMEOUT,
        TLS,
        /** All connections are busy and the wait queue is full. */
        POOL_FULL,
        FIRST_BYTE_TIMEOUT,
        IDLE_TIMEOUT,
        /** Closed or reset before the answer was whole. */
        BROKEN,
        /** The answer is not HTTP. */
        PROTOCOL,
        /** We cancelled it. */
        CANCELLED
    }

    private final Kind kind;

    public OutboundFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
