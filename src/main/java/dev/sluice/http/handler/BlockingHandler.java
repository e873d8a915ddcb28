package dev.sluice.http.handler;

import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.http.Response;

/**
 * Answers with a function that may block: the body is read first, then a virtual thread runs it.
 */
public final class BlockingHandler implements Handler {
    private final Endpoint endpoint;

    /** Straight-line code that makes an answer of a request. What it throws is rendered. */
    @FunctionalInterface
    public interface Endpoint {
        Response answer(BufferedRequest request) throws Exception;
    }

    public BlockingHandler(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.body()
                .compose(body ->
                        exchange.onVirtualThread(
                                () -> endpoint.answer(new BufferedRequest(exchange, body))))
                .onSuccess(exchange::respond)
                .onFailure(exchange::fail);
    }
}
