package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.http.engine.connection.TlsFiles;
import dev.sluice.http.outbound.UpstreamProtocol;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.StreamResetException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The same handlers over HTTP/2, from clients and to upstreams. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {

    private static final int CANCELS = 1_000;

    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();
    private Vertx vertx = Vertx.vertx();

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    void stop() {
        Gateway.await(vertx.close());
    }

    private Gateway.Builder routes() {
        return Gateway.with("POST", "/echo", Http2Test::echo)
                .route("GET", "/hello", exchange -> exchange.respond(Response.json(200, "{}")))
                .route("GET", "/hang", this::hang)
                .route("GET", "/trickle", Http2Test::trickle)
                .route("GET", "/abort", Http2Test::abort)
                .route("GET", "/key", Http2Test::tellKey);
    }

    private static void echo(Exchange exchange) {
        exchange.body()
                .onSuccess(body -> exchange.respond(new Response(200, Headers.EMPTY, body)))
                .onFailure(exchange::fail);
    }

    private void hang(Exchange exchange) {
        hanging.incrementAndGet();
        exchange.onClientGone(gone::incrementAndGet);
    }

    private static void trickle(Exchange exchange) {
        tick(exchange, exchange.begin(200, Headers.of("X-Mixed-Case", "1")), 100);
    }

    private static void tick(Exchange exchange, ResponseStream out, int left) {
        if (left == 0) {
            out.end(Buffer.buffer());
            return;
        }
        out.write(Buffer.buffer("x"));
        exchange.after(20, () -> tick(exchange, out, left - 1));
    }

    private static void abort(Exchange exchange) {
        ResponseStream out = exchange.begin(200, Headers.EMPTY);
        out.write(Buffer.buffer("half"));
        exchange.after(20, out::abort);
    }

    private static void tellKey(Exchange exchange) {
        exchange.respond(Response.json(200, exchange.query() + " " + exchange.queryCredential()));
    }

    private HttpClientOptions http2() {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false);
    }

    private io.vertx.core.http.HttpClient client(HttpClientOptions options) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp2MaxSize(1))
                .build();
    }

    private static Future<HttpClientRequest> request(
            io.vertx.core.http.HttpClient client, Gateway gateway, HttpMethod method, String path) {
        return client.request(method, gateway.port, "127.0.0.1", path);
    }

    private static String text(
            io.vertx.core.http.HttpClient client, Gateway gateway, String path, String body) {
        return Gateway.await(
                        request(client, gateway, HttpMethod.POST, path)
                                .compose(request -> request.send(body))
                                .compose(HttpClientResponse::body))
                .toString();
    }

    @Test
    void priorKnowledgeAndAlpnReachTheSameHandlers(@TempDir Path folder) throws Exception {
        TlsFiles tls = Certificates.selfSigned(folder);
        try (Gateway plain = routes().start();
                Gateway secure = routes().tls(tls).start()) {
            assertThat(text(client(http2()), plain, "/echo", "over h2c")).isEqualTo("over h2c");
            HttpClientOptions alpn =
                    http2().setSsl(true).setUseAlpn(true).setTrustAll(true).setVerifyHost(false);
            assertThat(text(client(alpn), secure, "/echo", "over TLS")).isEqualTo("over TLS");
            HttpClientOptions http1 =
                    new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
            assertThat(text(client(http1), secure, "/echo", "1.1 over TLS"))
                    .isEqualTo("1.1 over TLS");
            plain.awaitRest();
            secure.awaitRest();
        }
    }

    @Test
    void aResetBeforeTheFirstByteIsNoticedAtOnce() {
        try (Gateway gateway = routes().start()) {
            int before = gone.get();
            int hangingBefore = hanging.get();
            HttpClientRequest request =
                    Gateway.await(request(client(http2()), gateway, HttpMethod.GET, "/hang"));
            var _ = request.send();
            Await.until("it hangs", () -> hanging.get() == hangingBefore + 1);
            request.reset(8);
            Await.until("the leaving is noticed", () -> gone.get() == before + 1);
            gateway.awaitRest();
        }
    }

    @Test
    void aConnectionThatClosesEndsAllItsStreams() {
        try (Gateway gateway = routes().start()) {
            int before = gone.get();
            int hangingBefore = hanging.get();
            io.vertx.core.http.HttpClient client = client(http2());
            for (int i = 0; i < 5; i++) {
                var _ =
                        request(client, gateway, HttpMethod.GET, "/hang")
                                .compose(HttpClientRequest::send);
            }
            Await.until("they hang", () -> hanging.get() == hangingBefore + 5);
            Gateway.await(client.shutdown(0, TimeUnit.SECONDS));
            Await.until("the leaving is noticed", () -> gone.get() == before + 5);
            gateway.awaitRest();
        }
    }

    @Test
    void aThousandCancelsCutNoNeighbour() {
        try (Gateway gateway = routes().start()) {
            io.vertx.core.http.HttpClient client = client(http2());
            Future<Buffer> neighbour =
                    request(client, gateway, HttpMethod.GET, "/trickle")
                            .compose(HttpClientRequest::send)
                            .compose(HttpClientResponse::body);
            int before = gone.get();
            for (int i = 0; i < CANCELS / 100; i++) {
                cancelHundred(client, gateway);
            }
            Await.until("all cancels are noticed", () -> gone.get() >= before + CANCELS);
            assertThat(Gateway.await(neighbour).length()).isEqualTo(100);
            assertThat(text(client, gateway, "/echo", "still here")).isEqualTo("still here");
            assertThat(gateway.engine.statistics().openConnections()).isEqualTo(1);
            gateway.awaitRest();
        }
    }

    @Test
    void aFloodOfResetsOverTheLimitEndsTheConnection() {
        HttpLimits limits = Limits.standard().with("maxHttp2ResetsPerSecond", 5).value();
        try (Gateway gateway = routes().limits(limits).start()) {
            io.vertx.core.http.HttpClient client = client(http2());
            int before = gone.get();
            Future<Buffer> neighbour =
                    request(client, gateway, HttpMethod.GET, "/trickle")
                            .compose(HttpClientRequest::send)
                            .compose(HttpClientResponse::body);
            cancelHundred(client, gateway);
            Await.until("the connection is cut", neighbour::failed);
            Await.until("all are gone", () -> gone.get() == before + 100);
            gateway.awaitRest();
        }
    }

    private void cancelHundred(io.vertx.core.http.HttpClient client, Gateway gateway) {
        int before = hanging.get();
        List<HttpClientRequest> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            HttpClientRequest request =
                    Gateway.await(request(client, gateway, HttpMethod.GET, "/hang"));
            var _ = request.send();
            requests.add(request);
        }
        Await.until("they hang", () -> hanging.get() == before + 100);
        requests.forEach(request -> request.reset(8));
    }

    @Test
    void aThousandCancelledCallsCutNoNeighbourUpstream() {
        try (Gateway upstream = routes().start();
                Gateway gateway = routes().upstreamProtocol(UpstreamProtocol.HTTP_2).start()) {
            Future<Buffer> neighbour =
                    call(gateway, upstream, "/trickle")
                            .answer()
                            .compose(answer -> answer.bodyUpTo(1_000));
            int before = gone.get();
            for (int i = 0; i < CANCELS / 100; i++) {
                int hangingBefore = hanging.get();
                List<OutboundCall> calls = new ArrayList<>();
                for (int j = 0; j < 100; j++) {
                    calls.add(call(gateway, upstream, "/hang"));
                }
                Await.until("they hang", () -> hanging.get() == hangingBefore + 100);
                calls.forEach(OutboundCall::cancel);
            }
            Await.until("all cancels are noticed", () -> gone.get() >= before + CANCELS);
            assertThat(Gateway.await(neighbour).length()).isEqualTo(100);
            gateway.awaitRest();
            upstream.awaitRest();
        }
    }

    private static OutboundCall call(Gateway gateway, Gateway upstream, String path) {
        return gateway.engine
                .client()
                .send(
                        OutboundRequest.whole(
                                "GET",
                                upstream.uri(path),
                                Headers.of("X-Mixed-Case", "1"),
                                Buffer.buffer(),
                                Gateway.PATIENT,
                                AddressPolicy.OPERATOR));
    }

    @Test
    void fiveHundredStreamsToOneUpstreamRunAtOnce() {
        try (Gateway upstream = routes().start();
                Gateway gateway = routes().upstreamProtocol(UpstreamProtocol.HTTP_2).start()) {
            int before = hanging.get();
            List<OutboundCall> calls = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                calls.add(call(gateway, upstream, "/hang"));
            }
            Await.until("all hang", () -> hanging.get() == before + 500);
            calls.forEach(OutboundCall::cancel);
            gateway.awaitRest();
            upstream.awaitRest();
        }
    }

    @Test
    void anAnswerThatIsCutResetsItsStreamAlone() throws Exception {
        try (Gateway gateway = routes().start()) {
            io.vertx.core.http.HttpClient client = client(http2());
            CompletableFuture<Throwable> cut = new CompletableFuture<>();
            request(client, gateway, HttpMethod.GET, "/abort")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body)
                    .onFailure(cut::complete);
            assertThat(cut.get(20, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
            assertThat(text(client, gateway, "/echo", "still here")).isEqualTo("still here");
            gateway.awaitRest();
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedAndItsStreamAloneIsReset() {
        HttpLimits limits = Limits.standard().with("maxBodyBytes", 1_000L).value();
        try (Gateway gateway = routes().limits(limits).start()) {
            io.vertx.core.http.HttpClient client = client(http2());
            HttpClientRequest request =
                    Gateway.await(request(client, gateway, HttpMethod.POST, "/echo"));
            request.setChunked(true);
            request.exceptionHandler(_ -> {});
            request.write(Buffer.buffer(new byte[2_000]));
            assertThat(Gateway.await(request.response()).statusCode()).isEqualTo(413);
            assertThat(text(client, gateway, "/echo", "still here")).isEqualTo("still here");
            gateway.awaitRest();
        }
    }

    @Test
    void headHasNoBodyAndTheQueryCredentialIsTakenOut() {
        try (Gateway gateway = routes().start()) {
            io.vertx.core.http.HttpClient client = client(http2());
            HttpClientResponse head =
                    Gateway.await(
                            request(client, gateway, HttpMethod.HEAD, "/hello")
                                    .compose(HttpClientRequest::send));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.getHeader("content-length")).isEqualTo("2");
            assertThat(Gateway.await(head.body()).length()).isZero();
            Buffer told =
                    Gateway.await(
                            request(client, gateway, HttpMethod.GET, "/key?a=1&key=s%2Fk&b=2")
                                    .compose(HttpClientRequest::send)
                                    .compose(HttpClientResponse::body));
            assertThat(told.toString()).isEqualTo("a=1&b=2 s/k");
        }
    }

    @Test
    void aJavaClientThatOffersAnUpgradeStaysOnHttp1() throws Exception {
        try (Gateway gateway = routes().start();
                java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
            java.net.http.HttpResponse<String> answer =
                    client.send(
                            java.net.http.HttpRequest.newBuilder(
                                            URI.create(gateway.uri("/hello").toString()))
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_1_1);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }
}
