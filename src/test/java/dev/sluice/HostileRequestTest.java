package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests made to cost more than they say: each is refused, and the next call is served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestTest {
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void theNextCallIsServed() throws Exception {
        assertThat(gateway.chat(HELLO).statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyTenThousandLevelsDeepIsRefused() throws Exception {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        String body = HELLO.replace("{\"model\"", "{\"metadata\":" + deep + ",\"model\"");

        assertThat(gateway.chat(body).statusCode()).isEqualTo(400);
    }

    @Test
    void aBodyWithAMillionKeysIsRefused() throws Exception {
        StringBuilder keys = new StringBuilder("{");
        for (int i = 0; i < 1_000_000; i++) {
            keys.append("\"k").append(i).append("\":1,");
        }
        String body = HELLO.replace("{\"model\"", keys + "\"model\"");

        assertThat(gateway.chat(body).statusCode()).isEqualTo(400);
    }

    @Test
    void aCompressedBodyIsNeverUnpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1_024; i++) {
                gzip.write(spaces);
            }
            gzip.write(HELLO.getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(statusOf(packed.toByteArray())).startsWith("HTTP/1.1 400");
    }

    private String statusOf(byte[] packed) throws IOException {
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\nContent-Type: application/json\r\nContent-Encoding: gzip"
                        + "\r\nContent-Length: "
                        + packed.length
                        + "\r\nConnection: close\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(packed);
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.ISO_8859_1);
        }
    }
}
