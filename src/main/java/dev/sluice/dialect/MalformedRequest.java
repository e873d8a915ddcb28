package dev.sluice.dialect;

import org.jspecify.annotations.Nullable;

/**
 * A client's body that cannot be read; the message says where and why, in the client's own terms,
 * and quotes no content.
 */
public final class MalformedRequest extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable String param;

    public MalformedRequest(String message, @Nullable String param) {
        super(message, null, false, false);
        this.param = param;
    }

    /** {@return the offending parameter by the client's own path, or null} */
    public @Nullable String param() {
        return param;
    }
}
