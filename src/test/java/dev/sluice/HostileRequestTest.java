package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests made to cost more than they say: each is refused, and the next call is served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestTest {
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private RunningGateway gateway;

    /** The routes of chat, each with a sound request and what its clients know an error by. */
    enum ChatRoute {
        OPENAI_CHAT("/v1/chat/completions", HELLO, "\"type\":\"invalid_request_error\""),
        RESPONSES(
                "/v1/responses",
                "{\"model\":\"sim-1\",\"input\":\"Hello\"}",
                "\"type\":\"invalid_request_error\""),
        ANTHROPIC(
                "/v1/messages",
                "{\"model\":\"sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                "\"type\":\"error\""),
        GEMINI(
                "/v1beta/models/sim-1:generateContent",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}",
                "\"status\":\"INVALID_ARGUMENT\"");

        private final String path;
        private final String sound;
        private final String error;

        ChatRoute(String path, String sound, String error) {
            this.path = path;
            this.sound = sound;
            this.error = error;
        }

        private String with(String first) {
            return "{" + first + "," + sound.substring(1);
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway =
                RunningGateway.in(
                        folder, Map.of("SLUICE_HEADER_TIMEOUT", "1s", "SLUICE_BODY_TIMEOUT", "2s"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void theNextCallIsServedAndNothingIsHeld() throws Exception {
        assertThat(gateway.chat(HELLO).statusCode()).isEqualTo(200);
        RunningGateway.await(
                "no body to be held",
                () ->
                        gateway.metric("sluice_http_buffered_bytes") == 0
                                && gateway.metric("sluice_leases") == 0);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return gateway.send(
                "POST", path, body, Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    @ParameterizedTest
    @EnumSource(ChatRoute.class)
    void aSoundRequestIsServed(ChatRoute route) throws Exception {
        assertThat(post(route.path, route.with("\"x\":1")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ChatRoute.class)
    void aBodyTenThousandLevelsDeepIsRefused(ChatRoute route) throws Exception {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);

        HttpResponse<String> refused = post(route.path, route.with("\"metadata\":" + deep));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(route.error);
    }

    @ParameterizedTest
    @EnumSource(ChatRoute.class)
    void aBodyWithAMillionKeysIsRefused(ChatRoute route) throws Exception {
        StringBuilder keys = new StringBuilder("\"k\":1");
        for (int i = 0; i < 1_000_000; i++) {
            keys.append(",\"k").append(i).append("\":1");
        }

        HttpResponse<String> refused = post(route.path, route.with(keys.toString()));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(route.error);
    }

    @ParameterizedTest
    @EnumSource(ChatRoute.class)
    void aCompressedBodyIsNeverUnpacked(ChatRoute route) throws Exception {
        String answer = sendPacked(route.path, bomb(route.sound));

        assertThat(answer)
                .startsWith("HTTP/1.1 415")
                .contains(route.error)
                .contains("without a Content-Encoding header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chat", "/v1/embeddings", "/v1/messages/count_tokens"})
    void norIsItElsewhere(String path) throws Exception {
        assertThat(sendPacked(path, bomb(HELLO))).startsWith("HTTP/1.1 415");
    }

    /** 64 MiB of nothing, and a request behind it. */
    private static byte[] bomb(String request) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1_024; i++) {
                gzip.write(spaces);
            }
            gzip.write(request.getBytes(StandardCharsets.US_ASCII));
        }
        return packed.toByteArray();
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private String head(String path, String fields) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + gateway.apiKey()
                + "\r\nContent-Type: application/json\r\n"
                + fields
                + "\r\n\r\n";
    }

    private String sendPacked(String path, byte[] packed) throws IOException {
        String fields =
                "Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: " + packed.length;
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(path, fields).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(packed);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/responses",
                "/v1/messages",
                "/v1beta/models/sim-1:generateContent",
                "/v1/embeddings",
                "/chat",
                "/proxy/v1/chat/completions",
                "/proxy/v1/embeddings"
            })
    void aBodyThatTricklesInIs408(String path) throws Exception {
        try (Socket socket = connect()) {
            trickle(socket, head(path, "Content-Length: 1000"), " ");
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408").contains("did not arrive in time");
        }
    }

    @Test
    void aHeadThatTricklesInIsClosed() throws Exception {
        try (Socket socket = connect()) {
            long began = System.nanoTime();
            trickle(socket, "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nX: ", "y");
            assertThat(isClosed(socket)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    /** Sends a little every 50 ms, which is what it is about, until the server closes. */
    private static void trickle(Socket socket, String first, String little) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        socket.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));
                        while (!socket.isClosed()) {
                            socket.getOutputStream()
                                    .write(little.getBytes(StandardCharsets.US_ASCII));
                            Thread.sleep(50);
                        }
                    } catch (IOException | InterruptedException _) {
                        // The server has closed, as it should.
                    }
                });
    }

    private static boolean isClosed(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
