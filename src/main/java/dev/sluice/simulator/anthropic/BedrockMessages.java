package dev.sluice.simulator.anthropic;

import dev.sluice.http.Headers;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Endpoint;
import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Models;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages at Amazon Bedrock: {@code POST /model/{model}/invoke}, and {@code
 * /invoke-with-response-stream}, whose events come in AWS's own framing. The paths name model and
 * stream, which the body must not.
 */
public final class BedrockMessages implements Endpoint {
    private static final String VERSION = "bedrock-2023-05-31";

    private final Endpoint messages;
    private final boolean streams;
    private final ErrorShape errors = new BedrockErrors();

    public BedrockMessages(Models models, boolean streams) {
        this.messages = new MessagesEndpoint(models);
        this.streams = streams;
    }

    @Override
    public Answer answer(Incoming incoming) throws Refusal {
        ObjectNode body = incoming.json();
        if (!body.path("anthropic_version").asString("").equals(VERSION)) {
            throw Refusal.invalid("anthropic_version: Field required", "anthropic_version");
        }
        for (String extra : List.of("model", "stream")) {
            if (body.has(extra)) {
                throw Refusal.invalid(extra + ": Extra inputs are not permitted", extra);
            }
        }
        body.remove("anthropic_version");
        body.put("model", incoming.pathParameter("model")).put("stream", streams);
        Answer said = messages.answer(incoming.with(Json.bytes(body)));
        return new Answer(
                said.model(),
                said.behaviour(),
                errors,
                Headers.of("x-amzn-requestid", "00000000-0000-4000-8000-000000000000"),
                framed(said.content()));
    }

    @Override
    public ErrorShape errors(Incoming incoming) {
        return errors;
    }

    private static Answer.Content framed(Answer.Content content) {
        return switch (content) {
            case Answer.Whole whole -> whole;
            case Answer.Events events ->
                    new Answer.Events(BedrockFrames.TYPE, framed(events.frames()));
        };
    }

    private static Iterator<Frame> framed(Iterator<Frame> frames) {
        Iterable<Frame> once = () -> frames;
        Stream<Frame> all = StreamSupport.stream(once.spliterator(), false);
        return all.map(BedrockFrames::chunk).iterator();
    }
}
