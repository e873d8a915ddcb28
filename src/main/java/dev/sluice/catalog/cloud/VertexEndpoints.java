package dev.sluice.catalog.cloud;

import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import java.net.URI;

/**
 * Where Google's Vertex AI has the models of publishers. The base URL names project and location,
 * {@code …/v1/projects/p/locations/l}, and may name the publisher too.
 */
public final class VertexEndpoints {
    /** The value of the flag {@code platform}. */
    public static final String PLATFORM = "vertex";

    /** What stands where a model would when tokens are counted. */
    private static final String COUNT = "count-tokens";

    private VertexEndpoints() {}

    /** {@return where Anthropic's model is asked, plain or for a stream} */
    public static URI messages(Upstream upstream, String model, boolean stream) {
        return anthropic(upstream, model, stream ? "streamRawPredict" : "rawPredict");
    }

    /** {@return where tokens of a request to one of Anthropic's models are counted} */
    public static URI messagesCount(Upstream upstream) {
        return anthropic(upstream, COUNT, "rawPredict");
    }

    private static URI anthropic(Upstream upstream, String model, String method) {
        return of(upstream, "anthropic", "models/" + Endpoints.segment(model) + ":" + method);
    }

    /**
     * {@return where a path below a publisher is}
     *
     * @param path such as {@code models/m:generateContent}
     */
    public static URI of(Upstream upstream, String publisher, String path) {
        String base = upstream.baseUrl().getPath() + "/";
        boolean isWhole = path.startsWith("publishers/") || path.startsWith("projects/");
        String below =
                isWhole || base.contains("/publishers/") || !base.contains("/locations/")
                        ? path
                        : "publishers/" + publisher + "/" + path;
        return Endpoints.versioned(upstream, "v1", below);
    }
}
