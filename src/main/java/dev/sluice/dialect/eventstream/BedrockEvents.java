package dev.sluice.dialect.eventstream;

import dev.sluice.dialect.eventstream.EventStreamReader.Malformed;
import dev.sluice.dialect.eventstream.EventStreamReader.Message;
import dev.sluice.dialect.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stream of {@code invoke-with-response-stream} as Anthropic's server-sent events: each chunk
 * holds one event's JSON in base64; an exception becomes Anthropic's event of an error. For one
 * stream.
 */
public final class BedrockEvents {
    /** What such a stream says it is. */
    public static final String TYPE = "application/vnd.amazon.eventstream";

    private final EventStreamReader reader = new EventStreamReader();

    /**
     * {@return the events that are whole by now, as bytes}
     *
     * @throws Malformed if the bytes are no such stream
     */
    public byte[] feed(byte[] bytes) throws Malformed {
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        reader.feed(bytes, message -> write(message, events));
        return events.toByteArray();
    }

    /** {@return whether the stream may end here} */
    public boolean mayEnd() {
        return reader.isBetweenMessages();
    }

    private static void write(Message message, ByteArrayOutputStream events) {
        JsonNode payload = tree(message.payload());
        switch (message.header(":message-type")) {
            case "exception" -> error(message.header(":exception-type"), payload, events);
            case "error" -> error(message.header(":error-code"), payload, events);
            default -> {
                byte[] json = decoded(payload.path("bytes").asString(""));
                String type = tree(json).path("type").asString("");
                if (!type.isEmpty()) {
                    event(type, json, events);
                }
            }
        }
    }

    private static void error(String type, JsonNode payload, ByteArrayOutputStream events) {
        ObjectNode body = Json.mapper().createObjectNode().put("type", "error");
        body.putObject("error")
                .put("type", word(type))
                .put("message", payload.path("message").asString(type));
        event("error", Json.bytes(body), events);
    }

    private static String word(String exception) {
        return switch (exception) {
            case "throttlingException" -> "rate_limit_error";
            case "validationException" -> "invalid_request_error";
            case "serviceUnavailableException", "modelNotReadyException" -> "overloaded_error";
            case "modelTimeoutException" -> "timeout_error";
            default -> "api_error";
        };
    }

    private static void event(String type, byte[] json, ByteArrayOutputStream events) {
        events.writeBytes(("event: " + type + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        for (byte b : json) {
            // A line break within JSON is white space, but would end the line here.
            events.write(b == '\n' || b == '\r' ? ' ' : b);
        }
        events.writeBytes(new byte[] {'\n', '\n'});
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static JsonNode tree(byte[] json) {
        try {
            return Json.tree(json);
        } catch (JacksonException notJson) {
            return Json.mapper().missingNode();
        }
    }
}
