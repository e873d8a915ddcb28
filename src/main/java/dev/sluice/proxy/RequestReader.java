package dev.sluice.proxy;

import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.RequestPeek;
import dev.sluice.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads what is asked, and has it decided upon: on the loop, or on a worker where the body is so
 * large that reading it takes longer than about a millisecond.
 */
public final class RequestReader {
    private final int largestOnLoop;

    /** Bodies of more bytes than that are decided on a worker. */
    public RequestReader(int largestOnLoop) {
        this.largestOnLoop = largestOnLoop;
    }

    /** {@return what the decision made of the request} The decision must not wait. */
    <T> Future<T> read(Exchange exchange, Dialect client, Function<InboundRequest, T> decision) {
        return exchange.body()
                .compose(body -> {
                    if (body.length() > largestOnLoop) {
                        return exchange.onWorker(
                                () -> decision.apply(request(exchange, client, body)));
                    }
                    return Future.succeededFuture(decision.apply(request(exchange, client, body)));
                });
    }

    private static InboundRequest request(Exchange exchange, Dialect client, Buffer body) {
        byte[] bytes = body.getBytes();
        try {
            RequestPeek peek = client.peek(bytes);
            boolean stream = peek.stream() || wantsEvents(exchange, peek);
            Envelope envelope = new Envelope(null, stream, betas(exchange));
            return new InboundRequest(
                    exchange.id(),
                    client.protocol(),
                    bytes,
                    peek,
                    peek.model(),
                    stream,
                    exchange.headers(),
                    exchange.query(),
                    new CanonicalRequest(client, bytes, envelope));
        } catch (MalformedRequest malformed) {
            throw CanonicalRequest.refused(malformed);
        }
    }

    /**
     * Some clients ask for a stream by {@code Accept} alone; an explicit {@code "stream":false}
     * wins.
     */
    private static boolean wantsEvents(Exchange exchange, RequestPeek peek) {
        String accept = exchange.headers().get("accept");
        return peek.streamSpan() == null
                && accept != null
                && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
    }

    private static List<String> betas(Exchange exchange) {
        String betas = exchange.headers().get("anthropic-beta");
        return betas == null
                ? List.of()
                : Arrays.stream(betas.split(",", -1))
                        .map(String::strip)
                        .filter(beta -> !beta.isEmpty())
                        .toList();
    }
}
