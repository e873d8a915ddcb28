package dev.sluice.proxy;

import dev.sluice.chat.Protocol;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.http.Headers;
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
        CanonicalRequest canonical) {

    /** {@return false for Gemini's stream without {@code alt=sse}, which is a JSON array} */
    public boolean serverSentEvents() {
        return protocol != Protocol.GEMINI
                || (query != null && List.of(query.split("&", -1)).contains("alt=sse"));
    }
}
