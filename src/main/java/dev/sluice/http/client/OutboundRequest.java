package dev.sluice.http.client;

import dev.sluice.http.BodyStream;
import dev.sluice.http.Headers;
import dev.sluice.http.address.AddressPolicy;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to make. The body is either whole or streamed from {@code bodyStream}, never both.
 *
 * @param uri absolute, http or https
 * @param headers without framing, host and hop-by-hop fields
 * @param bodyLength length of the streamed body, or -1 when unknown (chunked)
 * @param reach which addresses may be connected to
 * @param authorization what gives it its credential when it is sent; null if the headers have it
 */
public record OutboundRequest(
        String method,
        URI uri,
        Headers headers,
        Buffer body,
        @Nullable BodyStream bodyStream,
        long bodyLength,
        Timeouts timeouts,
        AddressPolicy reach,
        @Nullable Authorization authorization) {

    /** A request that has its credential in its headers, or needs none. */
    public OutboundRequest(
            String method,
            URI uri,
            Headers headers,
            Buffer body,
            @Nullable BodyStream bodyStream,
            long bodyLength,
            Timeouts timeouts,
            AddressPolicy reach) {
        this(method, uri, headers, body, bodyStream, bodyLength, timeouts, reach, null);
    }

    /**
     * @param connect until the connection stands
     * @param firstByte from the request's last byte to the head of the answer
     * @param idle between any two pieces of the answer's body
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle) {}

    /** {@return the same request with another body} */
    public OutboundRequest saying(Buffer other) {
        return new OutboundRequest(
                method, uri, headers, other, null, other.length(), timeouts, reach, authorization);
    }

    /** {@return the same request with other headers} */
    public OutboundRequest with(Headers other) {
        return new OutboundRequest(
                method, uri, other, body, bodyStream, bodyLength, timeouts, reach, authorization);
    }

    /** {@return the same request, given its credential by that when it is sent} */
    public OutboundRequest authorizedBy(@Nullable Authorization by) {
        return new OutboundRequest(
                method, uri, headers, body, bodyStream, bodyLength, timeouts, reach, by);
    }

    public static OutboundRequest whole(
            String method,
            URI uri,
            Headers headers,
            Buffer body,
            Timeouts timeouts,
            AddressPolicy reach) {
        return new OutboundRequest(
                method, uri, headers, body, null, body.length(), timeouts, reach);
    }
}
