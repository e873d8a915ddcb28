package dev.sluice.proxy.relay;

import dev.sluice.chat.Usage;
import dev.sluice.dialect.AnswerPeek;
import dev.sluice.dialect.Dialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.Answer;
import io.vertx.core.Future;
import java.time.Duration;

/** Sends an answer to the client, closes its call, and only then lets the last bytes go. */
public final class Relay {
    private final Duration pingInterval;

    /** A stream silent for that long gets a ping. */
    public Relay(Duration pingInterval) {
        this.pingInterval = pingInterval;
    }

    /**
     * {@return completes when the client has the whole answer or has left}
     *
     * @param requestBytes the size of what was asked, for an estimate where usage is missing
     */
    public Future<Void> send(
            Answer answer, Dialect client, Exchange exchange, Call call, int requestBytes) {
        return switch (answer) {
            case Answer.Whole whole -> whole(whole, exchange, call, requestBytes);
            case Answer.Refused refused -> refused(refused, exchange, call);
            case Answer.Streamed streamed ->
                    new EventRelay(streamed, client, exchange, call, requestBytes)
                            .start(pingInterval);
            case Answer.Relayed relayed ->
                    new ByteRelay(
                                    relayed,
                                    AnswerHeaders.of(relayed.headers(), call, false),
                                    exchange,
                                    call,
                                    ByteTap.ofAnswer(client, requestBytes))
                            .start();
        };
    }

    private static Future<Void> whole(
            Answer.Whole whole, Exchange exchange, Call call, int requestBytes) {
        AnswerPeek peek = whole.peek();
        Usage usage =
                peek.usage() != null
                        ? peek.usage()
                        : Usage.estimated(requestBytes / 4, (peek.outputBytes() + 3) / 4);
        Headers headers = AnswerHeaders.of(whole.headers(), call, false);
        call.firstToken();
        call.passed(whole.body());
        if (peek.billedUnits() != null) {
            call.warns("billed:" + peek.billedUnits());
        }
        return call.close(
                        Delivery.completed(
                                whole.status(), usage, peek.model(), whole.body().length(), 0))
                .compose(
                        _ -> exchange.respond(new Response(whole.status(), headers, whole.body())));
    }

    private static Future<Void> refused(Answer.Refused refused, Exchange exchange, Call call) {
        Headers headers = AnswerHeaders.of(refused.headers(), call, false);
        Fault fault =
                refused.status() < 500 && refused.status() != 429 ? Fault.CLIENT : Fault.UPSTREAM;
        Delivery delivery =
                Delivery.refused(
                        Ending.FAILED,
                        refused.status(),
                        fault,
                        refused.code(),
                        refused.text(),
                        refused.body().length());
        call.passed(refused.body());
        return call.close(delivery)
                .compose(_ ->
                        exchange.respond(new Response(refused.status(), headers, refused.body())));
    }
}
