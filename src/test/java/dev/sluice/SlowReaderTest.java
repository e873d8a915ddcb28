package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that does not read: the gateway holds little of what waits for it, the upstream can
 * write no more, and nothing is lost once the client goes on. What the kernel holds in the buffers
 * of its sockets, several megabytes, is told by {@code /proc} and does not count.
 */
class SlowReaderTest {
    private static final long OFFERED = 256L << 20;
    private static final long MOST_HELD = 3 << 20;
    private static final String TEXT = "word ".repeat(1_600);

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicBoolean enough = new AtomicBoolean();

    private void stream(ScriptedUpstream.Connection connection) throws IOException {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
        while (!enough.get() && written.get() < OFFERED) {
            String event = chunk("{\"content\":\"<" + events.get() + "> " + TEXT + "\"}", "null");
            connection.send(event);
            events.incrementAndGet();
            written.addAndGet(event.length());
        }
        connection.send(chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
    }

    private static String chunk(String delta, String finish) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":"
                + delta
                + ",\"finish_reason\":"
                + finish
                + "}]}\n\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages", "/proxy/v1/chat/completions"})
    void aSlowReaderHoldsTheUpstreamBackAndLosesNothing(String path, @TempDir Path folder)
            throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder, Map.of());
                ScriptedUpstream upstream = new ScriptedUpstream(this::stream);
                Socket client = new Socket()) {
            addUpstream(gateway, upstream);
            client.setReceiveBufferSize(32 * 1024);
            client.setSoTimeout(30_000);
            client.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort()));
            client.getOutputStream().write(request(gateway, path));

            awaitStandstill();
            long inKernel = queued(Set.of(client.getLocalPort(), upstream.port()));
            assertThat(written.get() - inKernel)
                    .as("%d were written, the kernel holds %d", written.get(), inKernel)
                    .isLessThan(MOST_HELD);
            assertThat(written.get()).isLessThan(OFFERED / 2);

            enough.set(true);
            assertThat(readAll(client)).isEqualTo(events.get());
            RunningGateway.await(
                    "nothing to be left of it", () -> gateway.metric("sluice_upstream_calls") == 0);
        }
    }

    private static void addUpstream(RunningGateway gateway, ScriptedUpstream upstream)
            throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"fast","provider":"openai-compatible","base_url":"%s","api_key":"sk-x",
                 "protocols":["openai-chat"],"discover_models":false}
                """
                        .formatted(upstream.uri("")));
    }

    private static byte[] request(RunningGateway gateway, String path) {
        String body =
                "{\"model\":\"fast/m\",\"stream\":true,\"max_tokens\":9,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        return ("POST "
                        + path
                        + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\nX-Upstream-Name: fast\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Until the upstream has not been able to write for three seconds, which no signal tells. */
    private void awaitStandstill() throws InterruptedException {
        long[] last = {-1, System.nanoTime()};
        RunningGateway.await(
                "the upstream to be held back",
                () -> {
                    if (written.get() != last[0]) {
                        last[0] = written.get();
                        last[1] = System.nanoTime();
                    }
                    return last[0] > 0 && System.nanoTime() - last[1] > 3_000_000_000L;
                });
    }

    /** {@return the bytes in the kernel's buffers of all connections with one of those ports} */
    private static long queued(Set<Integer> ports) throws IOException {
        long bytes = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[0].endsWith(":") && hasPort(fields, ports)) {
                    String[] queues = fields[4].split(":", 2);
                    bytes += Long.parseLong(queues[0], 16) + Long.parseLong(queues[1], 16);
                }
            }
        }
        return bytes;
    }

    private static boolean hasPort(String[] fields, Set<Integer> ports) {
        boolean listens = fields[3].equals("0A");
        return !listens && (ports.contains(port(fields[1])) || ports.contains(port(fields[2])));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    /** {@return how many numbered events came, each after the one before} */
    private static long readAll(Socket client) throws IOException {
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        long next = 0;
        boolean ended = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("<" + next + "> word")) {
                next++;
            }
            ended |= line.contains("[DONE]") || line.contains("message_stop");
        }
        assertThat(ended).as("the stream's own end").isTrue();
        return next;
    }
}
