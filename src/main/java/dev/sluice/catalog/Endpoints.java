package dev.sluice.catalog;

import dev.sluice.chat.Protocol;
import java.net.URI;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an upstream's endpoints are. If a version segment ({@code v1}, {@code v1beta}, {@code v4})
 * stands anywhere in the base URL's path, none is added; otherwise the protocol's own is.
 */
public final class Endpoints {
    private static final Pattern VERSION = Pattern.compile("v\\d+[a-z0-9]*");

    private Endpoints() {}

    /** {@return where OpenAI Chat Completions are asked for} */
    public static URI chat(Upstream upstream) {
        return at(upstream, "v1", upstream.paths().chat(), "chat/completions");
    }

    /** {@return where the upstream lists its models} */
    public static URI models(Upstream upstream) {
        return at(upstream, version(upstream), upstream.paths().models(), "models");
    }

    /** {@return where Anthropic Messages are asked for} */
    public static URI messages(Upstream upstream) {
        return at(upstream, "v1", upstream.paths().messages(), "messages");
    }

    /** {@return where OpenAI Responses are asked for} */
    public static URI responses(Upstream upstream) {
        return at(upstream, "v1", upstream.paths().responses(), "responses");
    }

    /** {@return where a path below the version segment is, its query included} */
    public static URI versioned(Upstream upstream, String version, String path) {
        return at(upstream, version, null, path.startsWith("/") ? path.substring(1) : path);
    }

    private static String version(Upstream upstream) {
        boolean isGemini =
                !upstream.protocols().isEmpty()
                        && upstream.protocols().getFirst() == Protocol.GEMINI;
        return isGemini ? "v1beta" : "v1";
    }

    private static URI at(
            Upstream upstream, String version, @Nullable String override, String standard) {
        if (override != null) {
            return below(upstream.baseUrl(), override);
        }
        return below(
                upstream.baseUrl(),
                hasVersion(upstream.baseUrl()) ? standard : version + "/" + standard);
    }

    /** {@return the path joined to the base URL with exactly one slash between} */
    static URI below(URI base, String path) {
        String front = base.toString();
        String end = path.startsWith("/") ? path.substring(1) : path;
        return URI.create(front.endsWith("/") ? front + end : front + "/" + end);
    }

    /** {@return whether a version segment stands in the URL's path} */
    public static boolean hasVersion(URI url) {
        String path = url.getPath();
        return path != null
                && Arrays.stream(path.split("/", -1))
                        .anyMatch(segment -> VERSION.matcher(segment).matches());
    }
}
