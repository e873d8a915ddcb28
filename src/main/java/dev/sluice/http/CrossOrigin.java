package dev.sluice.http;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages' scripts may read our answers (Fetch standard, CORS). With {@code *} any page
 * may, but without cookies; a listed origin may with them. Nobody may by default.
 */
public final class CrossOrigin {
    public static final CrossOrigin NONE = new CrossOrigin(List.of());

    private static final String EXPOSED = "x-request-id, request-id, retry-after, www-authenticate";
    private static final String MAX_AGE_SECONDS = "600";

    private final Set<String> origins;
    private final boolean any;

    public CrossOrigin(List<String> allowedOrigins) {
        this.origins = Set.copyOf(allowedOrigins);
        this.any = origins.contains("*");
    }

    /** {@return what is added to every answer for a request of that origin} */
    public Headers headersFor(@Nullable String origin) {
        if (origin == null || origins.isEmpty()) {
            return Headers.EMPTY;
        }
        if (!origin.equals("*") && origins.contains(origin)) {
            return Headers.of(
                    "access-control-allow-origin",
                    origin,
                    "access-control-allow-credentials",
                    "true",
                    "access-control-expose-headers",
                    EXPOSED,
                    "vary",
                    "origin");
        }
        if (any) {
            return Headers.of(
                    "access-control-allow-origin", "*", "access-control-expose-headers", EXPOSED);
        }
        return Headers.of("vary", "origin");
    }

    /** {@return whether that request only asks what a script may do} */
    public boolean isPreflight(String method, Headers headers) {
        return !origins.isEmpty()
                && method.equals("OPTIONS")
                && headers.contains("origin")
                && headers.contains("access-control-request-method");
    }

    /** {@return what answers a preflight, beside {@link #headersFor}} */
    public Headers preflightHeaders(Headers request) {
        String asked = request.get("access-control-request-headers");
        return Headers.of(
                "access-control-allow-methods",
                "GET, HEAD, POST, PUT, PATCH, DELETE",
                "access-control-allow-headers",
                asked == null ? "*" : asked,
                "access-control-max-age",
                MAX_AGE_SECONDS,
                "vary",
                "access-control-request-headers");
    }
}
