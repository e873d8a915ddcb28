package dev.sluice.proxy.dispatch;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.Dialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.OutboundCall;
import dev.sluice.http.OutboundClient;
import dev.sluice.http.OutboundFailure;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.call.Call;
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
    private final UpstreamClient upstreams;
    private final Duration commitAfter;

    /**
     * @param commitAfter how long a stream may be alive without output before its status is
     *     committed all the same
     */
    public Dispatcher(OutboundClient client, UpstreamClient upstreams, Duration commitAfter) {
        this.client = client;
        this.upstreams = upstreams;
        this.commitAfter = commitAfter;
    }

    /** What is walked, and for whom. */
    public record Order(
            Plan plan, InboundRequest request, Lease lease, Dialect dialect, Exchange exchange) {}

    /** {@return the answer at its commit point} Fails with {@link GatewayException}. */
    public Future<Answer> dispatch(Order order, Call call) {
        if (order.exchange().isClientGone()) {
            return Future.failedFuture(clientLeft());
        }
        return call.open()
                .compose(_ -> next(order, call, order.plan().candidates().iterator(), null))
                .onSuccess(_ -> order.exchange().releaseBody());
    }

    private Future<Answer> next(
            Order order, Call call, Iterator<Candidate> left, @Nullable AttemptFailed last) {
        while (left.hasNext()) {
            Candidate candidate = left.next();
            if (candidate.supports(order.request()) && order.lease().takeShareFor(candidate)) {
                return attempt(order, call, candidate)
                        .recover(failure -> afterwards(order, call, left, failure));
            }
        }
        return last == null
                ? Future.failedFuture(
                        GatewayException.overloaded(
                                "no_candidate", "No upstream can take this call at the moment."))
                : last(last);
    }

    private Future<Answer> attempt(Order order, Call call, Candidate candidate) {
        Outgoing outgoing =
                upstreams.passthrough(
                        candidate,
                        order.request(),
                        order.dialect(),
                        order.lease().maxOutputTokens());
        Call.AttemptLog log =
                call.attempts(
                        candidate,
                        outgoing.key() == null ? null : outgoing.key().label(),
                        outgoing.target());
        Attempt attempt =
                new Attempt(candidate, outgoing, order.dialect(), order.exchange(), commitAfter);
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
                });
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

    private Future<Answer> afterwards(
            Order order, Call call, Iterator<Candidate> left, Throwable failure) {
        if (!(failure instanceof AttemptFailed failed)) {
            return Future.failedFuture(failure);
        }
        return failed.failureClass().isWorthAnother() && left.hasNext()
                ? next(order, call, left, failed)
                : last(failed);
    }

    /**
     * What the client gets when nothing is left to try: the upstream's own words where they are for
     * it, else ours.
     */
    private static Future<Answer> last(AttemptFailed failed) {
        AttemptFailed.Spoken spoken = failed.spoken();
        if (failed.failureClass().isTheOperators()) {
            return Future.failedFuture(
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_FAILED,
                            "upstream_auth",
                            "The upstream refused the gateway's own account. Its operator can see"
                                    + " why.",
                            null));
        }
        if (spoken != null && spoken.status() >= 400 && looksLikeAnError(spoken.body())) {
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
        return Future.failedFuture(inOurWords(failed));
    }

    private static boolean looksLikeAnError(byte[] body) {
        return body.length > 1 && body[0] == '{' && body[body.length - 1] == '}';
    }

    private static GatewayException inOurWords(AttemptFailed failed) {
        OutboundFailure.Kind transport = failed.transport();
        if (transport == null) {
            int status = failed.error().status();
            ErrorKind kind =
                    switch (failed.failureClass()) {
                        case LIMITED -> ErrorKind.LIMITED;
                        case CALLER -> status == 404 ? ErrorKind.NOT_FOUND : ErrorKind.BAD_REQUEST;
                        case MODEL_GONE -> ErrorKind.NOT_FOUND;
                        case TRANSIENT, QUOTA, CREDENTIAL, UNKNOWN ->
                                status == 503 || status == 529
                                        ? ErrorKind.OVERLOADED
                                        : ErrorKind.UPSTREAM_FAILED;
                    };
            return GatewayException.upstream(
                    kind,
                    kind == ErrorKind.UPSTREAM_FAILED ? "upstream_error" : "upstream_refused",
                    "The upstream failed: " + failed.error().message(),
                    failed.error().retryAfterMillis());
        }
        return switch (transport) {
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT ->
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_TIMEOUT,
                            "gateway_timeout",
                            "Upstream request timed out: " + failed.error().message(),
                            null);
            case POOL_FULL ->
                    new GatewayException(
                            ChatError.of(
                                    ErrorKind.OVERLOADED,
                                    "upstream_busy",
                                    "Too many calls wait for this upstream already."),
                            Fault.GATEWAY,
                            1_000L);
            case UNRESOLVED, FORBIDDEN_ADDRESS, CONNECT_REFUSED, TLS, BROKEN, PROTOCOL, CANCELLED ->
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_FAILED,
                            "bad_gateway",
                            "Failed to get an answer from the upstream: "
                                    + failed.error().message(),
                            null);
        };
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
