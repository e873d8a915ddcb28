package dev.sluice.http.outbound;

import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the engine's exceptions mean. Their own messages may hold addresses and are dropped. */
final class Failures {
    private Failures() {}

    /** {@return why no connection could be had} */
    static OutboundFailure whileConnecting(Throwable cause) {
        Throwable known = firstKnown(cause);
        return switch (known) {
            case ConnectionPoolTooBusyException _ ->
                    failure(Kind.POOL_FULL, "All connections to the upstream are busy");
            case ConnectTimeoutException _ -> timedOut();
            case TimeoutException _ -> timedOut();
            case UnknownHostException _ ->
                    failure(Kind.UNRESOLVED, "The host name does not resolve");
            case SSLException _ -> tls();
            case GeneralSecurityException _ -> tls();
            case ConnectException _ ->
                    failure(Kind.CONNECT_REFUSED, "The upstream refused the connection");
            case NoRouteToHostException _ ->
                    failure(Kind.CONNECT_REFUSED, "The upstream cannot be reached");
            case null, default ->
                    failure(Kind.BROKEN, "The connection broke while it was being made");
        };
    }

    /** {@return why an answer did not come, or did not come whole} */
    static OutboundFailure whileAnswering(Throwable cause) {
        Throwable known = firstKnown(cause);
        return switch (known) {
            case OutboundFailure failure -> failure;
            case StreamResetException _ ->
                    failure(
                            Kind.BROKEN,
                            "The upstream reset the stream before the answer was whole");
            case HttpClosedException _ ->
                    failure(Kind.BROKEN, "The upstream closed before the answer was whole");
            case SSLException _ -> tls();
            case PrematureChannelClosureException _ ->
                    failure(Kind.BROKEN, "The upstream closed before the answer was whole");
            case TooLongFrameException _ ->
                    failure(Kind.PROTOCOL, "The head of the upstream's answer is too large");
            case DecoderException _ -> failure(Kind.PROTOCOL, "The upstream's answer is not HTTP");
            case IllegalArgumentException _ ->
                    failure(Kind.PROTOCOL, "The upstream's answer is not HTTP");
            case IllegalStateException _ ->
                    failure(Kind.PROTOCOL, "The upstream's answer is not HTTP");
            case null, default -> failure(Kind.BROKEN, "The connection to the upstream broke");
        };
    }

    private static OutboundFailure timedOut() {
        return failure(Kind.CONNECT_TIMEOUT, "No connection to the upstream in time");
    }

    private static OutboundFailure tls() {
        return failure(Kind.TLS, "The TLS handshake with the upstream failed");
    }

    private static OutboundFailure failure(Kind kind, String message) {
        return new OutboundFailure(kind, message);
    }

    /** A wrapped cause says more than its wrapper, where it is one that we know. */
    private static @Nullable Throwable firstKnown(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            boolean known =
                    t instanceof OutboundFailure
                            || t instanceof SSLException
                            || t instanceof GeneralSecurityException
                            || t instanceof ConnectException
                            || t instanceof UnknownHostException
                            || t instanceof TimeoutException
                            || t instanceof ClosedChannelException;
            if (known) {
                return t;
            }
        }
        return failure;
    }
}
