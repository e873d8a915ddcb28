package dev.sluice.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What becomes of header fields between two connections: those that belong to one connection end
 * there (RFC 9110 §7.6.1), and none may carry a line break.
 */
public final class HeaderRules {
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-authentication-info",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings");

    private HeaderRules() {}

    /** {@return those headers that may travel on to the next connection} */
    public static Headers endToEnd(Headers headers) {
        Set<String> named = namedByConnection(headers);
        List<Headers.Header> kept = new ArrayList<>(headers.size());
        for (Headers.Header header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !named.contains(name)) {
                kept.add(header);
            }
        }
        return kept.size() == headers.size() ? headers : Headers.of(kept);
    }

    /** {@return whether the field ends with its connection, whatever {@code Connection} says} */
    public static boolean isHopByHop(String name) {
        return HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Refuses a field that would break out of its line, or whose name is not a token. */
    public static void requireSafe(String name, String value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A header field needs a name");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                throw new IllegalArgumentException(
                        "A header field's name has a forbidden character");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(
                        "The value of the header field " + name + " has a forbidden character");
            }
        }
    }

    private static Set<String> namedByConnection(Headers headers) {
        if (!headers.contains("connection")) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : headers.all("connection")) {
            for (String name : value.split(",", -1)) {
                named.add(name.trim().toLowerCase(Locale.ROOT));
            }
        }
        return named;
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
