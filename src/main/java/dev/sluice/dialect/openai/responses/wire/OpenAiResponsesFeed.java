package dev.sluice.dialect.openai.responses.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the events of one stream, numbered from 0 without gaps. */
public final class OpenAiResponsesFeed {
    private int sequence;

    /**
     * @param fields the event's own members as JSON, without braces
     */
    public void put(String type, String fields, ByteArrayOutputStream out) {
        String event =
                "event: "
                        + type
                        + "\ndata: {\"type\":\""
                        + type
                        + "\",\"sequence_number\":"
                        + sequence++
                        + ","
                        + fields
                        + "}\n\n";
        out.writeBytes(event.getBytes(StandardCharsets.UTF_8));
    }
}
