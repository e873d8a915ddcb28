package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundRequest;
import dev.sluice.http.handler.BlockingHandler;
import dev.sluice.http.handler.BufferedRequest;
import dev.sluice.http.handler.StaticFiles;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What surrounds handlers: files, other origins, draining, blocking code, threads. */
class OperationTest {

    private static String get(String path, String... headers) {
        return request("GET", path, headers);
    }

    private static String request(String method, String path, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private static Gateway.Builder files() {
        ClassLoader loader = OperationTest.class.getClassLoader();
        return Gateway.with("GET", "/ui/**", new StaticFiles(loader, "static-files", true))
                .route("GET", "/docs/**", new StaticFiles(loader, "static-files", false));
    }

    @Test
    void bundledFilesAreServedWithTheirTypeAndAreNotSentTwice() {
        try (Gateway gateway = files().start();
                RawClient client = gateway.connect()) {
            RawClient.Answer index = client.send(get("/ui/")).answer();
            assertThat(index.status()).isEqualTo(200);
            assertThat(index.body()).isEqualTo("<h1>index</h1>\n");
            assertThat(index.head())
                    .contains("content-type: text/html; charset=utf-8", "nosniff", "no-cache");
            RawClient.Answer script = client.send(get("/ui/assets/app-1a2b.js")).answer();
            assertThat(script.head()).contains("text/javascript", "immutable");
            String etag = script.head().replaceAll("(?s).*etag: (\"[0-9a-f]+\").*", "$1");
            RawClient.Answer again =
                    client.send(get("/ui/assets/app-1a2b.js", "If-None-Match: " + etag)).answer();
            assertThat(again.status()).isEqualTo(304);
            assertThat(client.send(get("/ui/users/7")).answer().body()).contains("<h1>");
            assertThat(client.send(get("/docs/users/7")).answer().status()).isEqualTo(404);
            assertThat(client.send(get("/ui/missing.js")).answer().status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/.hidden/file.txt",
                "/docs//index.html",
                "/docs/assets",
                "/docs/assets/",
                "/docs/assets/..%2findex.html",
                "/docs/%2e%2e/logback-test.xml",
                "/docs/..;/logback-test.xml",
                "/docs/static-files/index.html",
                "/docs/index.html%00.js"
            })
    void noPathLeadsOutOfTheFolder(String path) {
        try (Gateway gateway = files().start();
                RawClient client = gateway.connect()) {
            assertThat(client.send(get(path)).answer().status()).isIn(400, 404);
        }
    }

    @Test
    void aScriptOfAnAllowedOriginMayReadAnswers() {
        try (Gateway gateway =
                        Gateway.with("POST", "/x", e -> e.respond(Response.json(200, "{}")))
                                .crossOrigin("https://ui.example")
                                .start();
                RawClient client = gateway.connect()) {
            RawClient.Answer preflight =
                    client.send(
                                    request(
                                            "OPTIONS",
                                            "/x",
                                            "Origin: https://ui.example",
                                            "Access-Control-Request-Method: POST",
                                            "Access-Control-Request-Headers: X-A"))
                            .answer();
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.head())
                    .contains("access-control-allow-origin: https://ui.example")
                    .contains("access-control-allow-credentials: true")
                    .contains("access-control-allow-headers: x-a");
            RawClient.Answer answer =
                    client.send(request("POST", "/x", "Origin: https://ui.example")).answer();
            assertThat(answer.head())
                    .contains("access-control-allow-origin: https://ui.example", "vary: origin");
            RawClient.Answer foreign =
                    client.send(request("POST", "/x", "Origin: https://evil.example")).answer();
            assertThat(foreign.head()).doesNotContain("access-control").contains("vary: origin");
        }
    }

    @Test
    void anyOriginMeansNoCredentialsAndNoneIsTheDefault() {
        assertThat(
                        new CrossOrigin(java.util.List.of("*"))
                                .headersFor("https://a")
                                .get("access-control-allow-origin"))
                .isEqualTo("*");
        assertThat(
                        new CrossOrigin(java.util.List.of("*"))
                                .headersFor("https://a")
                                .get("access-control-allow-credentials"))
                .isNull();
        assertThat(CrossOrigin.NONE.headersFor("https://a").size()).isZero();
        assertThat(
                        new CrossOrigin(java.util.List.of("*"))
                                .headersFor("*")
                                .get("access-control-allow-credentials"))
                .isNull();
    }

    @Test
    void optionsTellsTheMethodsOfAPath() {
        try (Gateway gateway =
                        Gateway.with("GET", "/x", e -> e.respond(Response.json(200, "{}")))
                                .start();
                RawClient client = gateway.connect()) {
            RawClient.Answer answer = client.send(request("OPTIONS", "/x")).answer();
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.head()).contains("allow: get, head");
            RawClient.Answer head = client.send(request("GET", "/y")).answer();
            assertThat(head.status()).isEqualTo(404);
        }
    }

