package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw calls that cannot be made hold no room at their upstream. */
class RawRoomTest {
    private RoutedGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/proxy/v1/models?q={|}", "/proxy/v1/models/a|b", "/proxy/v1/models?q=^"})
    void aUrlThatIsNoneIsRefusedAndTakesNoRoom(String path) throws Exception {
        String name = gateway.fresh("narrow");
        String id =
                gateway.upstream(
                        name,
                        gateway.running.simulatorUrl(),
                        RoutedGateway.GOOD_KEY,
                        ",\"max_concurrency\":1");
        for (int i = 0; i < 3; i++) {
            assertThat(get(path, name)).startsWith("HTTP/1.1 400").contains("invalid_url");
        }
        assertThat(gateway.upstream(id, "health").path("in_flight").asInt()).isZero();
        assertThat(gateway.ask(gateway.model("", name + " sim-1"), false).statusCode())
                .isEqualTo(200);
    }

    /** Through a socket: clients of HTTP refuse to say such things. */
    private String get(String path, String upstream) throws Exception {
        URI url = URI.create(gateway.running.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            """
                            GET %s HTTP/1.1\r
                            Host: localhost\r
                            Authorization: Bearer %s\r
                            X-Upstream-Name: %s\r
                            Connection: close\r
                            \r
                            """
                                    .formatted(path, gateway.running.apiKey(), upstream)
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
