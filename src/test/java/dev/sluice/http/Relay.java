package dev.sluice.http;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The smallest handler that passes a call on as it comes, with back-pressure and cancellation. */
final class Relay implements Handler {
    final AtomicLong relayedBytes = new AtomicLong();
    final AtomicLong pauses = new AtomicLong();

    private final Supplier<OutboundClient> client;
    private final URI upstream;

    Relay(Supplier<OutboundClient> client, URI upstream) {
        this.client = client;
        this.upstream = upstream;
    }

    @Override
    public void handle(Exchange exchange) {
        OutboundCall call =
                client.get()
                        .send(
                                new OutboundRequest(
                                        exchange.method(),
                                        upstream,
                                        exchange.headers().without("content-length"),
                                        Buffer.buffer(),
                                        exchange.method().equals("GET")
                                                ? null
                                                : exchange.bodyStream(),
                                        -1,
                                        Gateway.PATIENT,
                                        AddressPolicy.OPERATOR));
        exchange.onClientGone(call::cancel);
        call.answer().onSuccess(answer -> pass(exchange, answer)).onFailure(exchange::fail);
    }

    private void pass(Exchange exchange, OutboundAnswer answer) {
        ResponseStream out = exchange.begin(answer.status(), answer.headers());
        BodyStream in = answer.body();
        out.onDrain(in::resume);
        in.onData(
                        bytes -> {
                            relayedBytes.addAndGet(bytes.length());
                            out.write(bytes);
                            if (out.isFull()) {
                                pauses.incrementAndGet();
                                in.pause();
                            }
                        })
                .onEnd(() -> out.end(Buffer.buffer()))
                .onFailure(_ -> out.abort())
                .resume();
    }
}
