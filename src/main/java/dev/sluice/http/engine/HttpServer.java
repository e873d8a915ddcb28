package dev.sluice.http.engine;

import dev.sluice.http.HttpLimits;
import dev.sluice.http.engine.connection.TlsFiles;
import dev.sluice.http.engine.route.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A listening port, served by every event loop: HTTP/1.1, and HTTP/2 by ALPN or by prior knowledge.
 */
public final class HttpServer {
    /** How long the table of reset streams remembers; more than one cancel storm fits into it. */
    private static final int RESET_WINDOW_SECONDS = 10;

    private static final int BACKLOG = 4_096;
    private static final int STREAM_WINDOW = 256 * 1024;
    private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

    private final Vertx vertx;
    private final List<HttpEngine.Loop> loops;
    private final ServerParts parts;
    private final int ordinal;
    private final RequestEntry entry;
    private final List<io.vertx.core.http.HttpServer> servers = new CopyOnWriteArrayList<>();

    HttpServer(Vertx vertx, List<HttpEngine.Loop> loops, ServerParts parts, int ordinal) {
        this.ordinal = ordinal;
        this.vertx = vertx;
        this.loops = loops;
        this.parts = parts;
        this.entry = new RequestEntry(parts, new RouteTable(parts.setup().routes()));
    }

    /**
     * Starts to listen.
     *
     * @param port 0 takes a free one
     * @param tls null for plain HTTP
     * @return the port
     */
    public Future<Integer> start(String host, int port, @Nullable TlsFiles tls) {
        HttpServerOptions options = options(parts.limits(), tls);
        // A negative port is how the engine shares one free port between its event loops.
        int shared = port == 0 ? -ordinal : port;
        List<Future<Integer>> listening = new ArrayList<>();
        for (HttpEngine.Loop loop : loops) {
            listening.add(listen(loop, options, host, shared));
        }
        return Future.all(listening).map(_ -> listening.getFirst().result());
    }

    /**
     * Stops to accept connections, tells clients that keep theirs alive to leave, and completes
     * when all open exchanges have ended; those that have not by then are cut.
     */
    public Future<Void> drain(Duration atMost) {
        parts.draining().set(true);
        List<Future<Void>> closing = new ArrayList<>();
        for (io.vertx.core.http.HttpServer server : servers) {
            closing.add(server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS));
        }
        return Future.join(closing).mapEmpty();
    }

    /** {@return the exchanges of all servers whose answer has not ended} */
    public long openExchanges() {
        return parts.counters().openExchanges();
    }

    /** Stops to listen and cuts all connections. */
    public Future<Void> close() {
        return drain(Duration.ZERO);
    }

    private Future<Integer> listen(
            HttpEngine.Loop loop, HttpServerOptions options, String host, int port) {
        Promise<Integer> promise = Promise.promise();
        loop.context()
                .runOnContext(_ -> {
                    io.vertx.core.http.HttpServer server =
                            vertx.createHttpServer(options)
                                    .requestHandler(entry::handle)
                                    .invalidRequestHandler(entry::refuse);
                    servers.add(server);
                    server.listen(port, host)
                            .map(io.vertx.core.http.HttpServer::actualPort)
                            .onComplete(promise);
                });
        loop.context().exceptionHandler(entry::thrown);
        return promise.future();
    }

    private static HttpServerOptions options(HttpLimits limits, @Nullable TlsFiles tls) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setAcceptBacklog(BACKLOG)
                        .setTcpNoDelay(true)
                        .setTcpKeepAlive(true)
                        .setReuseAddress(true)
                        .setCompressionSupported(false)
                        .setDecompressionSupported(false)
                        .setHandle100ContinueAutomatically(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setMaxInitialLineLength(limits.maxInitialLineBytes())
                        .setMaxHeaderSize(limits.maxHeaderBytes())
                        .setHttp2ClearTextEnabled(true)
                        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                        .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
                        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                        .setHttp2RstFloodMaxRstFramePerWindow(
                                limits.maxHttp2ResetsPerSecond() * RESET_WINDOW_SECONDS)
                        .setInitialSettings(
                                new Http2Settings()
                                        .setInitialWindowSize(STREAM_WINDOW)
                                        .setMaxConcurrentStreams(limits.maxHttp2Streams())
                                        .setMaxHeaderListSize(limits.maxHeaderBytes()));
        if (tls == null) {
            return options;
        }
        return options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions()
                                .addCertPath(tls.certificateChain().toString())
                                .addKeyPath(tls.privateKey().toString()));
    }
}
