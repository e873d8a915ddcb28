package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The rules of an upstream's base URL. */
final class UpstreamUrl {
    private static final String FIELD = "base_url";

    private UpstreamUrl() {}

    /**
     * {@return the URL}
     *
     * @throws AdminException 422 saying what is wrong with it
     */
    static URI parse(String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException _) {
            throw wrong("must be a URL such as https://api.example.com/v1");
        }
        String scheme = url.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).matches("https?")) {
            throw wrong("must begin with http:// or https://");
        }
        if (url.getRawUserInfo() != null) {
            throw wrong("must not contain a user name or password; use api_key");
        }
        if (url.getHost() == null || url.getPort() > 65_535 || url.getPort() == 0) {
            throw wrong("must name a host, and a port only from 1 to 65535");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw wrong("must have neither a query (?) nor a fragment (#)");
        }
        if (hasDots(url)) {
            throw wrong("must not have the path segments . or ..");
        }
        return url;
    }

    /** {@return whether this may stand below a base URL} */
    static boolean isPath(String path) {
        try {
            return !hasDots(new URI("http://host/" + path.replaceFirst("^/", "")));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean hasDots(URI url) {
        String path = url.getPath();
        return path != null && ("/" + path + "/").matches(".*/\\.\\.?/.*");
    }

    /** {@return whether both lead to the same scheme, host and port} */
    static boolean isSamePlace(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI url) {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    private static AdminException wrong(String message) {
        return AdminException.invalidField(FIELD, "url_parsing", message);
    }
}
