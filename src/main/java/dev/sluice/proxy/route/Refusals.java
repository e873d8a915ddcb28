package dev.sluice.proxy.route;

import dev.sluice.catalog.LogicalModel;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.route.Plan.LeftOut;
import dev.sluice.proxy.route.Plan.Why;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client is told whose call can go nowhere. */
final class Refusals {
    private Refusals() {}

    static GatewayException notFound(@Nullable String model) {
        if (model == null) {
            return GatewayException.parameter(
                    "missing_model",
                    "No model given, and neither the API key nor an upstream presets one.",
                    "model");
        }
        return GatewayException.client(
                ErrorKind.NOT_FOUND,
                "model_not_found",
                "The model '"
                        + model
                        + "' does not exist or this API key may not use it. GET /v1/models lists"
                        + " what it may use.");
    }

    static GatewayException disabled(String model) {
        return GatewayException.client(
                ErrorKind.NOT_FOUND,
                "model_not_found",
                "The model '" + model + "' is disabled. GET /v1/models lists what may be used.");
    }

    /**
     * Nobody is left of those who might have served it. That a logical model exists is no secret;
     * which models an upstream serves is told only to those who may use it.
     */
    static GatewayException nobody(
            String model, @Nullable LogicalModel logical, List<LeftOut> leftOut) {
        if (logical == null) {
            return notFound(model);
        }
        if (leftOut.isEmpty()) {
            return GatewayException.overloaded(
                    "no_upstream", "No upstreams available for logical model '" + model + "'.");
        }
        if (leftOut.stream().allMatch(left -> left.why() == Why.NOT_ALLOWED)) {
            return GatewayException.client(
                    ErrorKind.FORBIDDEN,
                    "upstream_not_allowed",
                    "This API key may not use any upstream that serves the model '" + model + "'.");
        }
        return notFound(model);
    }
}
