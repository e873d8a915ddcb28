package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Endpoints;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Protocol;
import dev.sluice.http.BodyStream;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.admit.RawCall;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.cloud.NoAccessToken;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.dispatch.attempt.AttemptFailed;
import dev.sluice.proxy.dispatch.attempt.UpstreamClient;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import dev.sluice.proxy.dispatch.failure.FailureClassifier;
import dev.sluice.proxy.dispatch.failure.RetryAfter;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.dispatch.visit.Visits.Visitor;
import dev.sluice.proxy.relay.ByteRelay;
import dev.sluice.proxy.relay.ByteTap;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.tokens.TokenEstimator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Raw proxying to one chosen upstream ({@code X-Upstream-Name}, else the default): the same
 * admission and the same record as chat, and no look into what is said but for usage and for what
 * upstreams keep. Bodies stream both ways, but for those that can name what belongs to another.
 */
public final class PassthroughProxy {
    private final Authenticator authenticator;
    private final Router router;
    private final Admission admission;
    private final Means means;
    private final Calls calls;
    private final RawPaths paths;
    private final RawReferences references;

    public PassthroughProxy(
            Authenticator authenticator,
            Router router,
            Admission admission,
            Means means,
            Calls calls,
            RawPaths paths,
            RawReferences references) {
        this.authenticator = authenticator;
        this.router = router;
        this.admission = admission;
        this.means = means;
        this.calls = calls;
        this.paths = paths;
        this.references = references;
    }

    /** What upstreams are called with, and what counts tokens where they do not. */
    public record Means(
            OutboundClient client,
            UpstreamClient upstreams,
            Visits visits,
            TokenEstimator estimator) {}

    /** A request that may go to its upstream. */
    private record Trip(
            Exchange exchange,
            Call call,
            Candidate candidate,
            RawPaths.Target target,
            Lease lease) {}

    /**
     * A request's body as it will be sent.
     *
     * @param stream null where it is held, or where there is none
     * @param length -1 where it is not known
     * @param keyLabel of the key whose account keeps what it names, or null
     */
    private record Payload(
            Buffer held, @Nullable BodyStream stream, long length, @Nullable String keyLabel) {}

    /** Serves {@code ANY {prefix}/v1/**}. */
    public void raw(Exchange exchange) {
        String name = exchange.headers().get("x-upstream-name");
        serve(exchange, paths.target(exchange), key -> router.upstream(key, name));
    }

    /** Serves {@code /v1/responses/{id}/**} at the upstream that keeps it, for its owner only. */
    public void stored(Exchange exchange) {
        String id = exchange.pathParameters().getOrDefault("id", "");
        serve(exchange, RawPaths.stored(exchange), key -> router.keeperOf(key, id));
    }

    private void serve(
            Exchange exchange, RawPaths.Target target, Function<ApiKey, Upstream> choice) {
        ApiKey key = authenticator.authenticate(exchange, target.needed());
        Call call = calls.open(exchange, key, target.protocol());
        exchange.onClientGone(call::clientLeft);
        serve(exchange, call, target, choice)
                .onFailure(failure ->
                        Refusal.of(failure, call).answer(exchange, paths.dialect(target), call));
    }

    private Future<Void> serve(
            Exchange exchange,
            Call call,
            RawPaths.Target target,
            Function<ApiKey, Upstream> choice) {
        try {
            ApiKey key = call.key();
            references.check(key, target.path());
            Upstream upstream = choice.apply(key);
            Candidate candidate =
                    new Candidate(upstream, "", protocolOf(upstream, target), "chosen")
                            .preferring(references.keyLabel(upstream, target.path()));
            call.asks(null, false, Math.max(0, declaredLength(exchange.headers())));
            Lease lease =
                    admission.admitRaw(
                            key,
                            new RawCall(
                                    candidate, kind(target), declaredLength(exchange.headers())),
                            call.startedAt());
            call.mayStart(new Plan(List.of(candidate)), lease);
            lease.takeShareFor(candidate);
            Trip trip = new Trip(exchange, call, candidate, target, lease);
            return call.open().compose(_ -> payload(trip)).compose(payload -> send(trip, payload));
        } catch (GatewayException refused) {
            return Future.failedFuture(refused);
        }
    }

