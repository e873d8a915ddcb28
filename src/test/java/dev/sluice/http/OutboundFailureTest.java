package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.client.OutboundFailure.Kind;
import dev.sluice.http.client.OutboundRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a call to an upstream fails, told apart. */
class OutboundFailureTest extends OutboundCalls {
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
                ScriptedUpstream plain = new ScriptedUpstream(OutboundFailureTest::answerInPlain)) {
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
}
