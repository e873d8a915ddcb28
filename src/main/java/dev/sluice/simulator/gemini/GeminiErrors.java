package dev.sluice.simulator.gemini;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors as Google says them (wire-contract §1.4).
 *
 * @param array whether the stream is a JSON array, which has to be closed
 * @param retryDelay what {@code RetryInfo} says, such as {@code 2s}
 */
record GeminiErrors(boolean array, String retryDelay) implements ErrorShape {
    private static final String TYPE = "type.googleapis.com/google.rpc.";

    static final GeminiErrors PLAIN = new GeminiErrors(false, "1s");

    static GeminiErrors of(Behaviour behaviour, boolean array) {
        String retryAfter = behaviour.text(Directive.RETRY_AFTER, "1");
        boolean seconds = retryAfter.chars().allMatch(Character::isDigit);
        return new GeminiErrors(array, seconds ? retryAfter + "s" : "1s");
    }

    static String checked(Models models, String name) throws Refusal {
        if (!models.serves(name)) {
            throw unknownModel(name);
        }
        return name;
    }

    static Refusal unknownModel(String name) {
        return new Refusal(
                404,
                null,
                "models/"
                        + name
                        + " is not found for API version v1beta, or is not supported for generateContent.",
                null);
    }

    /** {@return the status} A bad key is a bad request here. */
    @Override
    public int status(Refusal refusal) {
        return isBadKey(refusal) ? 400 : refusal.status();
    }

    @Override
    public byte[] body(Refusal refusal) {
        return Json.bytes(error(refusal));
    }

    @Override
    public byte[] event(Refusal refusal, int eventsSent) {
        String json = new String(body(refusal), StandardCharsets.UTF_8);
        String event =
                array
                        ? (eventsSent == 0 ? "[" : ",\r\n") + json + "]"
                        : "data: " + json + "\r\n\r\n";
        return Frame.bytes(event);
    }

    private ObjectNode error(Refusal refusal) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error").put("code", status(refusal));
        error.put("message", refusal.text());
        error.put("status", isBadKey(refusal) ? "INVALID_ARGUMENT" : word(refusal.status()));
        if (isBadKey(refusal)) {
            error.put("message", "API key not valid. Please pass a valid API key.");
            detail(error, "ErrorInfo")
                    .put("reason", "API_KEY_INVALID")
                    .put("domain", "googleapis.com");
        } else if (refusal.status() == 429) {
            detail(error, "RetryInfo").put("retryDelay", retryDelay);
        } else if (refusal.param() != null) {
            ArrayNode violations = detail(error, "BadRequest").putArray("fieldViolations");
            violations.addObject().put("field", refusal.param()).put("description", refusal.text());
        }
        return body;
    }

    private static ObjectNode detail(ObjectNode error, String type) {
        return error.putArray("details").addObject().put("@type", TYPE + type);
    }

    private static boolean isBadKey(Refusal refusal) {
        return "invalid_api_key".equals(refusal.code());
    }

    private static String word(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 503, 529 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
        };
    }
}
