package dev.sluice.proxy.relay;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.ResponseStream;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.attempt.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer of bytes that are not looked into, on its way to one client. The newest piece is always
 * held back by one, so that the last one can wait for the record.
 */
public final class ByteRelay {
    /** What stands in the last event of a stream, in one protocol or another. */
    private static final List<String> LAST_WORDS =
            List.of(
                    "[DONE]",
                    "message_stop",
                    "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "finishReason");

    private final Answer.Relayed answer;
    private final OutboundAnswer upstream;
    private final Exchange exchange;
    private final Call call;
    private final ByteTap tap;
    private final ResponseStream out;
    private final Promise<Void> done = Promise.promise();
    private final boolean isEvents;
    private Buffer newest;
    private long sentBytes;

    /** The tap sees every byte that passes, in order. */
    public ByteRelay(
            Answer.Relayed answer, Headers headers, Exchange exchange, Call call, ByteTap tap) {
        this.answer = answer;
        this.upstream = answer.rest();
        this.exchange = exchange;
        this.call = call;
        this.tap = tap;
        this.newest = answer.held();
        String type = headers.get("content-type");
        this.isEvents =
                type != null
                        && type.contains("text/event-stream")
                        && !headers.contains("content-encoding");
        this.out = exchange.begin(answer.status(), headers);
    }

    /** {@return completes when the client has all of it, or when it was cut} */
    public Future<Void> start() {
        tap.feed(newest);
        call.firstToken();
        call.whenClientLeaves(() -> stop(Ending.CLIENT_LEFT));
        call.whenInterrupted(() -> stop(Ending.INTERRUPTED));
        out.onDrain(upstream.body()::resume);
        upstream.body()
                .onData(this::take)
                .onEnd(this::ended)
                .onFailure(_ -> stop(Ending.UPSTREAM_BROKE));
        upstream.body().resume();
        return done.future();
    }

    private void take(Buffer piece) {
        tap.feed(piece);
        call.passed(piece);
        writeNewest();
        newest = piece;
        if (isEvents && !mayBeLast(piece)) {
            writeNewest();
        }
        if (out.isFull()) {
            upstream.body().pause();
        }
    }

    private void writeNewest() {
        if (newest.length() > 0) {
            sentBytes += newest.length();
            out.write(newest);
            newest = Buffer.buffer();
        }
    }

    /** Events are not held back until others follow, but for those that say that none will. */
    private static boolean mayBeLast(Buffer piece) {
        String text = piece.toString(StandardCharsets.ISO_8859_1);
        return LAST_WORDS.stream().anyMatch(text::contains);
    }

    private void ended() {
        tap.end();
        long bytes = sentBytes + newest.length();
        call.close(Delivery.completed(answer.status(), tap.usage(), tap.model(), bytes, 0))
                .compose(_ -> out.end(newest))
                .onComplete(_ -> done.tryComplete());
    }

    /** There is no way to say in these bytes that they are not whole, but to cut them. */
    private void stop(Ending ending) {
        if (call.isClosed()) {
            return;
        }
        upstream.cancel();
        tap.end();
        Fault fault =
                switch (ending) {
                    case CLIENT_LEFT -> Fault.CLIENT;
                    case INTERRUPTED -> Fault.GATEWAY;
                    case UPSTREAM_BROKE, COMPLETED, FAILED, TIMED_OUT, REFUSED -> Fault.UPSTREAM;
                };
        call.close(
                new Delivery(
                        ending,
                        answer.status(),
                        fault,
                        ending.wireName(),
                        "The answer was cut before it was whole.",
                        tap.usage(),
                        tap.model(),
                        sentBytes,
                        0));
        if (!exchange.isClientGone()) {
            out.abort();
        }
        done.tryComplete();
    }
}
