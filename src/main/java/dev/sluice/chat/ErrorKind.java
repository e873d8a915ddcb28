package dev.sluice.chat;

/** The kinds of error that every dialect can say in its own words (wire-contract §2.11). */
public enum ErrorKind {
    BAD_REQUEST(400),
    CONTEXT_TOO_LONG(400),
    /** The gateway's own key is missing or wrong. */
    UNAUTHENTICATED(401),
    BUDGET_EXHAUSTED(402),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    TIMEOUT_READING(408),
    CONFLICT(409),
    TOO_LARGE(413),
    UNSUPPORTED_ENCODING(415),
    INVALID(422),
    LIMITED(429),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    UPSTREAM_FAILED(502),
    OVERLOADED(503),
    UPSTREAM_TIMEOUT(504);

    private final int status;

    ErrorKind(int status) {
        this.status = status;
    }

    /** {@return the HTTP status where the dialect has no other one for it} */
    public int status() {
        return status;
    }
}
