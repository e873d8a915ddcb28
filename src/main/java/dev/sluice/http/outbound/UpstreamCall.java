package dev.sluice.http.outbound;

import dev.sluice.http.HeaderRules;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call: resolve, connect, send, await the head of the answer, hand over its body. It ends once:
 * by the body's last byte, by a failure, or by {@link #cancel}. Whatever ends it early also ends
 * its connection (HTTP/1.1) or its stream (HTTP/2), so that neither is ever used again.
 */
final class UpstreamCall implements OutboundCall {
    private final UpstreamPool pool;
    private final OutboundRequest request;
    private final ContextInternal context;
    private final Promise<OutboundAnswer> answer;
    private final Deadline deadline;
    private final long startedNanos;
    private @Nullable HttpClientRequest upstream;
    private @Nullable UpstreamBody body;
    private boolean requestSent;
    private boolean ended;

    UpstreamCall(UpstreamPool pool, OutboundRequest request, ContextInternal context) {
        this.pool = pool;
        this.request = request;
        this.context = context;
        this.answer = context.promise();
        this.deadline = new Deadline(context.nettyEventLoop(), pool.ticker(), this::onDeadline);
        this.startedNanos = pool.ticker().getAsLong();
    }

    void start() {
        pool.counters().callStarted();
        Destination destination;
        try {
            destination = pool.destination(request.uri());
        } catch (OutboundFailure refused) {
            fail(refused);
            return;
        }
        Future<List<InetAddress>> addresses =
                pool.addresses().allowed(destination.host(), request.reach(), context);
        if (!addresses.isComplete()) {
            deadline.setAfter(request.timeouts().connect());
        }
        addresses.onSuccess(found -> connect(destination, found.iterator())).onFailure(this::fail);
    }

    @Override
    public Future<OutboundAnswer> answer() {
        return answer.future();
    }

    @Override
    public void cancel() {
        if (context.nettyEventLoop().inEventLoop()) {
            fail(new OutboundFailure(Kind.CANCELLED, "The call was cancelled"));
            return;
        }
        context.nettyEventLoop()
                .execute(() -> fail(new OutboundFailure(Kind.CANCELLED, "The call was cancelled")));
    }

    boolean hasEnded() {
        return ended;
    }

    /** The body's idle time starts anew. */
    void expectData() {
        deadline.setAfter(request.timeouts().idle());
    }

    /** Nobody reads the body just now, so that it may idle. */
    void expectNothing() {
        deadline.suspend();
    }

    /** The last byte of the answer has been handed over. */
    void complete() {
        if (ended) {
            return;
        }
        end();
        if (!requestSent) {
            // The upstream answered without hearing us out; what is left of the request must not
            // be read as the next one.
            discardConnection();
        }
    }

    /** Ends the call for that reason, unless it has ended. */
    void fail(Throwable reason) {
        if (ended) {
            return;
        }
        end();
        discardConnection();
        answer.tryFail(reason);
        if (body != null) {
            body.fail(reason);
        }
    }

    private void end() {
        ended = true;
        deadline.cancel();
        pool.counters().callEnded();
    }

    private void connect(Destination destination, Iterator<InetAddress> addresses) {
        if (ended) {
            return;
        }
        deadline.suspend();
        long spent = pool.ticker().getAsLong() - startedNanos;
        long left = request.timeouts().connect().toMillis() - TimeUnit.NANOSECONDS.toMillis(spent);
        pool.counters().connectionWanted();
        request(destination, addresses.next(), Math.max(1, left))
                .onComplete(_ -> pool.counters().connectionSettled())
                .onSuccess(this::connected)
                .onFailure(cause -> connectFailed(cause, destination, addresses));
    }

    private Future<HttpClientRequest> request(
            Destination destination, InetAddress address, long millis) {
        try {
            return pool.client().request(options(destination, address, millis));
        } catch (RuntimeException refused) {
            return Future.failedFuture(refused);
        }
    }

