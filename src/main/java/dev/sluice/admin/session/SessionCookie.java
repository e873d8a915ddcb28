package dev.sluice.admin.session;

import dev.sluice.http.Headers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a browser's session. Scripts cannot read it, and other sites' pages cannot have it
 * sent.
 */
final class SessionCookie {
    private static final String NAME = "sluice_session";
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

    private SessionCookie() {}

    /** {@return the value of the first such cookie, or null} */
    static @Nullable String of(Headers headers) {
        for (String line : headers.all("cookie")) {
            for (String cookie : line.split(";", -1)) {
                String pair = cookie.strip();
                if (pair.startsWith(NAME + "=")) {
                    return pair.substring(NAME.length() + 1);
                }
            }
        }
        return null;
    }

    /**
     * {@return the field that sets it}
     *
     * @param secure whether it must never be sent without TLS
     */
    static String set(String value, Duration lifetime, boolean secure) {
        return field(value, lifetime.toSeconds(), secure);
    }

    /** {@return the field that takes it away} */
    static String cleared(boolean secure) {
        return field("", 0, secure);
    }

    private static String field(String value, long seconds, boolean secure) {
        return NAME
                + "="
                + value
                + "; Max-Age="
                + seconds
                + ATTRIBUTES
                + (secure ? "; Secure" : "");
    }
}
