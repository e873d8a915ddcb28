package dev.sluice.dialect.gemini.wire;

import dev.sluice.chat.ChatError;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A stream of events told as one JSON array, for clients that ask for a stream without {@code
 * alt=sse} (wire-contract §2.10). Each event is an element as soon as it comes, byte for byte; what
 * is no JSON value is left out. The array is closed also when the stream breaks, with the error as
 * its last element. For one stream and one thread.
 */
public final class JsonArrayFraming {
    private static final byte[] FIRST = "[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = ",\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "]".getBytes(StandardCharsets.US_ASCII);
    private static final String DATA = "data:";

    /** As much as the longest end of an event has. */
    private static final int TAIL = 4;

    private boolean begun;
    private boolean closed;
    private boolean amidFragment;
    private String tail = "";

    /** {@return the event as an element; nothing for a comment} */
    public byte[] event(SseEvent event) {
        amidFragment = false;
        byte[] json = json(event);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (json != null) {
            element(json, out);
        }
        return out.toByteArray();
    }

    /**
     * {@return a piece of an event that is too large to be held, without its {@code data:}} Such an
     * event is taken on trust.
     */
    public byte[] fragment(byte[] bytes) {
        boolean first = !amidFragment;
        tail = first ? "" : tail;
        amidFragment = !endsWithBlankLine(bytes);
        if (closed) {
            return new byte[0];
        }
        if (!first) {
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + NEXT.length);
        element(Arrays.copyOfRange(bytes, dataStart(bytes), bytes.length), out);
        return out.toByteArray();
    }

    /** {@return what closes the array after the last element} */
    public byte[] end() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        close(out);
        return out.toByteArray();
    }

    /** {@return the error as the last element, and what closes the array} */
    public byte[] fail(ChatError error, @Nullable String requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        element(GeminiErrorWriter.body(error, requestId), out);
        close(out);
        return out.toByteArray();
    }

    public void element(byte[] json, ByteArrayOutputStream out) {
        if (closed) {
            return;
        }
        out.writeBytes(begun ? NEXT : FIRST);
        begun = true;
        out.writeBytes(json);
    }

    public void close(ByteArrayOutputStream out) {
        if (closed) {
            return;
        }
        if (!begun) {
            out.writeBytes(FIRST);
        }
        closed = true;
        out.writeBytes(CLOSE);
    }

    /** Google has been seen to break a stream of events off with an error in bare JSON. */
    private static byte @Nullable [] json(SseEvent event) {
        byte[] json = event.hasData() ? event.data() : event.raw();
        try (JsonParser parser = Json.parser(json)) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                return null;
            }
            parser.skipChildren();
            return parser.nextToken() == null ? json : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static int dataStart(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(16, bytes.length), StandardCharsets.ISO_8859_1);
        int at = head.indexOf(DATA);
        return at < 0 ? 0 : at + DATA.length();
    }

    /** Within JSON no line break stands unescaped but between its tokens. */
    private boolean endsWithBlankLine(byte[] bytes) {
        int from = Math.max(0, bytes.length - TAIL);
        tail += new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1);
        tail = tail.substring(Math.max(0, tail.length() - TAIL));
        return tail.endsWith("\n\n") || tail.endsWith("\r\n\r\n") || tail.endsWith("\r\r");
    }
}
