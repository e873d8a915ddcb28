package dev.sluice.http;

import dev.sluice.http.address.TrustedProxies;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.engine.HttpServer;
import dev.sluice.http.engine.ServerSetup;
import dev.sluice.http.engine.connection.TlsFiles;
import dev.sluice.http.outbound.UpstreamProtocol;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An engine with one server, made of routes for one test. */
final class Gateway implements AutoCloseable {
    static final OutboundRequest.Timeouts PATIENT =
            new OutboundRequest.Timeouts(
                    Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(60));

    final HttpEngine engine;
    final HttpServer server;
    final int port;

    private enum Open implements Rule {
        RULE
    }

    static final class Builder {
        private final List<Route> routes = new ArrayList<>();
        private HttpLimits limits = HttpLimits.standard();
        private UpstreamProtocol protocol = UpstreamProtocol.HTTP_1_1;
        private CrossOrigin crossOrigin = CrossOrigin.NONE;
        private @Nullable TlsFiles tls;

        Builder route(String method, String template, Handler handler) {
            routes.add(new Route(method, template, Open.RULE, handler));
            return this;
        }

        Builder limits(HttpLimits value) {
            limits = value;
            return this;
        }

        Builder upstreamProtocol(UpstreamProtocol value) {
            protocol = value;
            return this;
        }

        Builder crossOrigin(String... origins) {
            crossOrigin = new CrossOrigin(List.of(origins));
            return this;
        }

        Builder tls(TlsFiles files) {
            tls = files;
            return this;
        }

        Gateway start() {
            HttpEngine engine =
                    new HttpEngine(limits, protocol, System::nanoTime, InetAddress::getAllByName);
            HttpServer server =
                    engine.server(
                            new ServerSetup(
                                    routes,
                                    Gateway::render,
                                    crossOrigin,
                                    TrustedProxies.NONE,
                                    UUID::randomUUID));
            return new Gateway(engine, server, await(server.start("127.0.0.1", 0, tls)));
        }
    }

    private Gateway(HttpEngine engine, HttpServer server, int port) {
        this.engine = engine;
        this.server = server;
        this.port = port;
    }

    static Builder with(String method, String template, Handler handler) {
        return new Builder().route(method, template, handler);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure);
        } catch (InterruptedException | java.util.concurrent.TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port + target);
    }

    RawClient connect() {
        return new RawClient(port);
    }

    /** Waits until nothing is open any more but connections. */
    void awaitRest() {
        Await.until(
                "no exchange, no call, no buffered byte is left: " + engine.statistics(),
                () -> {
                    HttpStatistics now = engine.statistics();
                    return now.openExchanges() == 0
                            && now.openUpstreamCalls() == 0
                            && now.bufferedBodyBytes() == 0;
                });
    }

    private static Response render(Exchange exchange, Throwable failure) {
        return failure instanceof HttpFailure http
                ? Response.json(http.status(), "{\"code\":\"" + http.code() + "\"}")
                : Response.json(500, "{\"code\":\"internal\"}");
    }

    @Override
    public void close() {
        engine.close();
    }
}