    @Test
    void blockingCodeRunsOnAVirtualThreadAndMayCallOut() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<Gateway> self = new AtomicReference<>();
        try (Gateway gateway =
                        Gateway.with(
                                        "POST",
                                        "/blocking/{name}",
                                        new BlockingHandler(request -> {
                                            thread.set(Thread.currentThread());
                                            return callBack(self.get(), request);
                                        }))
                                .route("POST", "/upper", OperationTest::upper)
                                .start();
                RawClient client = gateway.connect()) {
            self.set(gateway);
            client.send(request("POST", "/blocking/x%2Fy?q=1", "Content-Length: 2") + "ab");
            assertThat(client.answer().body()).isEqualTo("X/Y1AB");
            assertThat(thread.get().isVirtual()).isTrue();
            gateway.awaitRest();
        }
    }

    private static Response callBack(Gateway gateway, BufferedRequest request) {
        String text = request.pathParameter("name") + request.queryParameter("q") + request.body();
        Future<Buffer> answer =
                gateway.engine
                        .client()
                        .send(
                                OutboundRequest.whole(
                                        "POST",
                                        gateway.uri("/upper"),
                                        Headers.EMPTY,
                                        Buffer.buffer(text),
                                        Gateway.PATIENT,
                                        AddressPolicy.OPERATOR))
                        .answer()
                        .compose(head -> head.bodyUpTo(100));
        return new Response(200, Headers.EMPTY, Gateway.await(answer));
    }

    private static void upper(Exchange exchange) {
        exchange.body()
                .map(body -> body.toString().toUpperCase(java.util.Locale.ROOT))
                .onSuccess(text -> exchange.respond(Response.json(200, text)))
                .onFailure(exchange::fail);
    }

    @Test
    void drainingFinishesWhatIsOpenAndTakesNothingNew() {
        CountDownLatch release = new CountDownLatch(1);
        try (Gateway gateway =
                        Gateway.with("GET", "/slow", exchange -> slow(exchange, release))
                                .route("GET", "/x", e -> e.respond(Response.json(200, "{}")))
                                .start();
                RawClient busy = gateway.connect();
                RawClient idle = gateway.connect()) {
            busy.send(get("/slow"));
            Await.until("one is open", () -> gateway.server.openExchanges() == 1);
            assertThat(idle.send(get("/x")).answer().status()).isEqualTo(200);
            Await.until("only that is open", () -> gateway.server.openExchanges() == 1);
            Future<Void> drained = gateway.server.drain(Duration.ofSeconds(60));
            assertThat(idle.isClosedByServer()).isTrue();
            Await.until("nobody is accepted", () -> isRefused(gateway.port));
            assertThat(drained.isComplete()).isFalse();
            release.countDown();
            RawClient.Answer answer = busy.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head()).contains("connection: close");
            assertThat(busy.isClosedByServer()).isTrue();
            Gateway.await(drained);
        }
    }

    @Test
    void drainingCutsWhatDoesNotFinishInTime() {
        try (Gateway gateway = Gateway.with("GET", "/hang", _ -> {}).start();
                RawClient client = gateway.connect()) {
            client.send(get("/hang"));
            Await.until("one is open", () -> gateway.server.openExchanges() == 1);
            Gateway.await(gateway.server.drain(Duration.ofMillis(300)));
            assertThat(client.isClosedByServer()).isTrue();
            gateway.awaitRest();
        }
    }

    private static void slow(Exchange exchange, CountDownLatch release) {
        exchange.onVirtualThread(
                        () -> {
                            release.await();
                            return Response.json(200, "{}");
                        })
                .onSuccess(exchange::respond)
                .onFailure(exchange::fail);
    }

    private static boolean isRefused(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() < 0;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void aPortInUseIsAnError() {
        try (Gateway first =
                        Gateway.with("GET", "/x", e -> e.fail(new IllegalStateException()))
                                .start();
                Gateway second =
                        Gateway.with("GET", "/y", e -> e.fail(new IllegalStateException()))
                                .start()) {
            assertThatThrownBy(
                            () -> Gateway.await(second.server.start("127.0.0.1", first.port, null)))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void closingEndsTheThreads() {
        Gateway gateway = Gateway.with("GET", "/x", e -> e.respond(Response.empty(204))).start();
        try (RawClient client = gateway.connect()) {
            assertThat(client.send(get("/x")).answer().status()).isEqualTo(204);
        }
        gateway.close();
        Await.until(
                "the event loops have ended",
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(
                                        thread -> thread.getName().startsWith("vert.x-eventloop")));
    }
}
