package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.http.handler.BlockingHandler;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a handler does wrong, its request ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureTest {

    private final CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    private Gateway gateway;

    @BeforeAll
    void start() {
        gateway =
                Gateway.with("GET", "/throws", _ -> boom())
                        .route("GET", "/error", _ -> outOfMemory())
                        .route("GET", "/later", exchange -> exchange.after(5, FailureTest::boom))
                        .route("GET", "/worker", FailureTest::onWorker)
                        .route("GET", "/virtual", FailureTest::onVirtualThread)
                        .route("GET", "/worker-callback", FailureTest::inWorkerCallback)
                        .route("GET", "/body-callback", e -> e.body().onSuccess(_ -> boom()))
                        .route("GET", "/stream-callback", FailureTest::inStreamCallback)
                        .route("GET", "/upstream-callback", this::inUpstreamCallback)
                        .route("GET", "/bad-status", e -> e.respond(Response.empty(99)))
                        .route("GET", "/bad-header", FailureTest::badHeader)
                        .route("GET", "/blocking", new BlockingHandler(_ -> teapot()))
                        .route("GET", "/begun", FailureTest::afterBeginning)
                        .route("GET", "/twice", this::twice)
                        .route("GET", "/short", FailureTest::shorterThanAnnounced)
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private static void boom() {
        throw new IllegalStateException("boom");
    }

    private static void outOfMemory() {
        throw new StackOverflowError("too deep");
    }

    private static Response teapot() {
        throw new HttpFailure(418, "teapot", "short and stout");
    }

    private static void onWorker(Exchange exchange) {
        Future<Object> failing =
                exchange.onWorker(() -> {
                    throw new IllegalStateException("worker");
                });
        failing.onFailure(exchange::fail);
    }

    private static void onVirtualThread(Exchange exchange) {
        Future<Object> failing =
                exchange.onVirtualThread(() -> {
                    throw new IllegalStateException("virtual");
                });
        failing.onFailure(exchange::fail);
    }

    private static void inWorkerCallback(Exchange exchange) {
        exchange.onWorker(() -> "fine").onSuccess(_ -> boom());
    }

    private static void inStreamCallback(Exchange exchange) {
        exchange.bodyStream().onData(_ -> boom()).onEnd(FailureTest::boom).resume();
    }

    private void inUpstreamCallback(Exchange exchange) {
        gateway.engine
                .client()
                .send(
                        OutboundRequest.whole(
                                "GET",
                                gateway.uri("/throws"),
                                Headers.EMPTY,
                                Buffer.buffer(),
                                Gateway.PATIENT,
                                AddressPolicy.OPERATOR))
                .answer()
                .onSuccess(answer -> answer.body().onData(_ -> boom()).resume());
    }

    private static void badHeader(Exchange exchange) {
        exchange.respond(Response.json(200, "{}").with("x-bad", "a\r\nset-cookie: b"));
    }

    private static void afterBeginning(Exchange exchange) {
        exchange.begin(200, Headers.EMPTY).write(Buffer.buffer("half"));
        exchange.after(5, FailureTest::boom);
    }

    private void twice(Exchange exchange) {
        exchange.respond(Response.json(200, "once"));
        try {
            exchange.respond(Response.json(200, "twice"));
        } catch (IllegalStateException refused) {
            refusal.complete(refused);
        }
    }

    private static void shorterThanAnnounced(Exchange exchange) {
        ResponseStream stream = exchange.begin(200, Headers.of("content-length", "10"));
        exchange.after(5, () -> stream.end(Buffer.buffer("12345")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/throws",
                "/error",
                "/later",
                "/worker",
                "/virtual",
                "/worker-callback",
                "/body-callback",
                "/stream-callback",
                "/upstream-callback",
                "/bad-status",
                "/bad-header"
            })
    void anExceptionAnywhereIsAnAnswer(String path) {
        try (RawClient client = gateway.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.head()).doesNotContain("set-cookie");
            assertThat(answer.body()).isEqualTo("{\"code\":\"internal\"}");
            gateway.awaitRest();
        }
    }

    @Test
    void aFailureThatSaysItsStatusIsRenderedWithIt() {
        try (RawClient client = gateway.connect()) {
            client.send("GET /blocking HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(418);
            client.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("{\"code\":\"not_found\"}");
            client.send("POST /throws HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.head()).contains("allow: get, head");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/begun", "/short"})
    void anAnswerThatBreaksOffIsCutSoThatNobodyTakesItForWhole(String path) {
        try (RawClient client = gateway.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            String everything = client.rest();
            assertThat(everything).startsWith("HTTP/1.1 200 OK").doesNotContain("\r\n0\r\n");
            gateway.awaitRest();
        }
    }

    @Test
    void aSecondAnswerIsRefused() throws Exception {
        try (RawClient client = gateway.connect()) {
            client.send("GET /twice HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("once");
            assertThat(refusal.get(10, TimeUnit.SECONDS)).hasMessageContaining("already");
            client.send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(500);
        }
    }

    @Test
    void aHeaderThatWouldBreakOutOfItsLineIsRefusedBeforeAnythingIsSent() {
        OutboundRequest request =
                OutboundRequest.whole(
                        "POST",
                        gateway.uri("/throws"),
                        Headers.of("x-ok", "fine", "x-bad", "a\r\nauthorization: b"),
                        Buffer.buffer(),
                        Gateway.PATIENT,
                        AddressPolicy.OPERATOR);
        assertThatThrownBy(() -> gateway.engine.client().send(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x-bad")
                .hasMessageNotContaining("authorization");
    }
}
