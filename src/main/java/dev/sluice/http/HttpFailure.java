package dev.sluice.http;

/**
 * A request that cannot go on for a reason of HTTP itself: too large, too slow, malformed, no such
 * route. The renderer given to the server turns it into a body in the client's own shape.
 */
public class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    public HttpFailure(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /** {@return a stable word for programs, such as {@code body_too_large}} */
    public String code() {
        return code;
    }
}
