package dev.sluice.proxy.relay;

import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Response;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.proxy.tokens.TokenEstimator;
import io.vertx.core.Future;
import java.time.Duration;

/** Sends an answer to the client, closes its call, and only then lets the last bytes go. */
public final class Relay {
    private final Duration pingInterval;
    private final KeptReferences references;
    private final TokenEstimator estimator;

    /**
     * @param pingInterval a stream silent for that long gets a ping
     * @param references learns what upstreams keep of answers
     * @param estimator counts what upstreams do not
     */
    public Relay(Duration pingInterval, KeptReferences references, TokenEstimator estimator) {
        this.pingInterval = pingInterval;
        this.estimator = estimator;
        this.references = references;
    }

    /**
     * {@return completes when the client has the whole answer or has left}
     *
     * @param request what was asked, for an estimate where the upstream does not say what was used
     */
    public Future<Void> send(
            Answer answer, Dialect client, Exchange exchange, Call call, InboundRequest request) {
        UsageEstimate estimate = estimate(request, call);
        return switch (answer) {
            case Answer.Whole whole -> {
                keep(whole, client, call);
                yield whole(whole, exchange, call, estimate);
            }
            case Answer.Refused refused -> refused(refused, exchange, call);
            case Answer.Streamed streamed ->
                    new EventRelay(
                                    streamed,
                                    client,
                                    exchange,
                                    call,
                                    new EventRelay.Means(estimate, references))
                            .start(pingInterval);
            case Answer.Relayed relayed ->
                    new ByteRelay(
                                    relayed,
                                    AnswerHeaders.of(relayed.headers(), call, false),
                                    exchange,
                                    call,
                                    tap(client, call, estimate))
                            .start();
        };
    }

    private UsageEstimate estimate(InboundRequest request, Call call) {
        Candidate serving = call.serving();
        String model = serving == null ? request.model() : serving.model();
        return UsageEstimate.of(request, model, estimator);
    }

    private void keep(Answer.Whole whole, Dialect client, Call call) {
        Candidate serving = call.serving();
        if (serving != null && mayBeKept(client, serving)) {
            StoredResponse.in(whole.body().getBytes())
                    .ifPresent(made -> references.made(call.key(), call.keeper(serving), made));
        }
    }

    /** What watches an answer that is too large to be held. */
    private ByteTap tap(Dialect client, Call call, UsageEstimate estimate) {
        Candidate serving = call.serving();
        return serving != null && mayBeKept(client, serving)
                ? KeepingTap.ofAnswer(
                        client,
                        estimate,
                        made -> references.made(call.key(), call.keeper(serving), made))
                : ByteTap.ofAnswer(client, estimate);
    }

    private static boolean mayBeKept(Dialect client, Candidate serving) {
        return client.taskPath() == null
                && client.protocol() == Protocol.OPENAI_RESPONSES
                && serving.protocol() == Protocol.OPENAI_RESPONSES;
    }

    private static Future<Void> whole(
            Answer.Whole whole, Exchange exchange, Call call, UsageEstimate estimate) {
        AnswerPeek peek = whole.peek();
        Usage usage = estimate.ofAnswer(peek, whole.body().getBytes());
        Headers headers = AnswerHeaders.of(whole.headers(), call, false);
        call.firstToken();
        call.passed(whole.body());
        call.answered(whole.body());
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
