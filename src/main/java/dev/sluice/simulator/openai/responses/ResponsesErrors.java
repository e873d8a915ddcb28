package dev.sluice.simulator.openai.responses;

import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.OpenAiErrors;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors of one response: within its stream a nested {@code error} and then {@code
 * response.failed}, as recorded.
 */
record ResponsesErrors(ErrorShape plain, ResponseObject response) implements ErrorShape {

    ResponsesErrors(ResponseObject response) {
        this(new OpenAiErrors(), response);
    }

    @Override
    public byte[] body(Refusal refusal) {
        return plain.body(refusal);
    }

    @Override
    public byte[] event(Refusal refusal, int eventsSent) {
        ObjectNode error = Json.object().put("type", "error").put("sequence_number", eventsSent);
        error.putObject("error")
                .put("type", refusal.status() == 429 ? "rate_limit_error" : "server_error")
                .put("code", code(refusal))
                .put("message", refusal.text())
                .putNull("param");
        ObjectNode failed = response.inStatus("failed");
        failed.putObject("error").put("code", code(refusal)).put("message", refusal.text());
        ObjectNode last = Json.object().put("type", "response.failed");
        last.put("sequence_number", eventsSent + 1).set("response", failed);
        return Frame.join(
                        Kind.OUTPUT,
                        Frame.event(Kind.OUTPUT, "error", error).bytes(),
                        Frame.event(Kind.OUTPUT, "response.failed", last).bytes())
                .bytes();
    }

    private static String code(Refusal refusal) {
        return refusal.status() == 429 ? "rate_limit_exceeded" : "server_error";
    }
}
