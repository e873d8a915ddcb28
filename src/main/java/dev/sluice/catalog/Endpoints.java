package dev.sluice.catalog;

import dev.sluice.catalog.cloud.AzureEndpoints;
import dev.sluice.chat.Protocol;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
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
    public static URI chat(Upstream upstream, String model) {
        return at(upstream, "v1", upstream.paths().chat(), "chat/completions", model);
    }

    /** {@return where another task of OpenAI's is asked for, such as {@code embeddings}} */
    public static URI task(Upstream upstream, String path, String model) {
        return at(upstream, "v1", null, path, model);
    }

    /** {@return where the upstream lists its models} */
    public static URI models(Upstream upstream) {
        return at(upstream, version(upstream), upstream.paths().models(), "models", null);
    }

    /** {@return where Anthropic Messages are asked for} */
    public static URI messages(Upstream upstream) {
        return at(upstream, "v1", upstream.paths().messages(), "messages", null);
    }

    /** {@return where OpenAI Responses are asked for} */
    public static URI responses(Upstream upstream) {
        return at(upstream, "v1", upstream.paths().responses(), "responses", null);
    }

    /** {@return where a path below the version segment is, its query included} */
    public static URI versioned(Upstream upstream, String version, String path) {
        return at(upstream, version, null, path.startsWith("/") ? path.substring(1) : path, null);
    }

    private static String version(Upstream upstream) {
        boolean isGemini =
                !upstream.protocols().isEmpty()
                        && upstream.protocols().getFirst() == Protocol.GEMINI;
        return isGemini ? "v1beta" : "v1";
    }

    /**
     * @param model in whose place the path may be; null for what is asked of none
     */
    private static URI at(
            Upstream upstream,
            String version,
            @Nullable String override,
            String standard,
            @Nullable String model) {
        if (override != null) {
            return below(upstream.baseUrl(), override);
        }
        if (upstream.capabilities().platform().equals(AzureEndpoints.PLATFORM)) {
            return AzureEndpoints.at(upstream, standard, model);
        }
        return below(
                upstream.baseUrl(),
                hasVersion(upstream.baseUrl()) ? standard : version + "/" + standard);
    }

    /** {@return the path joined to the base URL with exactly one slash between} */
    public static URI below(URI base, String path) {
        String front = base.toString();
        String end = path.startsWith("/") ? path.substring(1) : path;
        return URI.create(front.endsWith("/") ? front + end : front + "/" + end);
    }

    /** {@return a text as one segment of a path, which can neither end it nor climb out of it} */
    public static String segment(String text) {
        StringBuilder segment = new StringBuilder(text.length() + 8);
        boolean dots = text.equals(".") || text.equals("..");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!dots && isPlain((char) (b & 0xFF))) {
                segment.append((char) b);
            } else {
                segment.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return segment.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~@".indexOf(c) >= 0;
    }

    /** {@return whether a version segment stands in the URL's path} */
    public static boolean hasVersion(URI url) {
        String path = url.getPath();
        return path != null
                && Arrays.stream(path.split("/", -1))
                        .anyMatch(segment -> VERSION.matcher(segment).matches());
    }
}
