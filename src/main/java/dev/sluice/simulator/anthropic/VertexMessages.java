package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages at Google: {@code POST …/publishers/anthropic/models/{model}:rawPredict} and {@code
 * :streamRawPredict}. The path names the model, and the body the version; the body of a count, at
 * {@code count-tokens:rawPredict}, names both.
 */
public final class VertexMessages implements Endpoint {
    private static final String VERSION = "vertex-2023-10-16";
    private static final String COUNT = "count-tokens";

    private final Endpoint messages;
    private final Endpoint counts;
    private final boolean streams;

    public VertexMessages(Models models, boolean streams) {
        this.messages = new MessagesEndpoint(models);
        this.counts = new CountTokensEndpoint(models);
        this.streams = streams;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        String model = incoming.pathParameter("model");
        ObjectNode body = incoming.json();
        if (!body.path("anthropic_version").asString("").equals(VERSION)) {
            throw Refusal.invalid(
                    "anthropic_version: \"" + VERSION + "\" is required", "anthropic_version");
        }
        body.remove("anthropic_version");
        if (incoming.headers().contains("anthropic-version")) {
            throw Refusal.invalid("anthropic-version: belongs into the body here", null);
        }
        if (model.equals(COUNT)) {
            return counts.answer(incoming.with(Json.bytes(body)));
        }
        if (body.has("model")) {
            throw Refusal.invalid("model: Extra inputs are not permitted", "model");
        }
        if (body.path("stream").asBoolean(false) != streams) {
            throw Refusal.invalid("stream: does not fit the method in the path", "stream");
        }
        body.put("model", model);
        return messages.answer(incoming.with(Json.bytes(body)));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return messages.errors(incoming);
    }
}