    private Future<Payload> payload(Trip trip) {
        Exchange exchange = trip.exchange();
        long length = declaredLength(exchange.headers());
        if (length == 0 || !references.mustRead(trip.target())) {
            BodyStream stream = length == 0 ? null : exchange.bodyStream();
            return Future.succeededFuture(new Payload(Buffer.buffer(), stream, length, null));
        }
        Upstream upstream = trip.candidate().upstream();
        return references
                .checked(exchange, trip.call().key(), upstream, trip.target())
                .map(checked ->
                        new Payload(
                                checked.body(), null, checked.body().length(), checked.keyLabel()));
    }

    private static RawCall.Kind kind(RawPaths.Target target) {
        if (target.isLook()) {
            return RawCall.Kind.LOOK;
        }
        return switch (target.needed()) {
            case READ -> RawCall.Kind.LOOK;
            case WRITE -> RawCall.Kind.GENERATION;
            case RAW, ADMIN -> RawCall.Kind.OTHER;
        };
    }

    private static Protocol protocolOf(Upstream upstream, RawPaths.Target target) {
        Protocol asked = target.protocol();
        return asked != null && upstream.speaks(asked) ? asked : upstream.protocols().getFirst();
    }

    private Future<Void> send(Trip trip, Payload payload) {
        Exchange exchange = trip.exchange();
        Candidate candidate = trip.candidate().preferring(payload.keyLabel());
        if (exchange.isClientGone()) {
            return Future.failedFuture(
                    GatewayException.client(
                            ErrorKind.BAD_REQUEST,
                            "client_left",
                            "The client closed the connection."));
        }
        URI uri = uri(trip);
        Visitor visitor = new Visitor(candidate, UUID.fromString(exchange.id()), Set.of());
        return switch (means.visits().insist(visitor)) {
            case Visits.Entry.Open open -> send(trip, payload, uri, open.visit());
            case Visits.Entry.Shut shut when shut.statedNanos() > 0 ->
                    Future.failedFuture(
                            GatewayException.upstreamLimited(
                                    TimeUnit.NANOSECONDS.toMillis(shut.statedNanos()) + 1));
            case Visits.Entry.Shut _ ->
                    Future.failedFuture(
                            GatewayException.overloaded(
                                    "upstream_busy",
                                    "This upstream has as many calls as it may have; try again."));
        };
    }

    private Future<Void> send(Trip trip, Payload payload, URI uri, Visit visit) {
        Exchange exchange = trip.exchange();
        Call call = trip.call();
        Candidate candidate = trip.candidate();
        UpstreamKey key = visit.key();
        OutboundRequest request = request(trip, payload, uri, key);
        Call.AttemptLog log =
                call.attempts(
                        candidate,
                        key == null ? null : key.label(),
                        uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath(),
                        List.of());
        visit.begin();
        call.whenClosed(visit::delivered);
        OutboundCall sent = means.client().send(means.upstreams().authorized(request, key));
        call.whenClientLeaves(() -> {
            sent.cancel();
            exchange.run(() -> Refusal.clientLeft(call));
        });
        return sent.answer()
                .onSuccess(answer -> {
                    note(visit, call, answer);
                    log.ended(answer.status(), "answered", null);
                })
                .onFailure(failure -> {
                    failed(visit, failure);
                    log.ended(null, "transient", failure.getMessage());
                    if (AttemptFailed.mayBeBilled(failure)) {
                        trip.lease().lost(candidate);
                    }
                })
                .recover(failure -> Future.failedFuture(unanswered(failure)))
                .compose(answer -> relay(trip, answer));
    }

    private static URI uri(Trip trip) {
        try {
            return Endpoints.versioned(
                    trip.candidate().upstream(),
                    "v1",
                    withQuery(trip.target().path(), trip.exchange()));
        } catch (IllegalArgumentException malformed) {
            throw GatewayException.client(
                    ErrorKind.BAD_REQUEST,
                    "invalid_url",
                    "The path or the query holds characters that have no place in a URL:"
                            + " percent-encode them.");
        }
    }

