package dev.sluice.simulator.endpoint;

import dev.sluice.http.Headers;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.script.Json;
import java.util.Iterator;
import tools.jackson.databind.JsonNode;

/**
 * What is to be sent, and how.
 *
 * @param model the model's name, by which calls are counted
 * @param headers besides the content type
 */
public record Answer(
        String model, Behaviour behaviour, ErrorShape errors, Headers headers, Content content) {
    public static final String JSON = "application/json";
    public static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

    /** The body, all at once or bit by bit. */
    public sealed interface Content {
        String type();
    }

    public record Whole(String type, byte[] bytes) implements Content {}

    /**
     * @param frames made one by one as they are sent
     */
    public record Events(String type, Iterator<Frame> frames) implements Content {}

    public static Content json(JsonNode node) {
        return new Whole(JSON, Json.bytes(node));
    }

    public static Content events(Iterator<Frame> frames) {
        return new Events(EVENT_STREAM, frames);
    }

    public boolean isEventStream() {
        return content.type().startsWith("text/event-stream");
    }
}
