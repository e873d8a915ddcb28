package dev.sluice.simulator.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/** The body of an error in the shapes that vendors and the machines before them use. */
record FaultyBody(String type, byte[] bytes) {

    static FaultyBody of(String shape, Answer answer, Refusal refusal) {
        String message = refusal.text();
        return switch (shape) {
            case "html" ->
                    new FaultyBody(
                            "text/html",
                            ("<html><body><h1>" + refusal.status() + "</h1></body></html>")
                                    .getBytes(UTF_8));
            case "empty" -> new FaultyBody(Answer.JSON, new byte[0]);
            case "text" -> new FaultyBody("text/plain", message.getBytes(UTF_8));
            case "array" -> array(answer.errors().body(refusal));
            case "detail" -> json(Json.object().put("detail", message));
            case "object" ->
                    json(
                            Json.object()
                                    .put("object", "error")
                                    .put("message", message)
                                    .put("code", refusal.status()));
            case "numeric" -> json(numeric(refusal));
            default -> new FaultyBody(Answer.JSON, answer.errors().body(refusal));
        };
    }

    private static FaultyBody array(byte[] element) {
        Frame array =
                Frame.join(Frame.Kind.OUTPUT, "[".getBytes(UTF_8), element, "]".getBytes(UTF_8));
        return new FaultyBody(Answer.JSON, array.bytes());
    }

    private static ObjectNode numeric(Refusal refusal) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("message", refusal.text()).put("code", refusal.status());
        error.putObject("metadata").put("provider_name", "Simulator").put("raw", refusal.text());
        return body;
    }

    private static FaultyBody json(ObjectNode node) {
        return new FaultyBody(Answer.JSON, Json.bytes(node));
    }
}
