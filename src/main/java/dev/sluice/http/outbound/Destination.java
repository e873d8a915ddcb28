package dev.sluice.http.outbound;

import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a URI leads.
 *
 * @param host lower case; an IPv6 address without brackets
 * @param target path and query, as they stand in the URI
 */
record Destination(boolean tls, String host, int port, String target) {
    /** URI itself refuses an underscore in a host name, which container networks are full of. */
    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?");

    String uriHost() {
        return uriHost(host);
    }

    /** {@return the host as a URI and a Host field have it (RFC 3986 §3.2.2)} */
    static String uriHost(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** {@return the URI's destination} Fails with {@link OutboundFailure} if it has none. */
    static Destination of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if (!tls && !scheme.equals("http")) {
            throw refused("The URL must begin with http:// or https://");
        }
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            throw refused("The URL needs a host, and must not hold a user name or other signs");
        }
        int port = matcher.group(2) == null ? tls ? 443 : 80 : Integer.parseInt(matcher.group(2));
        if (port == 0 || port > 65_535) {
            throw refused("The URL's port must be between 1 and 65535");
        }
        String host = matcher.group(1).toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Destination(tls, host, port, target(uri));
    }

    private static String target(URI uri) {
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
                throw refused("The URL's path or query has a character that must be escaped");
            }
        }
        return target;
    }

    private static OutboundFailure refused(String message) {
        return new OutboundFailure(Kind.UNRESOLVED, message);
    }
}
