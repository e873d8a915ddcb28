package dev.sluice.http.engine;

import dev.sluice.http.BodyStream;
import dev.sluice.http.Exchange;
import dev.sluice.http.HeaderRules;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import dev.sluice.http.ResponseStream;
import dev.sluice.http.Route;
import dev.sluice.http.engine.request.ClientLeft;
import dev.sluice.http.engine.request.RequestBody;
import dev.sluice.http.engine.request.RequestEnding;
import dev.sluice.http.engine.request.RequestHead;
import dev.sluice.http.engine.request.RequestTarget;
import dev.sluice.http.engine.route.Unrouted;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's request and response as an {@link Exchange}. */
final class ServerExchange implements Exchange {
    private static final Logger log = LoggerFactory.getLogger(ServerExchange.class);
    private static final int INTERNAL_ERROR = 0x2;

    /** How long a handler may sit on the failure of a body before it is answered for it. */
    private static final long UNANSWERED_MILLIS = 2_000;

    private final ServerParts parts;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ContextInternal context;
    private final RequestEnding ending;
    private final RequestBody body;
    private final String id;
    private final long arrivedNanos;
    private final Headers headers;
    private final List<Runnable> onClientGone = new ArrayList<>(2);
    private RequestTarget target = new RequestTarget("/", null, null);
    private Route route = Unrouted.ROUTE;
    private Map<String, String> pathParameters = Map.of();
    private boolean begun;
    private boolean answered;
    private boolean clientGone;
    private boolean closed;

    ServerExchange(ServerParts parts, HttpServerRequest request, ContextInternal context) {
        this.parts = parts;
        this.request = request;
        this.response = request.response();
        this.context = context;
        this.arrivedNanos = parts.ticker().getAsLong();
        this.id = parts.setup().ids().get().toString();
        this.headers = RequestHead.headers(request);
        this.ending = new RequestEnding(request, context.nettyEventLoop());
        parts.counters().exchangeOpened();
        ending.begin();
        response.exceptionHandler(_ -> clientLeft());
        response.closeHandler(_ -> streamClosed());
        this.body = new RequestBody(request, context, parts.limits(), parts.counters());
    }

    void route(RequestTarget requested, Route found, Map<String, String> parameters) {
        target = requested;
        route = found;
        pathParameters = parameters;
    }

