package dev.sluice.http.outbound;

import dev.sluice.http.HeaderRules;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpLimits;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The connections of one event loop to all upstreams. Engine defaults that would hurt are set here:
 * five connections to an upstream, an endless wait queue, redirects that are followed, an HTTP/1.1
 * upgrade to HTTP/2, a decompressor.
 */
public final class UpstreamPool {
    /** Longer than any connect time-out of a request, which has its own timer. */
    private static final int CONNECT_MILLIS = 60_000;

    private static final int HTTP2_CONNECTIONS = 8;
    private static final int MOST_DESTINATIONS = 1_024;

    private final HttpClientAgent client;
    private final UpstreamProtocol protocol;
    private final AddressGuard addresses;
    private final UpstreamCounters counters;
    private final LongSupplier ticker;
    private final Map<URI, Destination> destinations = new HashMap<>();

    /** Must be called on the event loop that will own the pool. */
    public UpstreamPool(
            Vertx vertx,
            HttpLimits limits,
            UpstreamProtocol protocol,
            AddressGuard addresses,
            UpstreamCounters counters,
            LongSupplier ticker) {
        this.protocol = protocol;
        this.addresses = addresses;
        this.counters = counters;
        this.ticker = ticker;
        this.client =
                vertx.httpClientBuilder()
                        .with(clientOptions(limits, protocol))
                        .with(poolOptions(limits))
                        .withConnectHandler(connection -> {
                            counters.connectionOpened();
                            connection.closeHandler(_ -> counters.connectionClosed());
                            // The call hears of it; without a handler it would be logged.
                            connection.exceptionHandler(_ -> {});
                        })
                        .build();
    }

    /**
     * Starts a call; must be called on the pool's event loop.
     *
     * @throws IllegalArgumentException if a header field could break out of its line
     */
    public OutboundCall send(OutboundRequest request, ContextInternal context) {
        requireSafe(request.headers());
        UpstreamCall call = new UpstreamCall(this, request, context);
        call.start();
        return call;
    }

    public Future<Void> close() {
        return client.shutdown(Duration.ZERO);
    }

    /** Refuses what could break out of a header's line, before anything is sent. */
    public static void requireSafe(Headers headers) {
        for (Headers.Header header : headers) {
            HeaderRules.requireSafe(header.name(), header.value());
        }
    }

    /**
     * {@return where that URI leads} Taken apart once: most calls go to few. Fails with {@link
     * OutboundFailure} if it leads nowhere.
     */
    Destination destination(URI uri) {
        Destination known = destinations.get(uri);
        if (known != null) {
            return known;
        }
        Destination found = Destination.of(uri);
        if (destinations.size() >= MOST_DESTINATIONS) {
            destinations.clear();
        }
        destinations.put(uri, found);
        return found;
    }

    HttpClientAgent client() {
        return client;
    }

    UpstreamProtocol protocol() {
        return protocol;
    }

    AddressGuard addresses() {
        return addresses;
    }

    UpstreamCounters counters() {
        return counters;
    }

    LongSupplier ticker() {
        return ticker;
    }

    private static HttpClientOptions clientOptions(HttpLimits limits, UpstreamProtocol protocol) {
        int keepAliveSeconds = Math.toIntExact(limits.upstreamKeepAliveTimeout().toSeconds());
        HttpClientOptions options =
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setTcpNoDelay(true)
                        .setTcpKeepAlive(true)
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(Math.max(1, keepAliveSeconds))
                        .setHttp2KeepAliveTimeout(Math.max(1, keepAliveSeconds))
                        .setHttp2ClearTextUpgrade(false)
                        .setPipelining(false)
                        .setDecompressionSupported(false)
                        .setMaxRedirects(0)
                        .setVerifyHost(true)
                        .setMaxHeaderSize(limits.maxUpstreamHeaderBytes());
        return switch (protocol) {
            case HTTP_1_1 -> options.setProtocolVersion(HttpVersion.HTTP_1_1);
            case NEGOTIATED ->
                    options.setProtocolVersion(HttpVersion.HTTP_1_1)
                            .setUseAlpn(true)
                            .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
            case HTTP_2 -> options.setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true);
        };
    }

    private static PoolOptions poolOptions(HttpLimits limits) {
        return new PoolOptions()
                .setHttp1MaxSize(limits.maxUpstreamConnections())
                .setHttp2MaxSize(HTTP2_CONNECTIONS)
                .setMaxWaitQueueSize(limits.maxUpstreamWaiting())
                .setCleanerPeriod(1_000)
                .setMaxLifetime(0)
                .setMaxLifetimeUnit(TimeUnit.SECONDS);
    }
}
