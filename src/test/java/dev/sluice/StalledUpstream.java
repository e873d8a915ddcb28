package dev.sluice;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** An upstream that reads a request's body only when it is told to. */
final class StalledUpstream implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final AtomicLong received = new AtomicLong();
    private volatile long breaksAfter = Long.MAX_VALUE;
    private volatile boolean reads;
    private volatile boolean cut;

    StalledUpstream() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    void readOn() {
        reads = true;
    }

    void breakAfter(long bytes) {
        breaksAfter = bytes;
    }

    long received() {
        return received.get();
    }

    boolean isCut() {
        return cut;
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            RunningGateway.await("the word to read on", () -> reads);
            long length =
                    head.toString()
                            .lines()
                            .filter(line ->
                                    line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                            .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                            .sum();
            byte[] piece = new byte[64 * 1024];
            while (received.get() < length) {
                int n = in.read(piece);
                if (n < 0) {
                    cut = true;
                    return;
                }
                if (received.addAndGet(n) > breaksAfter) {
                    socket.setSoLinger(true, 0);
                    return;
                }
            }
            String body = "{\"text\":\"whole\",\"usage\":{\"type\":\"duration\",\"seconds\":9}}";
            socket.getOutputStream()
                    .write(
                            ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                                            + body.length()
                                            + "\r\n\r\n"
                                            + body)
                                    .getBytes(StandardCharsets.UTF_8));
            in.read();
        } catch (IOException broken) {
            cut = true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
