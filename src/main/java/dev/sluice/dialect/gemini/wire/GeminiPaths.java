package dev.sluice.dialect.gemini.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Gemini path says: the model and the method, as a client writes it and as an upstream is
 * asked (wire-contract §1.4, §2.12). The model is everything between {@code models/} and the last
 * colon; it may itself hold slashes and colons.
 */
public final class GeminiPaths {
    private static final String MODELS = "models/";

    /** Names that are whole resources, of which {@code models/} is no part or not the first. */
    private static final List<String> RESOURCES =
            List.of(MODELS, "tunedModels/", "projects/", "publishers/");

    private static final String LEGAL = "-._~!$&'()*+,;=:@/";

    private GeminiPaths() {}

    /** What is asked of a model; the last word of the path. */
    public enum Method {
        GENERATE("generateContent"),
        STREAM("streamGenerateContent"),
        COUNT("countTokens");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Optional<Method> named(String word) {
            return Arrays.stream(values()).filter(method -> method.word.equals(word)).findFirst();
        }
    }

    /**
     * A client's call.
     *
     * @param model without {@code models/}; with {@code tunedModels/} for such a one
     * @param serverSentEvents whether a stream is wanted as events; false for a JSON array
     */
    public record Call(String model, Method method, boolean serverSentEvents) {
        public boolean isStream() {
            return method == Method.STREAM;
        }
    }

    /**
     * {@return what a client's path asks for, or nothing if it is none of the methods}
     *
     * @param path as it came, percent-encoded, without the query; of any version, and of Vertex'
     *     longer form
     * @param query as it came, or null
     */
    public static Optional<Call> read(String path, @Nullable String query) {
        String decoded = decoded(path);
        int colon = decoded.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        Optional<Method> method = Method.named(decoded.substring(colon + 1));
        String model = model(decoded.substring(0, colon));
        if (method.isEmpty() || model.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Call(model, method.get(), wantsEvents(query)));
    }

    /**
     * {@return the path below the version segment at which an upstream is asked, with its query} A
     * stream is always asked for as events, whatever the client wants it as.
     */
    public static String upstream(String model, Method method) {
        String path = encoded(resource(model)) + ":" + method.word();
        return method == Method.STREAM ? path + "?alt=sse" : path;
    }

    /** {@return the model's name as a resource, as bodies name it} */
    public static String resource(String model) {
        return RESOURCES.stream().anyMatch(model::startsWith) ? model : MODELS + model;
    }

    /** {@return whether the query asks for events rather than a JSON array} */
    public static boolean wantsEvents(@Nullable String query) {
        return query != null
                && Arrays.stream(query.split("&", -1))
                        .anyMatch(field -> field.equals("alt=sse") || field.equals("$alt=sse"));
    }

    private static String model(String path) {
        int tuned = path.indexOf("/tunedModels/");
        int models = path.indexOf('/' + MODELS);
        if (models >= 0 && (tuned < 0 || models < tuned)) {
            return path.substring(models + MODELS.length() + 1);
        }
        return tuned < 0 ? "" : path.substring(tuned + 1);
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Segments of dots alone are encoded as well, so that none climbs out of its place. */
    private static String encoded(String resource) {
        StringBuilder path = new StringBuilder(resource.length() + 8);
        for (String segment : resource.split("/", -1)) {
            if (!path.isEmpty()) {
                path.append('/');
            }
            boolean dots = segment.equals(".") || segment.equals("..");
            for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
                if (!dots && isLegal((char) (b & 0xFF))) {
                    path.append((char) b);
                } else {
                    path.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
                }
            }
        }
        return path.toString();
    }

    private static boolean isLegal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || LEGAL.indexOf(c) >= 0;
    }
}
