import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A small client of streams: so many connections, each reading so many streams one after another, on virtual threads and plain sockets.
 * A stream counts as complete when its {@code [DONE]} and its last chunk have come. Usage: {@code StreamLoad <port> <key> <model>
 * <connections> <streams each>}. Prints one line: complete, failed, events, seconds.
 */
public final class StreamLoad {
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        byte[] request = request(port, args[1], args[2]);
        int connections = Integer.parseInt(args[3]);
        int streams = Integer.parseInt(args[4]);
        AtomicInteger complete = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicLong events = new AtomicLong();
        CountDownLatch done = new CountDownLatch(connections);
        long began = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            Thread.startVirtualThread(
                    () -> {
                        int left = streams;
                        try (Socket socket = new Socket()) {
                            socket.setTcpNoDelay(true);
                            socket.setSoTimeout(120_000);
                            socket.connect(new InetSocketAddress("127.0.0.1", port), 30_000);
                            byte[] buffer = new byte[8192];
                            for (; left > 0; left--) {
                                OutputStream out = socket.getOutputStream();
                                out.write(request);
                                out.flush();
                                if (!readStream(socket.getInputStream(), buffer, events)) {
                                    break;
                                }
                                complete.incrementAndGet();
                            }
                        } catch (Exception broken) {
                            // counted below by what is left
                        }
                        failed.addAndGet(left);
                        done.countDown();
                    });
        }
        done.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "complete=%d failed=%d events=%d seconds=%.3f%n",
                complete.get(), failed.get(), events.get(), seconds);
    }

    /** Reads to the zero chunk that ends the answer; true if {@code [DONE]} stood before it. */
    private static boolean readStream(InputStream in, byte[] buffer, AtomicLong events)
            throws Exception {
        boolean seenDone = false;
        int matched = 0;
        int tail = 0;
        int previous = 0;
        byte[] end = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        while (true) {
            int read = in.read(buffer);
            if (read < 0) {
                return false;
            }
            for (int i = 0; i < read; i++) {
                byte b = buffer[i];
                matched = b == DONE[matched] ? matched + 1 : b == DONE[0] ? 1 : 0;
                if (matched == DONE.length) {
                    seenDone = true;
                    matched = 0;
                }
                if (b == '\n' && previous == '\n') {
                    events.incrementAndGet();
                }
                previous = b;
                tail = b == end[tail] ? tail + 1 : b == end[0] ? 1 : 0;
                if (tail == end.length) {
                    return seenDone;
                }
            }
        }
    }

    private static byte[] request(int port, String key, String model) {
        String body =
                "{\"model\":\""
                        + model
                        + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "say something ".repeat(140)
                        + "\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:"
                        + port
                        + "\r\nAuthorization: Bearer "
                        + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
