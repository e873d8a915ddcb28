package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.OutboundFailure.Kind;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.outbound.UpstreamProtocol;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundTest {

    private static final OutboundRequest.Timeouts SHORT =
            new OutboundRequest.Timeouts(
                    Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofMillis(300));

    private HttpEngine engine = engine(HttpLimits.standard());

    private static HttpEngine engine(HttpLimits limits) {
        return new HttpEngine(
                limits, UpstreamProtocol.HTTP_1_1, System::nanoTime, OutboundTest::lookUp);
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        return switch (host) {
            case "upstream.test" -> InetAddress.getAllByName("127.0.0.1");
            case "two.test" ->
                    new InetAddress[] {
                        InetAddress.ofLiteral("127.0.0.9"), InetAddress.ofLiteral("127.0.0.1")
                    };
            case "metadata.test" -> InetAddress.getAllByName("169.254.169.254");
            case "slow.test" -> {
                try {
                    Thread.sleep(20_000);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                throw new UnknownHostException(host);
            }
            default -> throw new UnknownHostException(host);
        };
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static OutboundRequest request(URI uri, OutboundRequest.Timeouts timeouts) {
        return OutboundRequest.whole(
                "POST",
                uri,
                Headers.of("content-type", "text/plain"),
                Buffer.buffer("hello"),
                timeouts,
                AddressPolicy.OPERATOR);
    }

    private OutboundCall call(URI uri) {
        return engine.client().send(request(uri, Gateway.PATIENT));
    }

    private String body(OutboundCall call) {
        Buffer body = Gateway.await(call.answer().compose(answer -> answer.bodyUpTo(1 << 20)));
        return body.toString();
    }

    private static Kind kindOf(Future<?> failing) {
        try {
            Object answer =
                    failing.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
            throw new AssertionError("There was an answer: " + answer);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof OutboundFailure expected) {
                return expected.kind();
            }
            throw new AssertionError(failure);
        } catch (InterruptedException | java.util.concurrent.TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }

    private Kind kindOf(URI uri, OutboundRequest.Timeouts timeouts) {
        Future<Buffer> body =
                engine.client()
                        .send(request(uri, timeouts))
                        .answer()
                        .compose(answer -> answer.bodyUpTo(1 << 20));
        return kindOf(body);
    }

    private static void serveForever(ScriptedUpstream.Connection connection) throws IOException {
        while (!connection.request().isEmpty()) {
            connection.answer("fine");
        }
    }

    private void awaitNoCalls() {
        Await.until("all calls have ended", () -> engine.statistics().openUpstreamCalls() == 0);
    }

    @Test
    void aConnectionIsUsedAgain() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(OutboundTest::serveForever)) {
            for (int i = 0; i < 20; i++) {
                assertThat(body(call(upstream.uri("/v1/x?a=b%20c")))).isEqualTo("fine");
            }
            assertThat(upstream.opened.get()).isLessThanOrEqualTo(2);
            assertThat(upstream.heads.getFirst())
                    .startsWith("POST /v1/x?a=b%20c HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\naccept-encoding: identity\r\n")
                    .containsIgnoringCase("\r\ncontent-length: 5\r\n")
                    .containsIgnoringCase("\r\nhost: 127.0.0.1:");
            awaitNoCalls();
        }
    }

    @Test
    void theHostOfTheUriIsTheHostOfTheRequestWhateverAddressItHas() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(OutboundTest::serveForever)) {
            int port = upstream.uri("/").getPort();
            for (String host : List.of("upstream.test", "two.test", "UPSTREAM.test.")) {
                assertThat(body(call(URI.create("http://" + host + ":" + port + "/"))))
                        .isEqualTo("fine");
            }
            assertThat(upstream.heads.get(0)).containsIgnoringCase("host: upstream.test:" + port);
            assertThat(upstream.heads.get(1)).containsIgnoringCase("host: two.test:" + port);
        }
    }

    @Test
    void anIpv6AddressKeepsItsBracketsInTheHostField() {
        try (ScriptedUpstream upstream = new ScriptedUpstream("::1", OutboundTest::serveForever)) {
            String authority = "[::1]:" + upstream.port();
            assertThat(body(call(URI.create("http://" + authority + "/")))).isEqualTo("fine");
            assertThat(upstream.heads.getFirst()).containsIgnoringCase("host: " + authority);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://nowhere.test/",
                "http://user:secret@upstream.test/",
                "http://upstream.test:99999/",
                "ftp://upstream.test/",
                "http:/upstream.test"
            })
    void whatLeadsNowhereIsUnresolved(String uri) {
        assertThat(kindOf(URI.create(uri), Gateway.PATIENT)).isEqualTo(Kind.UNRESOLVED);
        awaitNoCalls();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://metadata.test/",
                "http://169.254.169.254/latest",
                "http://0x7f000001/",
                "http://2130706433/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://0.0.0.0/",
                "http://[::]/",
                "http://[fe80::1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://[fd00:ec2::254]/"
            })
    void aForbiddenAddressIsNeverConnectedTo(String uri) {
        assertThat(kindOf(URI.create(uri), Gateway.PATIENT)).isEqualTo(Kind.FORBIDDEN_ADDRESS);
        awaitNoCalls();
    }

    @Test
    void aRefusedConnectionIsToldSo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        assertThat(kindOf(URI.create("http://127.0.0.1:" + port + "/"), Gateway.PATIENT))
                .isEqualTo(Kind.CONNECT_REFUSED);
        awaitNoCalls();
    }

    @Test
    void aCertificateThatNobodyVouchesForIsATlsFailure(@TempDir Path folder) throws Exception {
        try (Gateway selfSigned =
                        Gateway.with("POST", "/", exchange -> exchange.respond(Response.empty(204)))
                                .tls(Certificates.selfSigned(folder))
                                .start();
                ScriptedUpstream plain = new ScriptedUpstream(OutboundTest::answerInPlain)) {
            for (int port : List.of(selfSigned.port, plain.port())) {
                URI uri = URI.create("https://upstream.test:" + port + "/");
                assertThat(kindOf(uri, Gateway.PATIENT)).isEqualTo(Kind.TLS);
            }
            awaitNoCalls();
        }
    }

    private static void answerInPlain(ScriptedUpstream.Connection connection) throws IOException {
        connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        connection.awaitClose();
    }

    @Test
    void aNameThatResolvesTooSlowlyTimesOut() {
        OutboundRequest.Timeouts timeouts =
                new OutboundRequest.Timeouts(
                        Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofSeconds(60));
        assertThat(kindOf(URI.create("http://slow.test/"), timeouts))
                .isEqualTo(Kind.CONNECT_TIMEOUT);
        awaitNoCalls();
    }

    @Test
    void anUpstreamThatDoesNotAnswerTimesOutAndIsLeft() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.awaitClose();
                })) {
            assertThat(kindOf(upstream.uri("/"), SHORT)).isEqualTo(Kind.FIRST_BYTE_TIMEOUT);
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 1);
            awaitNoCalls();
        }
    }

    @Test
    void anAnswerThatPausesTooLongTimesOutAndIsLeft() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                    connection.awaitClose();
                })) {
            assertThat(kindOf(upstream.uri("/"), SHORT)).isEqualTo(Kind.IDLE_TIMEOUT);
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 1);
            awaitNoCalls();
        }
    }

    @Test
    void anAnswerThatComesSlowlyButSteadilyIsAwaited() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                    for (int i = 0; i < 10; i++) {
                        Thread.sleep(100);
                        connection.send("x");
                    }
                })) {
            OutboundCall slow = engine.client().send(request(upstream.uri("/"), SHORT));
            assertThat(body(slow)).isEqualTo("xxxxxxxxxx");
        }
    }

    @Test
    void aReaderThatPausesIsNotBlamedOnTheUpstream() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(OutboundTest::serveForever)) {
            OutboundAnswer answer =
                    Gateway.await(engine.client().send(request(upstream.uri("/"), SHORT)).answer());
            CompletableFuture<String> ending = new CompletableFuture<>();
            answer.body()
                    .onData(_ -> {})
                    .onEnd(() -> ending.complete("end"))
                    .onFailure(failure -> ending.complete(failure.toString()));
            Thread.sleep(900);
            assertThat(ending).isNotDone();
            answer.body().resume();
            assertThat(ending.get(20, TimeUnit.SECONDS)).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"
            })
    void anAnswerThatBreaksOffIsBroken(String sent) {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(sent);
                })) {
            assertThat(kindOf(upstream.uri("/"), Gateway.PATIENT)).isEqualTo(Kind.BROKEN);
            awaitNoCalls();
            assertThat(upstream.heads).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\n"
            })
    void whatIsNotHttpIsAProtocolFailure(String sent) {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(sent);
                    connection.awaitClose();
                })) {
            assertThat(kindOf(upstream.uri("/"), Gateway.PATIENT)).isEqualTo(Kind.PROTOCOL);
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 1);
            awaitNoCalls();
        }
    }

    @Test
    void aHeadThatIsTooLargeIsAProtocolFailure() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000));
                    connection.awaitClose();
                })) {
            assertThat(kindOf(upstream.uri("/"), Gateway.PATIENT)).isEqualTo(Kind.PROTOCOL);
        }
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(
                            String.join(
                                    "\r\n",
                                    "HTTP/1.1 307 Temporary Redirect",
                                    "Location: /other",
                                    "Content-Length: 0",
                                    "",
                                    ""));
                    connection.awaitClose();
                })) {
            OutboundAnswer answer = Gateway.await(call(upstream.uri("/")).answer());
            assertThat(answer.status()).isEqualTo(307);
            assertThat(answer.headers().get("location")).isEqualTo("/other");
            assertThat(upstream.heads).hasSize(1);
        }
    }

    @Test
    void anInterimAnswerIsSkipped() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.answer("fine");
                })) {
            assertThat(body(call(upstream.uri("/")))).isEqualTo("fine");
        }
    }

    @Test
    void hopByHopHeadersEndWithTheirConnection() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send(
                            String.join(
                                    "\r\n",
                                    "HTTP/1.1 200 OK",
                                    "Connection: keep-alive, X-Private",
                                    "Keep-Alive: timeout=5",
                                    "X-Private: 1",
                                    "X-Public: 2",
                                    "Proxy-Authenticate: Basic",
                                    "Trailer: X",
                                    "Content-Length: 4",
                                    "",
                                    "\u001f\u008b00"));
                })) {
            OutboundRequest request =
                    OutboundRequest.whole(
                            "POST",
                            upstream.uri("/"),
                            Headers.of(
                                    "Connection", "close, X-Mine",
                                    "X-Mine", "1",
                                    "X-Other", "2",
                                    "TE", "trailers",
                                    "Transfer-Encoding", "chunked",
                                    "Content-Length", "99",
                                    "Upgrade", "h2c",
                                    "Host", "elsewhere",
                                    "Accept-Encoding", "gzip",
                                    "Proxy-Authorization", "Basic x"),
                            Buffer.buffer("hello"),
                            Gateway.PATIENT,
                            AddressPolicy.OPERATOR);
            OutboundAnswer answer = Gateway.await(engine.client().send(request).answer());
            assertThat(answer.headers())
                    .extracting(Headers.Header::name)
                    .containsExactly("X-Public", "Content-Length");
            assertThat(Gateway.await(answer.bodyUpTo(100)).getBytes())
                    .containsExactly(0x1f, 0x8b, '0', '0');
            assertThat(upstream.heads.getFirst().toLowerCase(java.util.Locale.ROOT))
                    .contains("x-other: 2", "content-length: 5", "accept-encoding: identity")
                    .doesNotContain("x-mine", "elsewhere", "upgrade", "gzip", "proxy", "te:")
                    .doesNotContain("transfer-encoding", "content-length: 99", "connection");
        }
    }

    @Test
    void cancellingAtAnyStageEndsTheConnectionAtOnce() {
        CountDownLatch asked = new CountDownLatch(2);
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    boolean answers = connection.request().contains("/answers");
                    if (answers) {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha");
                    }
                    asked.countDown();
                    connection.awaitClose();
                })) {
            OutboundCall before = call(URI.create("http://slow.test/"));
            before.cancel();
            assertThat(kindOf(before.answer())).isEqualTo(Kind.CANCELLED);

            OutboundCall waiting = call(upstream.uri("/waits"));
            Await.until("the request is there", () -> upstream.heads.size() == 1);
            waiting.cancel();
            assertThat(kindOf(waiting.answer())).isEqualTo(Kind.CANCELLED);
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 1);

            OutboundCall reading = call(upstream.uri("/answers"));
            OutboundAnswer answer = Gateway.await(reading.answer());
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            answer.body().onData(_ -> {}).onEnd(() -> {}).onFailure(failure::complete).resume();
            reading.cancel();
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 2);
            assertThat(failure.join()).isInstanceOf(OutboundFailure.class);
            reading.cancel();
            awaitNoCalls();
        }
    }

    @Test
    void aBodyThatIsCutClosesItsConnection() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n12345678");
                    connection.awaitClose();
                })) {
            Future<Buffer> body =
                    call(upstream.uri("/")).answer().compose(answer -> answer.bodyUpTo(5));
            assertThat(Gateway.await(body).toString()).isEqualTo("12345");
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 1);
            awaitNoCalls();
        }
    }

    @Test
    void aBrokenOrCancelledConnectionIsNeverUsedAgain() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    while (true) {
                        String head = connection.request();
                        if (head.isEmpty()) {
                            return;
                        }
                        if (head.contains("/hang")) {
                            connection.awaitClose();
                            return;
                        }
                        connection.answer("fine");
                    }
                })) {
            for (int i = 0; i < 10; i++) {
                OutboundCall hanging = call(upstream.uri("/hang"));
                int expected = 2 * i + 1;
                Await.until("it hangs", () -> upstream.heads.size() == expected);
                hanging.cancel();
                assertThat(body(call(upstream.uri("/fine")))).isEqualTo("fine");
            }
            Await.until("all ten are closed", () -> upstream.closedByPeer.get() == 10);
        }
    }

    @Test
    void fiveHundredStreamsToOneUpstreamRunAtOnce() {
        CountDownLatch all = new CountDownLatch(500);
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    all.countDown();
                    all.await();
                    connection.answer("fine");
                })) {
            List<OutboundCall> calls =
                    IntStream.range(0, 500).mapToObj(_ -> call(upstream.uri("/"))).toList();
            for (OutboundCall call : calls) {
                assertThat(body(call)).isEqualTo("fine");
            }
            awaitNoCalls();
        }
    }

    @Test
    void aFullWaitQueueIsToldSo() {
        engine.close();
        int processors = Runtime.getRuntime().availableProcessors();
        engine =
                engine(
                        Limits.standard()
                                .with("maxUpstreamConnections", 2)
                                .with("maxUpstreamWaiting", 3)
                                .value());
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    while (!connection.request().isEmpty()) {
                        release.await();
                        connection.answer("fine");
                    }
                })) {
            List<Future<Buffer>> bodies = new ArrayList<>();
            for (int i = 0; i < 10 * processors; i++) {
                bodies.add(
                        call(upstream.uri("/")).answer().compose(answer -> answer.bodyUpTo(100)));
            }
            Await.until(
                    "what does not fit is refused",
                    () -> bodies.stream().filter(Future::failed).count() >= 5L * processors);
            bodies.stream()
                    .filter(Future::failed)
                    .forEach(refused -> assertThat(kindOf(refused)).isEqualTo(Kind.POOL_FULL));
            release.countDown();
            bodies.stream()
                    .filter(body -> !body.failed())
                    .forEach(body -> assertThat(Gateway.await(body).toString()).isEqualTo("fine"));
            awaitNoCalls();
        }
    }

    @Test
    void anEarlyAnswerEndsTheConnectionSinceTheRequestWasNotHeardOut() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                    connection.awaitClose();
                })) {
            OutboundRequest request =
                    new OutboundRequest(
                            "POST",
                            upstream.uri("/"),
                            Headers.EMPTY,
                            Buffer.buffer(),
                            new EndlessBody(),
                            -1,
                            Gateway.PATIENT,
                            AddressPolicy.OPERATOR);
            OutboundAnswer answer = Gateway.await(engine.client().send(request).answer());
            assertThat(answer.status()).isEqualTo(413);
            assertThat(Gateway.await(answer.bodyUpTo(100)).toString()).isEqualTo("no");
            Await.until("the connection is closed", () -> upstream.closedByPeer.get() == 1);
            awaitNoCalls();
        }
    }

    private static final class EndlessBody implements BodyStream {
        @Override
        public BodyStream onData(java.util.function.Consumer<Buffer> consumer) {
            consumer.accept(Buffer.buffer("a beginning"));
            return this;
        }

        @Override
        public BodyStream onEnd(Runnable callback) {
            return this;
        }

        @Override
        public BodyStream onFailure(java.util.function.Consumer<Throwable> callback) {
            return this;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }
}
