package dev.sluice.proxy.dispatch;

import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Loss;
import dev.sluice.chat.UpstreamError;
import dev.sluice.http.Exchange;
import dev.sluice.http.OutboundCall;
import dev.sluice.http.OutboundClient;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.dispatch.OutgoingRequests.Prepared;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Walks the plan: one {@link Attempt} after another until one has begun to answer with output.
 * Completes at that commit point, or fails with what the client is to be told.
 */
public final class Dispatcher {
    private final OutboundClient client;
    private final OutgoingRequests requests;
    private final Limits limits;

    public Dispatcher(OutboundClient client, OutgoingRequests requests, Limits limits) {
        this.client = client;
        this.requests = requests;
        this.limits = limits;
    }

    /** What is walked, and for whom. */
    public record Order(Plan plan, InboundRequest request, Lease lease, Exchange exchange) {}

    /**
     * How long and how large things may be.
     *
     * @param commitAfter how long a stream may be alive without output before its status is
     *     committed all the same
     * @param largestOnLoop what is larger, in bytes, is translated on a worker
     */
    public record Limits(Duration commitAfter, int largestOnLoop) {}

    /** {@return the answer at its commit point} Fails with {@link GatewayException}. */
    public Future<Answer> dispatch(Order order, Call call) {
        if (order.exchange().isClientGone()) {
            return Future.failedFuture(clientLeft());
        }
        return call.open()
                .compose(_ -> next(new Walk(order, call)))
                .onSuccess(_ -> order.exchange().releaseBody());
    }

    /** How far a plan has been walked. */
    private static final class Walk {
        private final Order order;
        private final Call call;
        private final Iterator<Candidate> left;
        private @Nullable AttemptFailed last;
        private @Nullable Loss unsayable;

        Walk(Order order, Call call) {
            this.order = order;
            this.call = call;
            this.left = order.plan().candidates().iterator();
        }
    }

    private Future<Answer> next(Walk walk) {
        if (!walk.left.hasNext()) {
            return nothingLeft(walk);
        }
        Candidate candidate = walk.left.next();
        return prepared(walk.order, candidate)
                .compose(prepared ->
                        switch (prepared) {
                            case Prepared.Ready ready -> attempt(walk, candidate, ready.outgoing());
                            case Prepared.Unsayable unsayable -> {
                                walk.unsayable = unsayable.loss();
                                yield next(walk);
                            }
                        });
    }

    /** What takes longer than about a millisecond leaves the loop. */
    private Future<Prepared> prepared(Order order, Candidate candidate) {
        InboundRequest request = order.request();
        Long limit = order.lease().maxOutputTokens();
        boolean translates = candidate.protocol() != request.protocol();
        if (translates && request.body().length > limits.largestOnLoop()) {
            return order.exchange().onWorker(() -> requests.prepare(candidate, request, limit));
        }
        try {
            return Future.succeededFuture(requests.prepare(candidate, request, limit));
        } catch (GatewayException refused) {
            return Future.failedFuture(refused);
        }
    }

    private Future<Answer> attempt(Walk walk, Candidate candidate, Outgoing outgoing) {
        Order order = walk.order;
        if (order.exchange().isClientGone()) {
            return Future.failedFuture(clientLeft());
        }
        if (!order.lease().takeShareFor(candidate)) {
            return next(walk);
        }
        Call call = walk.call;
        Call.AttemptLog log =
                call.attempts(
                        candidate,
                        outgoing.key() == null ? null : outgoing.key().label(),
                        outgoing.target(),
                        outgoing.warnings());
        Attempt attempt = new Attempt(candidate, outgoing, order.exchange(), limits);
        OutboundCall sent = client.send(outgoing.request());
        call.whenClientLeaves(() -> attempt.abandon(clientLeft()));
        call.whenInterrupted(() -> attempt.abandon(shuttingDown()));
        return attempt.start(sent, order.request().stream())
                .onSuccess(answer -> log.ended(answer.status(), "answered", null))
                .onFailure(failure -> {
                    log(log, failure, outgoing);
                    if (AttemptFailed.mayBeBilled(failure)) {
                        order.lease().lost();
                    }
                })
                .recover(failure -> afterwards(walk, failure));
    }

    private Future<Answer> afterwards(Walk walk, Throwable failure) {
        if (!(failure instanceof AttemptFailed failed)) {
            return Future.failedFuture(failure);
        }
        walk.last = failed;
        return failed.failureClass().isWorthAnother() ? next(walk) : last(failed);
    }

    private static Future<Answer> nothingLeft(Walk walk) {
        AttemptFailed failed = walk.last;
        if (failed != null) {
            return last(failed);
        }
        Loss unsayable = walk.unsayable;
        return Future.failedFuture(
                unsayable == null
                        ? GatewayException.overloaded(
                                "no_candidate", "No upstream can take this call at the moment.")
                        : GatewayException.parameter(
                                "unsupported_parameter", unsayable.message(), unsayable.param()));
    }

    private static void log(Call.AttemptLog log, Throwable failure, Outgoing outgoing) {
        if (failure instanceof AttemptFailed failed) {
            UpstreamError error = failed.error();
            log.ended(
                    error.status() == 0 ? null : error.status(),
                    failed.failureClass().wireName(),
                    masked(error.message(), outgoing));
        } else {
            log.ended(null, "gateway_error", failure.getClass().getSimpleName());
        }
    }

    /**
     * What the client gets when nothing is left to try: the upstream's own words where they are for
     * it and in its dialect, else ours.
     */
    private static Future<Answer> last(AttemptFailed failed) {
        AttemptFailed.Spoken spoken = failed.spoken();
        if (failed.failureClass().isTheOperators()
                || spoken == null
                || spoken.status() < 400
                || !looksLikeAnError(spoken.body())) {
            return Future.failedFuture(ClientErrors.exception(failed));
        }
        UpstreamError error = failed.error();
        String code = error.code() == null ? failed.failureClass().wireName() : error.code();
        return Future.succeededFuture(
                new Answer.Refused(
                        spoken.status(),
                        spoken.headers(),
                        Buffer.buffer(spoken.body()),
                        code,
                        error.message()));
    }

    private static boolean looksLikeAnError(byte[] body) {
        return body.length > 1 && body[0] == '{' && body[body.length - 1] == '}';
    }

    private static GatewayException clientLeft() {
        return GatewayException.client(
                ErrorKind.BAD_REQUEST, "client_left", "The client closed the connection.");
    }

    private static GatewayException shuttingDown() {
        return GatewayException.overloaded(
                "shutting_down", "The gateway is shutting down; send the request again.");
    }

    /** An upstream may echo the key it refuses. */
    private static String masked(String text, Outgoing outgoing) {
        return outgoing.key() == null ? text : text.replace(outgoing.key().secret().value(), "***");
    }
}
