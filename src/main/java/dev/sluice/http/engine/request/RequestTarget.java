package dev.sluice.http.engine.request;

import dev.sluice.http.HttpFailure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, from its request line (RFC 9112 §3.2). The credential that may stand in
 * the query ({@code key}, as Gemini clients send it) is taken out here, so that nothing behind can
 * log, store or forward it.
 *
 * @param path as sent
 * @param query as sent but for {@code key}, or null
 */
public record RequestTarget(String path, @Nullable String query, @Nullable String credential) {
    private static final String CREDENTIAL = "key";
    private static final RequestTarget SERVER = new RequestTarget("*", null, null);

    /** {@return the target} Fails with {@link HttpFailure} 400 when it is none. */
    public static RequestTarget parse(String method, String uri) {
        if (uri.equals("*") && method.equals("OPTIONS")) {
            return SERVER;
        }
        requireClean(uri);
        String origin = originForm(uri);
        int mark = origin.indexOf('?');
        String path = mark < 0 ? origin : origin.substring(0, mark);
        requireNoDotSegments(path);
        if (mark < 0) {
            return new RequestTarget(path, null, null);
        }
        String query = origin.substring(mark + 1);
        return mayHoldCredential(query)
                ? withoutCredential(path, query)
                : new RequestTarget(path, query, null);
    }

    /** {@return the first value of that parameter, decoded, or null} */
    public @Nullable String parameter(String name) {
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (decode(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                return equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        return null;
    }

    private static RequestTarget withoutCredential(String path, String query) {
        List<String> kept = new ArrayList<>();
        String credential = null;
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!decode(equals < 0 ? pair : pair.substring(0, equals)).equals(CREDENTIAL)) {
                kept.add(pair);
            } else if (credential == null) {
                credential = equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        String rest = kept.isEmpty() ? null : String.join("&", kept);
        return new RequestTarget(path, rest, credential);
    }

    private static boolean mayHoldCredential(String query) {
        return query.contains(CREDENTIAL) || query.indexOf('%') >= 0;
    }

    /** An absolute-form target counts by its path; whatever host it names is us. */
    private static String originForm(String uri) {
        if (uri.startsWith("/")) {
            return uri;
        }
        String lower = uri.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            throw malformed("The request's target must be a path.");
        }
        int authority = uri.indexOf("//") + 2;
        int end = authority;
        while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
            end++;
        }
        if (end == authority) {
            throw malformed("The request's target has no host.");
        }
        String rest = uri.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static void requireClean(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\') {
                throw malformed("The URL has a character that must be escaped.");
            }
        }
    }

    /** Dot segments have no meaning to a route, but might to whatever a path is forwarded to. */
    private static void requireNoDotSegments(String path) {
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0) {
            return;
        }
        String plain = path.replace("%2e", ".").replace("%2E", ".");
        String separated = plain.replace("%2f", "/").replace("%2F", "/").replace("%5c", "/");
        for (String segment : separated.replace("%5C", "/").split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw malformed("The URL's path must not hold dot segments.");
            }
        }
        if (path.contains("%00")) {
            throw malformed("The URL's path must not hold a null character.");
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw malformed("The URL's query has a bad percent-escape.");
        }
    }

    private static HttpFailure malformed(String message) {
        return new HttpFailure(400, "bad_request_target", message);
    }
}
