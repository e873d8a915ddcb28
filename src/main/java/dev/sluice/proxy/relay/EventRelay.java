package dev.sluice.proxy.relay;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.http.Exchange;
import dev.sluice.http.ResponseStream;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.dispatch.attempt.EventSource;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.proxy.translate.EventTap;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream of events on its way to one client: pauses the upstream while the client reads slowly,
 * pings while the upstream is silent, and ends with the protocol's own ending or an error event,
 * never in silence.
 */
final class EventRelay implements EventSource.Receiver {
    private final EventSource source;
    private final EventTap tap;
    private final Dialect client;
    private final Exchange exchange;
    private final Call call;
    private final UsageEstimate estimate;
    private final KeptReferences references;
    private @Nullable StoredResponse kept;
    private final int status;
    private final ResponseStream out;
    private final Promise<Void> done = Promise.promise();
    private Exchange.@Nullable Timer pings;
    private long sentBytes;
    private boolean wroteSincePing;

    EventRelay(Answer.Streamed answer, Dialect client, Exchange exchange, Call call, Means means) {
        this.source = answer.events();
        this.tap = source.tap();
        this.client = client;
        this.exchange = exchange;
        this.call = call;
        this.estimate = means.estimate();
        this.references = means.references();
        this.status = answer.status();
        this.out = exchange.begin(status, AnswerHeaders.of(answer.headers(), call, true));
    }

    /**
     * @param estimate what is taken to be used where the upstream does not say
     * @param references learns what the upstream keeps of the answer
     */
    record Means(UsageEstimate estimate, KeptReferences references) {}

    Future<Void> start(Duration pingInterval) {
        call.whenClientLeaves(this::clientLeft);
        call.whenInterrupted(this::interrupted);
        out.onDrain(source::resume);
        byte[] ping = client.ping();
        if (ping != null) {
            schedulePing(pingInterval, ping);
        }
        source.attach(this);
        return done.future();
    }

    @Override
    public void ready(Buffer bytes) {
        if (tap.hasOutput()) {
            call.firstToken();
        }
        keep();
        sentBytes += bytes.length();
        call.passed(bytes);
        wroteSincePing = true;
        out.write(bytes);
        if (out.isFull()) {
            source.pause();
        }
    }

    private void keep() {
        StoredResponse made = tap.stored();
        Candidate serving = call.serving();
        if (made != null && !made.equals(kept) && serving != null) {
            kept = made;
            references.made(call.key(), call.keeper(serving), made);
        }
    }

    @Override
    public void ended() {
        keep();
        UpstreamError error = tap.error();
        if (error != null) {
            Ending ending = error.isStreamCut() ? Ending.UPSTREAM_BROKE : Ending.FAILED;
            finish(failed(ending, error.code(), error.message()), tap.takeLast());
        } else if (tap.mayEnd()) {
            Buffer last = tap.takeLast();
            call.answered(last);
            finish(
                    Delivery.completed(
                            status, usage(), tap.model(), sentBytes + last.length(), tap.events()),
                    last);
        } else {
            breakOff(
                    Ending.UPSTREAM_BROKE,
                    ErrorKind.UPSTREAM_FAILED,
                    "The upstream ended its stream before the answer was whole.");
        }
    }

    @Override
    public void broke(Throwable failure) {
        boolean timedOut =
                failure instanceof OutboundFailure outbound
                        && outbound.kind() == OutboundFailure.Kind.IDLE_TIMEOUT;
        if (timedOut) {
            breakOff(
                    Ending.TIMED_OUT,
                    ErrorKind.UPSTREAM_TIMEOUT,
                    "The upstream fell silent before the answer was whole.");
        } else {
            breakOff(
                    Ending.UPSTREAM_BROKE,
                    ErrorKind.UPSTREAM_FAILED,
                    "The upstream's connection broke before the answer was whole.");
        }
    }

    private void breakOff(Ending ending, ErrorKind kind, String message) {
        ChatError error = ChatError.of(kind, "upstream_error", message);
        finish(failed(ending, "upstream_error", message), tap.breakOff(error, exchange.id()));
    }

    private void interrupted() {
        source.cancel();
        String message = "The gateway is shutting down; send the request again.";
        ChatError error = ChatError.of(ErrorKind.OVERLOADED, "shutting_down", message);
        Delivery delivery =
                new Delivery(
                        Ending.INTERRUPTED,
                        status,
                        Fault.GATEWAY,
                        "shutting_down",
                        message,
                        usage(),
                        tap.model(),
                        sentBytes,
                        tap.events());
        finish(delivery, tap.breakOff(error, exchange.id()));
    }

    private void clientLeft() {
        source.cancel();
        stopPings();
        call.close(Delivery.clientLeft(status, usage(), tap.model(), sentBytes, tap.events()));
        done.tryComplete();
    }

    private void finish(Delivery delivery, Buffer last) {
        stopPings();
        call.passed(last);
        call.close(delivery).compose(_ -> out.end(last)).onComplete(_ -> done.tryComplete());
    }

    private Delivery failed(Ending ending, @Nullable String code, String message) {
        return new Delivery(
                ending,
                status,
                Fault.UPSTREAM,
                code,
                message,
                usage(),
                tap.model(),
                sentBytes,
                tap.events());
    }

    private Usage usage() {
        return tap.usage(estimate);
    }

    private void schedulePing(Duration interval, byte[] ping) {
        pings =
                exchange.after(
                        interval.toMillis(),
                        () -> {
                            if (!wroteSincePing && tap.isBetweenEvents() && !out.isFull()) {
                                out.write(Buffer.buffer(ping));
                            }
                            wroteSincePing = false;
                            schedulePing(interval, ping);
                        });
    }

    private void stopPings() {
        Exchange.Timer timer = pings;
        if (timer != null) {
            timer.cancel();
        }
    }
}
