package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ServerLimitsTest {

    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Gateway.Builder routes() {
        return Gateway.with("GET", "/hello", exchange -> exchange.respond(Response.json(200, "{}")))
                .route("POST", "/echo", ServerLimitsTest::echo)
                .route("POST", "/unread", exchange -> exchange.respond(Response.json(401, "{}")))
                .route("POST", "/stream", ServerLimitsTest::countStreamed);
    }

    private static void echo(Exchange exchange) {
        exchange.body()
                .onSuccess(body -> exchange.respond(new Response(200, Headers.EMPTY, body)))
                .onFailure(exchange::fail);
    }

    private static void countStreamed(Exchange exchange) {
        int[] count = new int[1];
        exchange.bodyStream()
                .onData(piece -> count[0] += piece.length())
                .onEnd(() -> exchange.respond(Response.json(200, Integer.toString(count[0]))))
                .onFailure(exchange::fail)
                .resume();
    }

    private static String post(String path, String framing) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n";
    }

    @Test
    void aHeadThatIsTooLargeIsToldSo() {
        try (Gateway gateway =
                routes().limits(
                                Limits.standard()
                                        .with("maxInitialLineBytes", 1_000)
                                        .with("maxHeaderBytes", 2_000)
                                        .value())
                        .start()) {
            try (RawClient client = gateway.connect()) {
                client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(3_000));
                assertThat(client.answer().status()).isEqualTo(431);
                assertThat(client.isClosedByServer()).isTrue();
            }
            try (RawClient client = gateway.connect()) {
                client.send("GET /" + "x".repeat(3_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(414);
                assertThat(client.isClosedByServer()).isTrue();
            }
            gateway.awaitRest();
        }
    }

    @Test
    void anAnnouncedBodyOverTheLimitIsRefusedBeforeItIsSent() {
        try (Gateway gateway =
                        routes().limits(
                                        Limits.standard()
                                                .with("maxBodyBytes", 1_000L)
                                                .with("maxBufferedBodyBytes", 5_000L)
                                                .value())
                                .start();
                RawClient client = gateway.connect()) {
            client.send(post("/echo", "Content-Length: 1001000000"));
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.head()).contains("connection: close");
            assertThat(client.isClosedByServer()).isTrue();
            gateway.awaitRest();
        }
    }

    @Test
    void aChunkedBodyIsCutAtTheLimit() {
        for (String path : List.of("/echo", "/stream")) {
            try (Gateway gateway =
                            routes().limits(
                                            Limits.standard()
                                                    .with("maxBodyBytes", 1_000L)
                                                    .with("maxBufferedBodyBytes", 5_000L)
                                                    .value())
                                    .start();
                    RawClient client = gateway.connect()) {
                client.send(post(path, "Transfer-Encoding: chunked"));
                client.send("3e8\r\n" + "x".repeat(1_000) + "\r\n1\r\nx\r\n");
                assertThat(client.answer().status()).isEqualTo(413);
                assertThat(client.isClosedByServer()).isTrue();
                gateway.awaitRest();
            }
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsTaken() {
        try (Gateway gateway =
                        routes().limits(
                                        Limits.standard()
                                                .with("maxBodyBytes", 1_000L)
                                                .with("maxBufferedBodyBytes", 5_000L)
                                                .value())
                                .start();
                RawClient client = gateway.connect()) {
            client.send(post("/echo", "Content-Length: 1000") + "x".repeat(1_000));
            assertThat(client.answer().body()).hasSize(1_000);
            client.send(post("/stream", "Content-Length: 1000") + "x".repeat(1_000));
            assertThat(client.answer().body()).isEqualTo("1000");
        }
    }

    @Test
    void aClientThatWaitsForContinueIsToldToWhenTheBodyIsWanted() {
        try (Gateway gateway =
                routes().limits(
                                Limits.standard()
                                        .with("maxBodyBytes", 1_000L)
                                        .with("maxBufferedBodyBytes", 5_000L)
                                        .value())
                        .start()) {
            try (RawClient client = gateway.connect()) {
                client.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 2"));
                assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
                client.line();
                assertThat(client.send("ok").answer().body()).isEqualTo("ok");
            }
            try (RawClient client = gateway.connect()) {
                client.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 2000"));
                assertThat(client.answer().status()).isEqualTo(413);
            }
            try (RawClient client = gateway.connect()) {
                client.send(post("/unread", "Expect: 100-continue\r\nContent-Length: 200"));
                assertThat(client.answer().status()).isEqualTo(401);
            }
        }
    }

    @Test
    void anAnswerToAnUnreadBodyArrivesAlthoughTheClientIsStillSending() {
        try (Gateway gateway = routes().start()) {
            try (RawClient client = gateway.connect()) {
                client.send(post("/unread", "Content-Length: 10000000"));
                client.send("x".repeat(100_000));
                RawClient.Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.head()).contains("connection: close");
                assertThat(client.isClosedByServer()).isTrue();
            }
            try (RawClient client = gateway.connect()) {
                client.send(post("/unread", "Content-Length: 5"));
                assertThat(client.answer().status()).isEqualTo(401);
                assertThat(client.send("12345" + GET).answer().status()).isEqualTo(200);
            }
            gateway.awaitRest();
        }
    }

    @Test
    void aBodyThatDoesNotComeIs408() {
        for (String path : List.of("/echo", "/stream")) {
            try (Gateway gateway =
                            routes().limits(Limits.standard().millis("bodyTimeout", 300).value())
                                    .start();
                    RawClient client = gateway.connect()) {
                client.send(post(path, "Content-Length: 5") + "ab");
                assertThat(client.answer().status()).isEqualTo(408);
                assertThat(client.isClosedByServer()).isTrue();
                gateway.awaitRest();
            }
        }
    }

    @Test
    void aConnectionThatNeverBecomesARequestIsClosedWithoutAWord() {
        try (Gateway gateway =
                routes().limits(Limits.standard().millis("headerTimeout", 300).value()).start()) {
            try (RawClient silent = gateway.connect();
                    RawClient started = gateway.connect();
                    RawClient preface = gateway.connect()) {
                started.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: y");
                preface.send("PRI * HTTP/2.0\r\n\r\n");
                assertThat(silent.isClosedByServer()).isTrue();
                assertThat(started.isClosedByServer()).isTrue();
                assertThat(preface.isClosedByServer()).isTrue();
            }
            Await.until(
                    "connections are counted off",
                    () -> gateway.engine.statistics().openConnections() == 0);
        }
    }

    @Test
    void aHeadThatTricklesInIsClosedWithoutAWord() {
        try (Gateway gateway =
                        routes().limits(Limits.standard().millis("headerTimeout", 500).value())
                                .start();
                RawClient client = gateway.connect()) {
            client.send(GET);
            assertThat(client.answer().status()).isEqualTo(200);
            long start = System.nanoTime();
            Thread trickle =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    client.send("GET /hello HTTP/1.1\r\nX: ");
                                    while (System.nanoTime() - start < 10_000_000_000L) {
                                        client.send("y");
                                        // Slow by design: a client that trickles.
                                        Thread.sleep(50);
                                    }
                                } catch (RuntimeException | InterruptedException _) {
                                    // The server has closed, as it should.
                                }
                            });
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(System.nanoTime() - start).isLessThan(8_000_000_000L);
            trickle.interrupt();
        }
    }

    @Test
    void anIdleConnectionIsClosedAndABusyOneIsNot() {
        CountDownLatch answer = new CountDownLatch(1);
        try (Gateway gateway =
                        routes().route(
                                        "GET",
                                        "/slow",
                                        exchange ->
                                                exchange.onVirtualThread(
                                                                () -> {
                                                                    answer.await();
                                                                    return Response.json(200, "1");
                                                                })
                                                        .onSuccess(exchange::respond))
                                .limits(
                                        Limits.standard()
                                                .millis("headerTimeout", 300)
                                                .millis("bodyTimeout", 300)
                                                .millis("keepAliveTimeout", 300)
                                                .millis("stalledReaderTimeout", 300)
                                                .value())
                                .start();
                RawClient idle = gateway.connect();
                RawClient busy = gateway.connect()) {
            busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                assertThat(idle.send(GET).answer().status()).isEqualTo(200);
            }
            assertThat(idle.isClosedByServer()).isTrue();
            try (RawClient another = gateway.connect()) {
                assertThat(another.isClosedByServer()).isTrue();
            }
            answer.countDown();
            assertThat(busy.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aConnectionOverTheCapIsClosedAtOnce() {
        try (Gateway gateway =
                        routes().limits(Limits.standard().with("maxConnections", 2).value())
                                .start();
                RawClient first = gateway.connect();
                RawClient second = gateway.connect()) {
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
            assertThat(second.send(GET).answer().status()).isEqualTo(200);
            try (RawClient third = gateway.connect()) {
                assertThat(third.isClosedByServer()).isTrue();
            }
            first.reset();
            Await.until("one has gone", () -> gateway.engine.statistics().openConnections() == 1);
            try (RawClient fourth = gateway.connect()) {
                assertThat(fourth.send(GET).answer().status()).isEqualTo(200);
            }
            assertThat(gateway.engine.statistics().refusedConnections()).isEqualTo(1);
        }
    }

    @Test
    void allBodiesTogetherAreBoundedUntilTheyAreReleased() {
        List<Exchange> held = new ArrayList<>();
        try (Gateway gateway =
                        routes().route(
                                        "POST",
                                        "/hold",
                                        exchange ->
                                                exchange.body()
                                                        .onSuccess(_ -> hold(held, exchange))
                                                        .onFailure(exchange::fail))
                                .limits(
                                        Limits.standard()
                                                .with("maxBodyBytes", 1_000L)
                                                .with("maxBufferedBodyBytes", 2_500L)
                                                .value())
                                .start();
                RawClient first = gateway.connect();
                RawClient second = gateway.connect();
                RawClient third = gateway.connect()) {
            String request = post("/hold", "Content-Length: 1000") + "x".repeat(1_000);
            first.send(request);
            second.send(request);
            Await.until(
                    "two bodies are held",
                    () -> gateway.engine.statistics().bufferedBodyBytes() == 2_000);
            assertThat(third.send(request).answer().status()).isEqualTo(503);
            Exchange released = held.getFirst();
            released.releaseBody();
            released.releaseBody();
            assertThat(gateway.engine.statistics().bufferedBodyBytes()).isEqualTo(1_000);
            try (RawClient fourth = gateway.connect()) {
                fourth.send(post("/echo", "Content-Length: 1000") + "x".repeat(1_000));
                assertThat(fourth.answer().status()).isEqualTo(200);
            }
            first.reset();
            second.reset();
            gateway.awaitRest();
        }
    }

    private static synchronized void hold(List<Exchange> held, Exchange exchange) {
        held.add(exchange);
    }

    @Test
    void aLimitThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Limits.standard().with("maxConnections", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxConnections");
        assertThatThrownBy(() -> Limits.standard().millis("headerTimeout", 0))
                .hasMessageContaining("headerTimeout");
    }
}
