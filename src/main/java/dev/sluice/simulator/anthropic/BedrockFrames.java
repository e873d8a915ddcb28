package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.script.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Events in AWS's framing ({@code application/vnd.amazon.eventstream}). */
final class BedrockFrames {
    static final String TYPE = "application/vnd.amazon.eventstream";

    private static final byte TEXT = 7;
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;

    private BedrockFrames() {}

    /** {@return a server-sent event as Bedrock sends it: its data in base64} */
    static Frame chunk(Frame event) {
        String text = new String(event.bytes(), StandardCharsets.UTF_8);
        int data = text.indexOf("data: ") + "data: ".length();
        byte[] json = text.substring(data).strip().getBytes(StandardCharsets.UTF_8);
        byte[] payload =
                Json.bytes(
                        Json.object()
                                .put("bytes", Base64.getEncoder().encodeToString(json))
                                .put("p", "abcdefgh"));
        return new Frame(event.kind(), message("event", ":event-type", "chunk", payload));
    }

    /** {@return an exception amid a stream} */
    static byte[] exception(String type, byte[] payload) {
        return message("exception", ":exception-type", type, payload);
    }

    private static byte[] message(String kind, String name, String type, byte[] payload) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(name, type);
        texts.put(":content-type", "application/json");
        texts.put(":message-type", kind);
        byte[] headers = headers(texts);
        int length = PRELUDE + headers.length + payload.length + CHECKSUM;
        byte[] bytes = new byte[length];
        ByteBuffer message = ByteBuffer.wrap(bytes);
        message.putInt(length).putInt(headers.length);
        message.putInt(checksum(bytes, message.position()));
        message.put(headers).put(payload);
        message.putInt(checksum(bytes, message.position()));
        return bytes;
    }

    private static byte[] headers(Map<String, String> texts) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        texts.forEach((name, text) -> {
            byte[] label = name.getBytes(StandardCharsets.UTF_8);
            byte[] value = text.getBytes(StandardCharsets.UTF_8);
            headers.write(label.length);
            headers.writeBytes(label);
            headers.write(TEXT);
            headers.write(value.length >> 8);
            headers.write(value.length);
            headers.writeBytes(value);
        });
        return headers.toByteArray();
    }

    /** {@return the checksum of the first so many bytes} */
    private static int checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
