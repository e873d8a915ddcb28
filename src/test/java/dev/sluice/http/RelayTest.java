package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that is passed on piece by piece. */
class RelayTest {

    private static final String GET = "GET /relay HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String EVENT_STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    .concat("Transfer-Encoding: chunked\r\n\r\n");

    private record Relaying(Gateway gateway, Relay relay) implements AutoCloseable {
        static Relaying to(ScriptedUpstream upstream) {
            Gateway[] self = new Gateway[1];
            Relay relay = new Relay(() -> self[0].engine.client(), upstream.uri("/"));
            self[0] = Gateway.with("*", "/relay", relay).start();
            return new Relaying(self[0], relay);
        }

        @Override
        public void close() {
            gateway.close();
        }
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    @Test
    void anEventIsPassedOnAsSoonAsItIsThere() throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send(EVENT_STREAM);
                            connection.send(chunk("data: 1\n\n"));
                            seen.get(20, TimeUnit.SECONDS);
                            connection.send(chunk("data: 2\n\n") + "0\r\n\r\n");
                            connection.request();
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send(GET);
            RawClient.Answer head = client.answer();
            assertThat(head.head()).contains("transfer-encoding: chunked", "text/event-stream");
            assertThat(client.text(14)).isEqualTo(chunk("data: 1\n\n"));
            seen.complete(null);
            assertThat(client.text(19)).isEqualTo(chunk("data: 2\n\n") + "0\r\n\r\n");
            relaying.gateway.awaitRest();
        }
    }

    @Test
    void theHeadIsPassedOnBeforeThereIsABody() throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send(EVENT_STREAM);
                            seen.get(20, TimeUnit.SECONDS);
                            connection.send("0\r\n\r\n");
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            assertThat(client.send(GET).answer().status()).isEqualTo(200);
            seen.complete(null);
            assertThat(client.text(5)).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void eventsThatArriveTogetherLeaveTogether() throws Exception {
        int events = 50;
        StringBuilder burst = new StringBuilder();
        for (int i = 0; i < events; i++) {
            burst.append(chunk("data: {\"i\":" + (100 + i) + "}\n\n"));
        }
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send(EVENT_STREAM);
                            connection.send(burst.toString());
                            connection.awaitClose();
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send(GET).answer();
            int chunks = 0;
            int received = 0;
            while (received < events * 17) {
                int size = Integer.parseInt(client.line(), 16);
                client.text(size + 2);
                received += size;
                chunks++;
            }
            assertThat(chunks).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void anAnswerWithALengthKeepsIt() {
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                            connection.send("01234");
                            connection.send("56789");
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            RawClient.Answer answer = client.send(GET).answer();
            assertThat(answer.head()).contains("content-length: 10").doesNotContain("chunked");
            assertThat(answer.body()).isEqualTo("0123456789");
        }
    }

    @Test
    void headIsAnsweredLikeGetButWithoutABody() {
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            while (!connection.request().isEmpty()) {
                                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                            }
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send("HEAD /relay HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            StringBuilder head = new StringBuilder();
            for (String line = client.line(); !line.isEmpty(); line = client.line()) {
                head.append(line).append('\n');
            }
            assertThat(head.toString()).containsIgnoringCase("content-length: 10");
            client.send("HEAD /relay HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesBeforeTheFirstByteEndsTheUpstreamCallAtOnce(boolean byReset) {
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.awaitClose();
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send(GET);
            Await.until("the upstream is asked", () -> upstream.heads.size() == 1);
            long left = System.nanoTime();
            leave(client, byReset);
            Await.until("the upstream is left", () -> upstream.closedByPeer.get() == 1);
            assertThat(System.nanoTime() - left).isLessThan(TimeUnit.SECONDS.toNanos(5));
            relaying.gateway.awaitRest();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesAmidTheBodyEndsTheUpstreamCallAtOnce(boolean byReset) {
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send(EVENT_STREAM + chunk("data: 1\n\n"));
                            connection.awaitClose();
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send(GET).answer();
            assertThat(client.text(14)).isEqualTo(chunk("data: 1\n\n"));
            leave(client, byReset);
            Await.until("the upstream is left", () -> upstream.closedByPeer.get() == 1);
            relaying.gateway.awaitRest();
        }
    }

    private static void leave(RawClient client, boolean byReset) {
        if (byReset) {
            client.reset();
        } else {
            client.finish();
        }
    }

    @Test
    void anUpstreamThatBreaksOffCutsTheAnswer() {
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send(EVENT_STREAM + chunk("data: 1\n\n"));
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send(GET).answer();
            assertThat(client.rest()).startsWith("9\r\ndata: 1").doesNotContain("0\r\n\r\n");
            relaying.gateway.awaitRest();
        }
    }

    @Test
    void aSlowReaderPausesTheUpstreamAndLosesNothing() throws Exception {
        long total = 64L * 1024 * 1024;
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send(
                                    "HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
                            while (sent.get() < total) {
                                connection.socket.getOutputStream().write(piece);
                                sent.addAndGet(piece.length);
                            }
                            connection.request();
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.socket().setReceiveBufferSize(64 * 1024);
            client.send(GET);
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(total / 2);
            assertThat(relaying.relay.pauses.get()).isPositive();
            assertThat(drain(client, total)).isEqualTo(total);
            relaying.gateway.awaitRest();
        }
    }

    @Test
    void aSlowUpstreamPausesTheClientAndLosesNothing() throws Exception {
        long total = 24L * 1024 * 1024;
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        AtomicLong sent = new AtomicLong();
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.socket.setReceiveBufferSize(64 * 1024);
                            connection.request();
                            goOn.get(60, TimeUnit.SECONDS);
                            connection.answer(Long.toString(unchunked(connection)));
                        });
                Relaying relaying = Relaying.to(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send("POST /relay HTTP/1.1\r\nHost: a\r\nContent-Length: " + total + "\r\n\r\n");
            Thread.ofVirtual()
                    .start(() -> {
                        byte[] piece = new byte[64 * 1024];
                        while (sent.get() < total) {
                            client.send(piece);
                            sent.addAndGet(piece.length);
                        }
                    });
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(total);
            assertThat(relaying.gateway.engine.statistics().bufferedBodyBytes()).isZero();
            goOn.complete(null);
            assertThat(client.answer().body()).isEqualTo(Long.toString(total));
            relaying.gateway.awaitRest();
        }
    }

    private static long unchunked(ScriptedUpstream.Connection connection) throws IOException {
        long total = 0;
        while (true) {
            StringBuilder line = new StringBuilder();
            for (int b = connection.in().read(); b != '\n'; b = connection.in().read()) {
                line.append((char) b);
            }
            int size = Integer.parseInt(line.toString().trim(), 16);
            connection.in().readNBytes(size + 2);
            if (size == 0) {
                return total;
            }
            total += size;
        }
    }

    private static void awaitStandstill(AtomicLong counter) {
        long[] last = {0, System.nanoTime()};
        Await.until(
                "a standstill of a second, which no signal tells",
                () -> {
                    if (counter.get() != last[0]) {
                        last[0] = counter.get();
                        last[1] = System.nanoTime();
                    }
                    return last[0] > 0 && System.nanoTime() - last[1] > 1_000_000_000L;
                });
    }

    private static long drain(RawClient client, long total) throws IOException {
        client.answerHead();
        byte[] buffer = new byte[1 << 20];
        long received = 0;
        while (received < total) {
            int read = client.socket().getInputStream().read(buffer);
            if (read < 0) {
                return received;
            }
            received += read;
        }
        return received;
    }

    @Test
    void aClientThatStopsReadingIsLeftInTheEnd() {
        byte[] piece = new byte[1 << 20];
        try (ScriptedUpstream upstream =
                        new ScriptedUpstream(connection -> {
                            connection.request();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n");
                            while (true) {
                                connection.socket.getOutputStream().write(piece);
                            }
                        });
                Relaying relaying = relayingWithImpatience(upstream);
                RawClient client = relaying.gateway.connect()) {
            client.send(GET);
            Await.until("the upstream is left", () -> upstream.closedByPeer.get() == 1);
            relaying.gateway.awaitRest();
        }
    }

    private static Relaying relayingWithImpatience(ScriptedUpstream upstream) {
        Gateway[] self = new Gateway[1];
        Relay relay = new Relay(() -> self[0].engine.client(), upstream.uri("/"));
        HttpLimits limits =
                Limits.standard()
                        .millis("headerTimeout", 500)
                        .millis("stalledReaderTimeout", 500)
                        .value();
        self[0] = Gateway.with("*", "/relay", relay).limits(limits).start();
        return new Relaying(self[0], relay);
    }
}
