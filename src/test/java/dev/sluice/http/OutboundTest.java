package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an upstream is sent, and what is heard of its answer. */
class OutboundTest extends OutboundCalls {
    @Test
    void aConnectionIsUsedAgain() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(OutboundCalls::serveForever)) {
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
        try (ScriptedUpstream upstream = new ScriptedUpstream(OutboundCalls::serveForever)) {
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
        try (ScriptedUpstream upstream = new ScriptedUpstream("::1", OutboundCalls::serveForever)) {
            String authority = "[::1]:" + upstream.port();
            assertThat(body(call(URI.create("http://" + authority + "/")))).isEqualTo("fine");
            assertThat(upstream.heads.getFirst()).containsIgnoringCase("host: " + authority);
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
    void anAnswerThatComesSlowlyButSteadilyIsAwaited() {
        try (ScriptedUpstream upstream =
                new ScriptedUpstream(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                    for (int i = 0; i < 10; i++) {
                        // Slow by design: each byte comes well within the time that is allowed.
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
        try (ScriptedUpstream upstream = new ScriptedUpstream(OutboundCalls::serveForever);
                ScriptedUpstream silent = new ScriptedUpstream(OutboundTest::saysHalf)) {
            OutboundAnswer answer =
                    Gateway.await(engine.client().send(request(upstream.uri("/"), SHORT)).answer());
            CompletableFuture<String> ending = new CompletableFuture<>();
            answer.body()
                    .onData(_ -> {})
                    .onEnd(() -> ending.complete("end"))
                    .onFailure(failure -> ending.complete(failure.toString()));
            // Others, begun later and with as much patience, have timed out meanwhile.
            for (int i = 0; i < 3; i++) {
                assertThat(kindOf(silent.uri("/"), SHORT)).isEqualTo(Kind.IDLE_TIMEOUT);
            }
            assertThat(ending).isNotDone();
            answer.body().resume();
            assertThat(ending.get(20, TimeUnit.SECONDS)).isEqualTo("end");
        }
    }

    private static void saysHalf(ScriptedUpstream.Connection connection) throws IOException {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        connection.awaitClose();
    }
}