    private OutboundRequest request(
            Trip trip, Payload payload, URI uri, @Nullable UpstreamKey key) {
        Upstream upstream = trip.candidate().upstream();
        Headers own =
                means.upstreams()
                        .headers(
                                upstream,
                                key,
                                trip.candidate().protocol(),
                                Headers.EMPTY,
                                Set.of());
        return new OutboundRequest(
                trip.exchange().method(),
                uri,
                paths.requestHeaders(own, trip.exchange().headers()),
                payload.held(),
                payload.stream(),
                payload.length(),
                means.upstreams().timeouts(upstream),
                means.upstreams().reach());
    }

    private static void failed(Visit visit, Throwable failure) {
        if (failure instanceof OutboundFailure outbound
                && outbound.kind() == OutboundFailure.Kind.CANCELLED) {
            visit.abandoned();
        } else {
            visit.failed(
                    failure instanceof NoAccessToken
                            ? FailureClass.CREDENTIAL
                            : FailureClass.TRANSIENT,
                    null);
        }
    }

    /** By its status alone: what it says is not looked into. */
    private static void note(Visit visit, Call call, OutboundAnswer answer) {
        FailureClass failure = FailureClassifier.byStatus(answer.status());
        if (failure == null) {
            visit.answered(answer.headers(), false);
        } else {
            visit.failed(failure, RetryAfter.millis(answer.headers(), call.startedAt()));
        }
    }

    private Future<Void> relay(Trip trip, OutboundAnswer answer) {
        Exchange exchange = trip.exchange();
        Call call = trip.call();
        RawPaths.Target target = trip.target();
        if (answer.status() == 401) {
            answer.cancel();
            return Future.failedFuture(refusedAccount());
        }
        Answer.Relayed relayed =
                new Answer.Relayed(answer.status(), answer.headers(), Buffer.buffer(), answer);
        UsageEstimate estimate =
                UsageEstimate.ofBytes(
                        Math.max(0, declaredLength(exchange.headers())), means.estimator());
        ByteTap keeping = references.tap(target, answer, call, estimate);
        return new ByteRelay(
                        relayed,
                        paths.answerHeaders(answer.headers(), call),
                        exchange,
                        call,
                        keeping == null ? paths.tap(target, answer, estimate) : keeping)
                .start();
    }

    private static GatewayException refusedAccount() {
        return GatewayException.upstream(
                ErrorKind.UPSTREAM_FAILED,
                "upstream_auth",
                "The upstream refused the gateway's own account. Its operator can see why.",
                null);
    }

    private static String withQuery(String path, Exchange exchange) {
        String query = exchange.query();
        return query == null ? path : path + "?" + query;
    }

    private static Throwable unanswered(Throwable failure) {
        if (failure instanceof NoAccessToken) {
            return refusedAccount();
        }
        if (!(failure instanceof OutboundFailure outbound)) {
            return failure;
        }
        return switch (outbound.kind()) {
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT ->
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_TIMEOUT,
                            "gateway_timeout",
                            "Upstream request timed out: " + outbound.getMessage(),
                            null);
            case POOL_FULL ->
                    GatewayException.overloaded(
                            "upstream_busy", "Too many calls wait for this upstream already.");
            case UNRESOLVED, FORBIDDEN_ADDRESS, CONNECT_REFUSED, TLS, BROKEN, PROTOCOL, CANCELLED ->
                    GatewayException.upstream(
                            ErrorKind.UPSTREAM_FAILED,
                            "bad_gateway",
                            "Failed to connect to upstream: " + outbound.getMessage(),
                            null);
        };
    }

    /** {@return the length of the body, 0 without one, -1 where it is not said} */
    private static long declaredLength(Headers headers) {
        String length = headers.get("content-length");
        if (length != null) {
            return Long.parseLong(length);
        }
        return headers.contains("transfer-encoding") ? -1 : 0;
    }
}
