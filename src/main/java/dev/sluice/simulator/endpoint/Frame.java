package dev.sluice.simulator.endpoint;

import dev.sluice.simulator.script.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** One event of a stream, as it stands on the wire. */
public record Frame(Kind kind, byte[] bytes) {

    /** What an event is in its stream. */
    public enum Kind {
        /** Proves no output yet. */
        PREAMBLE,
        OUTPUT,
        /** Says why the answer ends. */
        FINISH,
        USAGE,
        /** What a whole stream ends with. */
        TERMINATOR
    }

    /** {@return an event with data alone} */
    public static Frame data(Kind kind, JsonNode data) {
        return join(kind, bytes("data: "), Json.bytes(data), bytes("\n\n"));
    }

    /** {@return an event with a type} */
    public static Frame event(Kind kind, String type, JsonNode data) {
        return join(kind, bytes("event: " + type + "\ndata: "), Json.bytes(data), bytes("\n\n"));
    }

    public static Frame of(Kind kind, String text) {
        return new Frame(kind, bytes(text));
    }

    public static Frame join(Kind kind, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream(length);
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return new Frame(kind, joined.toByteArray());
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
