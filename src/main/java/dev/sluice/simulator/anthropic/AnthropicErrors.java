package dev.sluice.simulator.anthropic;

import dev.sluice.http.Headers;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/** Errors as Anthropic says them (wire-contract §1.3). */
final class AnthropicErrors implements ErrorShape {
    /** What Anthropic sends along with every answer. */
    static final Headers HEADERS =
            Headers.of(
                    "anthropic-organization-id", "00000000-0000-4000-8000-000000000000",
                    "anthropic-ratelimit-requests-limit", "4000",
                    "anthropic-ratelimit-requests-remaining", "3999",
                    "anthropic-ratelimit-requests-reset", "2026-01-01T00:00:00Z");

    @Override
    public byte[] body(Refusal refusal) {
        return Json.bytes(error(refusal));
    }

    @Override
    public byte[] event(Refusal refusal, int eventsSent) {
        return Frame.event(Frame.Kind.OUTPUT, "error", error(refusal)).bytes();
    }

    static String checked(Models models, String name) throws Refusal {
        if (!models.serves(name)) {
            throw new Refusal(404, null, "model: " + name, null);
        }
        return name;
    }

    private static ObjectNode error(Refusal refusal) {
        ObjectNode body = Json.object().put("type", "error");
        body.putObject("error")
                .put("type", type(refusal.status()))
                .put("message", message(refusal));
        return body.put("request_id", "req_simulated");
    }

    private static String message(Refusal refusal) {
        return refusal.status() == 529 ? "Overloaded" : refusal.text();
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 503, 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