    @Override
    public void run(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Route route() {
        return route;
    }

    @Override
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String path() {
        return target.path();
    }

    @Override
    public @Nullable String query() {
        return target.query();
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return target.parameter(name);
    }

    @Override
    public @Nullable String queryCredential() {
        return target.credential();
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public String clientAddress() {
        String peer = request.remoteAddress().hostAddress();
        return parts.setup().trustedProxies().clientAddress(peer, headers);
    }

    @Override
    public boolean isSecure() {
        String peer = request.remoteAddress().hostAddress();
        return request.isSSL() || parts.setup().trustedProxies().sayHttps(peer, headers);
    }

    @Override
    public long arrivedNanos() {
        return arrivedNanos;
    }

    @Override
    public Future<Buffer> body() {
        Future<Buffer> whole = body.whole();
        whole.onFailure(reason -> after(UNANSWERED_MILLIS, () -> fail(reason)));
        return whole;
    }

    @Override
    public BodyStream bodyStream() {
        return body.stream();
    }

    @Override
    public void hold(int bytes) {
        body.hold(bytes);
    }

    @Override
    public void releaseBody() {
        body.release();
    }

    @Override
    public <T> Future<T> onWorker(Callable<T> decision) {
        Promise<T> promise = context.promise();
        context.<Void>executeBlocking(
                () -> {
                    settle(promise, decision);
                    return null;
                },
                false);
        return promise.future();
    }

    @Override
    public <T> Future<T> onVirtualThread(Callable<T> task) {
        Promise<T> promise = context.promise();
        Thread.ofVirtual().name("exchange").start(() -> settle(promise, task));
        return promise.future();
    }

    @Override
    public Timer after(long millis, Runnable task) {
        ScheduledFuture<?> timer =
                context.nettyEventLoop()
                        .schedule(() -> dispatch(task), millis, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public void onClientGone(Runnable callback) {
        if (clientGone) {
            callback.run();
            return;
        }
        onClientGone.add(callback);
    }

    @Override
    public boolean isClientGone() {
        return clientGone;
    }

    @Override
    public Future<Void> respond(Response answer) {
        if (clientGone) {
            return Future.failedFuture(new ClientLeft());
        }
        writeHead(answer.status(), answer.headers().without("content-length"));
        String length = Integer.toString(answer.body().length());
        boolean bodiless = answer.status() == 204 || answer.status() == 304;
        if (method().equals("HEAD") && !bodiless) {
            response.putHeader("content-length", length);
        }
        answered = true;
        Future<Void> sent =
                bodiless || method().equals("HEAD") ? response.end() : response.end(answer.body());
        return answered(sent);
    }

    @Override
    public void fail(Throwable reason) {
        if (answered || clientGone || reason instanceof ClientLeft) {
            return;
        }
        if (!(reason instanceof HttpFailure)) {
            log.debug("Request {} failed", id, reason);
        }
        if (begun) {
            cut();
            return;
        }
        try {
            respond(parts.setup().renderer().render(this, reason));
        } catch (RuntimeException rendering) {
            log.error(
                    "Request {} has no answer, since rendering its failure failed", id, rendering);
            respond(Response.json(500, "{\"error\":{\"message\":\"Internal error\"}}"));
        }
    }

    @Override
    public ResponseStream begin(int status, Headers answerHeaders) {
        writeHead(status, answerHeaders);
        return new AnswerWriter(this, response, answerHeaders);
    }

    @Override
    public boolean hasBegun() {
        return begun;
    }

    /** Counts the answer as ended once that write is done. */
    Future<Void> answered(Future<Void> sent) {
        answered = true;
        if (!body.hasEnded()) {
            ending.endUnread(sent, body);
        } else {
            ending.end(sent);
        }
        sent.onComplete(_ -> close());
        return sent.recover(reason -> Future.failedFuture(ClientLeft.insteadOf(reason)));
    }

    /** Cuts the connection or resets the stream. */
    void cut() {
        answered = true;
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(INTERNAL_ERROR);
        } else {
            request.connection().close();
        }
        close();
    }

    /** Runs what is to happen once all that is ready in this turn of the loop has been done. */
    void atEndOfTurn(Runnable task) {
        context.nettyEventLoop().execute(() -> dispatch(task));
    }

    /** Says with the answer which methods the path knows. */
    void allow(String methods) {
        response.putHeader("allow", methods);
    }

    /** Closes the connection once this exchange's answer has been written. */
    void closeAfterwards() {
        ending.closeAfterwards();
    }

    private void writeHead(int status, Headers answerHeaders) {
        if (begun) {
            throw new IllegalStateException("An answer has begun already");
        }
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("No final HTTP status: " + status);
        }
        Headers safe = HeaderRules.endToEnd(answerHeaders);
        safe.forEach(header -> HeaderRules.requireSafe(header.name(), header.value()));
        begun = true;
        response.setStatusCode(status);
        safe.forEach(header -> response.headers().add(fieldName(header.name()), header.value()));
        response.putHeader("x-request-id", id).putHeader("request-id", id);
        parts.setup()
                .crossOrigin()
                .headersFor(headers.get("origin"))
                .forEach(header -> response.headers().add(header.name(), header.value()));
        if (parts.draining().get()) {
            ending.closeAfterwards();
        }
        ending.prepare(response, body);
    }

    private String fieldName(String name) {
        return request.version() == HttpVersion.HTTP_2 ? name.toLowerCase(Locale.ROOT) : name;
    }

    private void clientLeft() {
        if (clientGone || closed) {
            return;
        }
        clientGone = true;
        log.debug("Request {}: its client left before the answer had ended", id);
        parts.counters().clientLeft();
        close();
        onClientGone.forEach(Runnable::run);
        onClientGone.clear();
    }

    /** An HTTP/2 stream closes too when it has been answered. */
    private void streamClosed() {
        if (answered && request.version() == HttpVersion.HTTP_2) {
            close();
            return;
        }
        clientLeft();
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        body.release();
        parts.counters().exchangeClosed();
        ending.exchangeEnded();
    }

    private static <T> void settle(Promise<T> promise, Callable<T> task) {
        try {
            promise.complete(task.call());
        } catch (Throwable failure) {
            promise.fail(failure);
        }
    }

    private void dispatch(Runnable task) {
        context.dispatch(_ -> task.run());
    }
}
