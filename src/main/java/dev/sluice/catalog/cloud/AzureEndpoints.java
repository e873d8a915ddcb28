package dev.sluice.catalog.cloud;

import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where Azure OpenAI's endpoints are. Without an {@code apiVersion} they are below {@code
 * /openai/v1}, as OpenAI's own; with one, what is asked of a model is below its deployment, and the
 * version in the query.
 */
public final class AzureEndpoints {
    /** The value of the flag {@code platform}. */
    public static final String PLATFORM = "azure";

    private AzureEndpoints() {}

    /** {@return whether the model stands in the paths of what is asked of it} */
    public static boolean areByDeployment(Upstream upstream) {
        return apiVersion(upstream) != null
                && !Endpoints.hasVersion(upstream.baseUrl())
                && !has(upstream, "deployments");
    }

    /**
     * {@return where a path is}
     *
     * @param path below the version segment, with a query or without
     * @param deployment of the model that is asked; null for what is asked of none
     */
    public static URI at(Upstream upstream, String path, @Nullable String deployment) {
        String version = apiVersion(upstream);
        boolean hasVersion = Endpoints.hasVersion(upstream.baseUrl());
        StringBuilder full = new StringBuilder();
        if (!hasVersion && !has(upstream, "openai")) {
            full.append("openai/");
        }
        if (!hasVersion && version == null) {
            full.append("v1/");
        }
        if (deployment != null && areByDeployment(upstream)) {
            full.append("deployments/").append(Endpoints.segment(deployment)).append('/');
        }
        full.append(path);
        if (version != null) {
            full.append(path.indexOf('?') < 0 ? '?' : '&').append("api-version=");
            full.append(Endpoints.segment(version));
        }
        return Endpoints.below(upstream.baseUrl(), full.toString());
    }

    private static @Nullable String apiVersion(Upstream upstream) {
        String version = upstream.capabilities().apiVersion();
        return version.isEmpty() ? null : version;
    }

    private static boolean has(Upstream upstream, String segment) {
        String path = upstream.baseUrl().getPath();
        return path != null && (path + "/").contains("/" + segment + "/");
    }
}