    private RequestOptions options(Destination destination, InetAddress address, long millis) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.valueOf(request.method()))
                        .setServer(
                                SocketAddress.inetSocketAddress(
                                        destination.port(),
                                        Destination.uriHost(address.getHostAddress())))
                        .setHost(destination.uriHost())
                        .setPort(destination.port())
                        .setSsl(destination.tls())
                        .setURI(destination.target())
                        .setFollowRedirects(false)
                        .setConnectTimeout(millis);
        return switch (pool.protocol()) {
            case HTTP_1_1 -> options.setProtocolVersion(HttpVersion.HTTP_1_1);
            case NEGOTIATED ->
                    destination.tls() ? options : options.setProtocolVersion(HttpVersion.HTTP_1_1);
            case HTTP_2 -> options.setProtocolVersion(HttpVersion.HTTP_2);
        };
    }

    private void connectFailed(
            Throwable cause, Destination destination, Iterator<InetAddress> addresses) {
        OutboundFailure failure = Failures.whileConnecting(cause);
        if (failure.kind() == Kind.CONNECT_REFUSED && addresses.hasNext()) {
            connect(destination, addresses);
            return;
        }
        fail(failure);
    }

    private void connected(HttpClientRequest connected) {
        upstream = connected;
        connected.exceptionHandler(cause -> fail(Failures.whileAnswering(cause)));
        if (ended) {
            // Cancelled on the way: nothing was sent, and the connection goes back unused.
            connected.reset();
            return;
        }

        connected.response().onComplete(this::answered, this::unanswered);
        writeHeaders(connected);
        if (request.bodyStream() != null) {
            new BodyPump(this, request, connected).start(request.bodyStream());
            return;
        }
        sendWhole(connected);
    }

    private void writeHeaders(HttpClientRequest connected) {
        boolean lowerCase = connected.version() == HttpVersion.HTTP_2;
        for (Headers.Header header : HeaderRules.endToEnd(request.headers())) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (isOurs(name)) {
                continue;
            }
            connected.headers().add(lowerCase ? name : header.name(), header.value());
        }
        connected.headers().set("accept-encoding", "identity");
    }

    private static boolean isOurs(String name) {
        return name.equals("host")
                || name.equals("content-length")
                || name.equals("accept-encoding")
                || name.equals("expect");
    }

    private void sendWhole(HttpClientRequest connected) {
        Buffer whole = request.body();
        boolean bare =
                whole.length() == 0
                        && (request.method().equals("GET") || request.method().equals("HEAD"));
        Future<Void> written = bare ? connected.end() : connected.end(whole);
        requestWritten();
        written.onFailure(cause -> fail(Failures.whileAnswering(cause)));
    }

    /** The request's last byte is on its way. */
    void requestWritten() {
        requestSent = true;
        if (!ended && body == null) {
            deadline.setAfter(request.timeouts().firstByte());
        }
    }

    private void answered(HttpClientResponse response) {
        response.pause();
        response.exceptionHandler(cause -> fail(Failures.whileAnswering(cause)));
        if (ended) {
            return;
        }
        if (response.statusCode() < 200) {
            fail(new OutboundFailure(Kind.PROTOCOL, "The upstream switched protocols unasked"));
            return;
        }
        deadline.suspend();
        body = new UpstreamBody(this, response);
        answer.tryComplete(new UpstreamAnswer(response, body, this));
    }

    private void unanswered(Throwable cause) {
        fail(Failures.whileAnswering(cause));
    }

    private void onDeadline() {
        Duration idle = request.timeouts().idle();
        if (upstream == null) {
            fail(
                    new OutboundFailure(
                            Kind.CONNECT_TIMEOUT, "The host name did not resolve in time"));
        } else if (body == null) {
            fail(
                    new OutboundFailure(
                            Kind.FIRST_BYTE_TIMEOUT,
                            "No answer within "
                                    + request.timeouts().firstByte().toMillis()
                                    + " ms"));
        } else {
            fail(
                    new OutboundFailure(
                            Kind.IDLE_TIMEOUT, "The answer paused for " + idle.toMillis() + " ms"));
        }
    }

    private void discardConnection() {
        if (upstream == null) {
            return;
        }
        upstream.reset();
        if (upstream.version() != HttpVersion.HTTP_2) {
            // reset() leaves a connection alone whose answer has ended before its request.
            upstream.connection().close();
        }
    }
}
