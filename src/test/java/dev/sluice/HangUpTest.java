package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Clients that hang up, at any moment and by a reset: no error of the gateway. */
class HangUpTest {
    private static final int CALLS = 300;
    private static final String MESSAGES =
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void stop() {
        root().detachAppender(log);
        gateway.close();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void clientsThatHangUpAreCountedAndNoError() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> bodies =
                List.of(
                        "{\"model\":\"sim-1\"," + MESSAGES,
                        "{\"model\":\"sim-1!chunks=30\",\"stream\":true," + MESSAGES,
                        "{\"model\":\"sim-1!chunks=9,pace=2ms\",\"stream\":true," + MESSAGES);
        for (int i = 0; i < CALLS; i++) {
            String path = i % 7 == 0 ? "/proxy/v1/chat/completions" : "/v1/chat/completions";
            hangUp(path, bodies.get(i % bodies.size()), random.nextInt(4_000_000));
        }

        RunningGateway.await(
                "nothing to be left of them", () -> gateway.metric("sluice_calls_running") == 0);
        assertThat(gateway.metric("sluice_http_clients_left_total"))
                .as("seed %d", seed)
                .isPositive();
        List<ILoggingEvent> events = List.copyOf(log.list);
        assertThat(events)
                .as("seed %d", seed)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    private void hangUp(String path, String body, long afterNanos) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream()
                    .write(
                            ("POST "
                                            + path
                                            + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                                            + gateway.apiKey()
                                            + "\r\nContent-Type: application/json\r\n"
                                            + "Content-Length: "
                                            + body.length()
                                            + "\r\n\r\n"
                                            + body)
                                    .getBytes(StandardCharsets.US_ASCII));
            // A client leaves when it likes; nothing is waited for here.
            LockSupport.parkNanos(afterNanos);
        }
    }
}
