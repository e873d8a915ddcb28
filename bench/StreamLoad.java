import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A small client of streams: so many connections, each reading so many streams one after another, on virtual threads and plain sockets.
 * A stream counts as complete when its {@code [DONE]} and its last chunk have come. Usage: {@code StreamLoad <port> <key> <model>
 * <connections> <streams each>}. Prints one line: complete, failed, events, seconds.
 */
public final class StreamLoad {
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        byte[] request = request(port, args[1], args[2]);
        int connections = Integer.parseInt(args[3]);
        int streams = Integer.parseInt(args[4]);
        AtomicInteger complete = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        LongAdder events = new LongAdder();
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
                            StreamReader reader = new StreamReader(socket.getInputStream(), 8192, events::increment);
                            for (; left > 0; left--) {
                                OutputStream out = socket.getOutputStream();
                                out.write(request);
                                out.flush();
                                if (!reader.read()) {
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
                complete.get(), failed.get(), events.sum(), seconds);
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
