package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of connections to upstreams, and of calls that wait for one. */
class OutboundConnectionTest extends OutboundCalls {
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
