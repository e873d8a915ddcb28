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
        return NAME
                + "="
                + value
                + "; Max-Age="
                + lifetime.toSeconds()
                + ATTRIBUTES
                + (secure ? "; Secure" : "");
    }

    static String cleared() {
        return NAME + "=; Max-Age=0" + ATTRIBUTES;
    }
}
