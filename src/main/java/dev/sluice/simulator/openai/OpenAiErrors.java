package dev.sluice.simulator.openai;

import dev.sluice.http.Headers;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Errors as OpenAI says them (wire-contract §1.1). */
public final class OpenAiErrors implements ErrorShape {
    /** What OpenAI sends along with every answer. */
    public static final Headers HEADERS =
            Headers.of(
                    "openai-processing-ms", "5",
                    "openai-version", "2020-10-01",
                    "x-ratelimit-limit-requests", "10000",
                    "x-ratelimit-remaining-requests", "9999",
                    "x-ratelimit-reset-requests", "6ms");

    @Override
    public byte[] body(Refusal refusal) {
        return Json.bytes(error(refusal));
    }

    @Override
    public byte[] event(Refusal refusal, int eventsSent) {
        return Frame.data(Frame.Kind.OUTPUT, error(refusal)).bytes();
    }

    /** {@return the refusal of a model that does not exist} */
    public static Refusal unknownModel(String name) {
        return new Refusal(
                404,
                "model_not_found",
                "The model `" + name + "` does not exist or you do not have access to it.",
                null);
    }

    public static String checked(Models models, String name) throws Refusal {
        if (!models.serves(name)) {
            throw unknownModel(name);
        }
        return name;
    }

    private static ObjectNode error(Refusal refusal) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", refusal.text())
                .put("type", type(refusal.status()))
                .put("param", refusal.param())
                .put("code", code(refusal));
        return body;
    }

    private static String type(int status) {
        return switch (status) {
            case 402 -> "insufficient_quota";
            case 403 -> "permission_error";
            case 429 -> "requests";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static @Nullable String code(Refusal refusal) {
        if (refusal.code() != null) {
            return refusal.code();
        }
        return switch (refusal.status()) {
            case 401 -> "invalid_api_key";
            case 402 -> "insufficient_quota";
            case 429 -> "rate_limit_exceeded";
            default -> null;
        };
    }
}
