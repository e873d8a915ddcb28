package dev.sluice.proxy;

import dev.sluice.chat.Protocol;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.UnitBound;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.http.Headers;
import dev.sluice.proxy.call.Upload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked, before it is known who will answer. It survives every retry unchanged.
 *
 * @param body exactly as it came
 * @param peek what stands in the body and where
 * @param model the model named in the body or the path, or null
 * @param stream whether events are wanted, by the body, the path or {@code Accept}
 * @param canonical the same in the canonical form
 * @param upload the body where it is streamed rather than held; {@code body} is empty then
 */
public record InboundRequest(
        String id,
        Protocol protocol,
        byte[] body,
        RequestPeek peek,
        @Nullable String model,
        boolean stream,
        Headers headers,
        @Nullable String query,
        CanonicalRequest canonical,
        @Nullable Upload upload) {
    /** The largest file of sound that is usually taken. */
    private static final long LARGEST_SOUND = 25 << 20;

    /** A request whose body is in hand. */
    public InboundRequest(
            String id,
            Protocol protocol,
            byte[] body,
            RequestPeek peek,
            @Nullable String model,
            boolean stream,
            Headers headers,
            @Nullable String query,
            CanonicalRequest canonical) {
        this(id, protocol, body, peek, model, stream, headers, query, canonical, null);
    }

    /** {@return whether its body is streamed rather than held} */
    public boolean isUploaded() {
        return upload != null;
    }

    /** {@return the size of its body, as far as it is known} */
    public long bytes() {
        return upload == null ? body.length : upload.bytes();
    }

    /**
     * {@return how much its answer may be billed by other units than tokens} A form whose size is
     * not said may be as large as any.
     */
    public UnitBound units() {
        boolean isOpenEnded = upload != null && upload.length(null) < 0;
        long size = isOpenEnded ? Math.max(bytes(), LARGEST_SOUND) : bytes();
        return canonical.client().units(body, peek, size);
    }

    /** {@return whether it can be sent once more, or to somebody else} */
    public boolean canBeSentAgain() {
        return upload == null || upload.canBeSentAgain();
    }

    /** {@return whether it is a task that can only be passed on, and no chat} */
    public boolean isTask() {
        return canonical.client().taskPath() != null;
    }

    /**
     * {@return what it refers to that only one upstream keeps} Outside of Responses that is rare:
     * bodies that cannot are not scanned.
     */
    public List<UpstreamReference> references() {
        if (isUploaded() || isTask()) {
            return List.of();
        }
        return protocol == Protocol.OPENAI_RESPONSES || mayRefer()
                ? canonical.client().references(body)
                : List.of();
    }

    private boolean mayRefer() {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.contains("file_id")
                || text.contains("container")
                || text.contains("cached")
                || text.contains("files")
                || hasEscapedLetters(text);
    }

    /**
     * {@return whether a name could be written so that it is not seen} Letters and the underscore
     * need no escape, so that hardly any honest body has one.
     */
    private static boolean hasEscapedLetters(String text) {
        for (int at = text.indexOf("\\u00"); at >= 0; at = text.indexOf("\\u00", at + 4)) {
            char digit = at + 4 < text.length() ? text.charAt(at + 4) : '0';
            if (digit >= '4' && digit <= '7') {
                return true;
            }
        }
        return false;
    }

    /** {@return false for Gemini's stream without {@code alt=sse}, which is a JSON array} */
    public boolean serverSentEvents() {
        return protocol != Protocol.GEMINI || GeminiPaths.wantsEvents(query);
    }
}
