package dev.sluice.proxy.dispatch;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins an upstream's base URL and a path. If a version segment ({@code v1}, {@code v1beta}, {@code
 * v4}, …) stands anywhere in the base URL's path, none is inserted; otherwise the protocol's own.
 */
public final class Endpoint {
    private static final Pattern VERSION = Pattern.compile("/v\\d+(alpha|beta)?\\d*(/|$)");

    private Endpoint() {}

    /** {@return where a chat request in that protocol goes} Gemini's path names the model. */
    public static URI generation(
            Upstream upstream, Protocol protocol, String model, boolean stream) {
        String override = override(upstream, protocol);
        if (override != null) {
            return at(upstream, override, null);
        }
        return versioned(
                upstream,
                protocol == Protocol.GEMINI ? "v1beta" : "v1",
                switch (protocol) {
                    case OPENAI_CHAT -> "/chat/completions";
                    case OPENAI_RESPONSES -> "/responses";
                    case ANTHROPIC -> "/messages";
                    case GEMINI ->
                            "/models/"
                                    + model
                                    + (stream ? ":streamGenerateContent" : ":generateContent");
                },
                protocol == Protocol.GEMINI && stream ? "alt=sse" : null);
    }

    /** {@return where a path below the version segment is, such as {@code /embeddings}} */
    public static URI versioned(
            Upstream upstream, String version, String path, @Nullable String query) {
        boolean has = VERSION.matcher(basePath(upstream)).find();
        return at(upstream, has ? path : "/" + version + path, query);
    }

    private static @Nullable String override(Upstream upstream, Protocol protocol) {
        return switch (protocol) {
            case OPENAI_CHAT -> upstream.paths().chat();
            case OPENAI_RESPONSES -> upstream.paths().responses();
            case ANTHROPIC -> upstream.paths().messages();
            case GEMINI -> null;
        };
    }

    /** {@return a path below the base URL, as it is} */
    public static URI at(Upstream upstream, String path, @Nullable String query) {
        URI base = upstream.baseUrl();
        String joined = basePath(upstream) + (path.startsWith("/") ? path : "/" + path);
        String suffix = query == null ? "" : "?" + query;
        return URI.create(base.getScheme() + "://" + base.getRawAuthority() + joined + suffix);
    }

    private static String basePath(Upstream upstream) {
        String path = upstream.baseUrl().getRawPath();
        if (path == null) {
            return "";
        }
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
