package dev.sluice.catalog.cloud;

import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import java.net.URI;

/** Where Amazon Bedrock's models are invoked, each in the words of its vendor. */
public final class BedrockEndpoints {
    private BedrockEndpoints() {}

    /** {@return where a model is invoked, plain or for a stream} */
    public static URI invoke(Upstream upstream, String model, boolean stream) {
        return of(upstream, model, stream ? "invoke-with-response-stream" : "invoke");
    }

    /** {@return where tokens of what a model would be invoked with are counted} */
    public static URI count(Upstream upstream, String model) {
        return of(upstream, model, "count-tokens");
    }

    private static URI of(Upstream upstream, String model, String method) {
        return Endpoints.below(
                upstream.baseUrl(), "model/" + Endpoints.segment(model) + "/" + method);
    }
}
