package dev.sluice.simulator.delivery;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/** How vendors say an error amid a stream of 200 (wire-contract §1.5). */
final class VendorErrors {
    private VendorErrors() {}

    static byte[] event(String shape, Answer answer, Refusal refusal, int eventsSent) {
        return switch (shape) {
            case "groq" -> groq(refusal);
            case "openrouter" -> openRouter(answer.model(), refusal);
            case "vllm" ->
                    data(
                            Json.object()
                                    .put("object", "error")
                                    .put("message", refusal.text())
                                    .put("type", "InternalServerError")
                                    .put("code", refusal.status()));
            case "flat" ->
                    Frame.event(
                                    Frame.Kind.OUTPUT,
                                    "error",
                                    Json.object()
                                            .put("type", "error")
                                            .put("code", "server_error")
                                            .put("message", refusal.text())
                                            .putNull("param"))
                            .bytes();
            case "bare" -> answer.errors().body(refusal);
            default -> answer.errors().event(refusal, eventsSent);
        };
    }

    private static byte[] groq(Refusal refusal) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", refusal.text())
                .put("type", "server_error")
                .put("failed_generation", "")
                .put("status_code", refusal.status());
        return Frame.event(Frame.Kind.OUTPUT, "error", body).bytes();
    }

    private static byte[] openRouter(String model, Refusal refusal) {
        ObjectNode chunk = Json.object();
        chunk.put("id", "gen-simulated").put("object", "chat.completion.chunk").put("created", 0);
        chunk.put("model", model).put("provider", "Simulator");
        chunk.putObject("error").put("code", refusal.status()).put("message", refusal.text());
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0).putObject("delta").put("content", "");
        choice.put("finish_reason", "error");
        return Frame.join(Frame.Kind.OUTPUT, data(chunk), Frame.bytes("data: [DONE]\n\n")).bytes();
    }

    private static byte[] data(ObjectNode node) {
        return Frame.data(Frame.Kind.OUTPUT, node).bytes();
    }
}
