package dev.sluice.http.engine;

import dev.sluice.http.HttpLimits;
import dev.sluice.http.HttpStatistics;
import dev.sluice.http.client.Authorization;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.http.engine.connection.ConnectionGuard;
import dev.sluice.http.engine.connection.GuardedTransport;
import dev.sluice.http.engine.connection.ServerCounters;
import dev.sluice.http.outbound.AddressGuard;
import dev.sluice.http.outbound.UpstreamCounters;
import dev.sluice.http.outbound.UpstreamPool;
import dev.sluice.http.outbound.UpstreamProtocol;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The event loops, one for each processor, each with its own pool of upstream connections; servers
 * are started on all of them. A call that an exchange makes stays on the exchange's loop. Closing
 * the engine closes everything and lets the process exit.
 */
public final class HttpEngine implements AutoCloseable {
    /** The exchange in whose callback a loop is; has to be known before the loops are made. */
    static final ContextLocal<ServerExchange> EXCHANGE =
            ContextLocal.registerLocal(ServerExchange.class);

    private static final long CLOSE_SECONDS = 10;

    private final Vertx vertx;
    private final HttpLimits limits;
    private final LongSupplier ticker;
    private final ServerCounters counters = new ServerCounters();
    private final UpstreamCounters upstreams = new UpstreamCounters();
    private final List<Loop> loops;
    private final Map<Object, Loop> loopsByThread = new HashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger servers = new AtomicInteger();

    /** An event loop and what belongs to it alone. */
    record Loop(ContextInternal context, UpstreamPool pool) {}

    /**
     * @param ticker monotonic nanoseconds
     * @param names resolves host names; {@code InetAddress::getAllByName} outside of tests
     */
    public HttpEngine(
            HttpLimits limits,
            UpstreamProtocol upstreamProtocol,
            LongSupplier ticker,
            AddressGuard.NameLookup names) {
        this.limits = limits;
        this.ticker = ticker;
        int processors = Runtime.getRuntime().availableProcessors();
        this.vertx =
                Vertx.builder()
                        .with(options(processors))
                        .withTransport(
                                new GuardedTransport(
                                        () -> new ConnectionGuard(limits, counters, ticker)))
                        .build();
        AddressGuard addresses = new AddressGuard(limits.addressCacheTime(), ticker, names);
        for (int i = 0; loopsByThread.size() < processors && i < 4 * processors; i++) {
            ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
            loopsByThread.computeIfAbsent(
                    context.nettyEventLoop(),
                    _ ->
                            new Loop(
                                    context,
                                    new UpstreamPool(
                                            vertx,
                                            limits,
                                            upstreamProtocol,
                                            addresses,
                                            upstreams,
                                            ticker)));
        }
        this.loops = List.copyOf(loopsByThread.values());
    }

    /** {@return the client for exchanges and, from any thread, for everybody else} */
    public OutboundClient client() {
        return this::send;
    }

    /** {@return a server that is not yet started} */
    public HttpServer server(ServerSetup setup) {
        ServerParts parts = new ServerParts(setup, limits, counters, ticker, new AtomicBoolean());
        return new HttpServer(vertx, loops, parts, servers.incrementAndGet());
    }

    public HttpStatistics statistics() {
        return new HttpStatistics(
                counters.openConnections(),
                counters.openExchanges(),
                counters.bufferedBytes(),
                upstreams.openConnections(),
                upstreams.openCalls(),
                upstreams.connectingCalls(),
                counters.refusedConnections(),
                counters.clientsLeft());
    }

    /** Closes all servers and connections at once, and ends the threads. */
    @Override
    public void close() {
        try {
            Future<Void> closed = vertx.close();
            closed.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The HTTP engine did not close in time", e);
        }
    }

    private OutboundCall send(OutboundRequest request) {
        Authorization authorization = request.authorization();
        return authorization == null
                ? sendAsIs(request)
                : new AuthorizedCall(authorization, this::sendAsIs, request).start();
    }

    private OutboundCall sendAsIs(OutboundRequest request) {
        Context current = Vertx.currentContext();
        if (current instanceof ContextInternal context && context.inThread()) {
            Loop own = loopsByThread.get(context.nettyEventLoop());
            if (own != null && context.isEventLoopContext()) {
                return own.pool().send(request, context);
            }
        }
        UpstreamPool.requireSafe(request.headers());
        Loop loop = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
        return new HandedOverCall(loop, request);
    }

    private static VertxOptions options(int processors) {
        return new VertxOptions()
                .setEventLoopPoolSize(processors)
                .setPreferNativeTransport(false)
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setClassPathResolvingEnabled(false)
                                .setFileCachingEnabled(false));
    }
}
