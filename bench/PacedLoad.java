import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plain calls at a fixed rate: each is due at its own moment. One that had to wait for the answer before it counts from when it was due,
 * so that a stall of the server is seen in all of them; the client's own late waking does not count. Usage: {@code PacedLoad <port> <key> <connections> <calls a second> <seconds>}. The first second
 * is not counted. Prints one line: calls, failed, p50 and p99 in microseconds.
 */
public final class PacedLoad {
    private PacedLoad() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        byte[] request = request(args[1]);
        int connections = Integer.parseInt(args[2]);
        long betweenNanos = 1_000_000_000L * connections / Integer.parseInt(args[3]);
        int calls = (int) (Long.parseLong(args[4]) * 1_000_000_000L / betweenNanos);
        long began = System.nanoTime();
        AtomicLong failed = new AtomicLong();
        long[][] micros = new long[connections][calls];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            long[] mine = micros[i];
            long first = began + betweenNanos * i / connections;
            threads.add(Thread.ofPlatform().start(() -> call(port, request, first, betweenNanos, mine, failed)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        int uncounted = (int) (1_000_000_000L / betweenNanos);
        long[] all = Arrays.stream(micros).flatMapToLong(times -> Arrays.stream(times).skip(uncounted)).sorted().toArray();
        System.out.printf(
                "calls=%d failed=%d p50=%d p99=%d%n",
                (long) connections * calls, failed.get(), all[all.length / 2], all[(int) (all.length * 0.99)]);
    }

    private static void call(int port, byte[] request, long first, long betweenNanos, long[] micros, AtomicLong failed) {
        int made = 0;
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            byte[] buffer = new byte[16_384];
            for (; made < micros.length; made++) {
                long due = first + made * betweenNanos;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
                long from = wait > 0 ? System.nanoTime() : due;
                socket.getOutputStream().write(request);
                if (!read(socket.getInputStream(), buffer)) {
                    failed.incrementAndGet();
                }
                micros[made] = (System.nanoTime() - from) / 1000;
            }
        } catch (Exception broken) {
            failed.addAndGet(micros.length - made);
        }
    }

    /** Reads one answer with a length; true if it is a 200. */
    private static boolean read(InputStream in, byte[] buffer) throws Exception {
        int filled = 0;
        int wanted = -1;
        while (wanted < 0 || filled < wanted) {
            int got = in.read(buffer, filled, buffer.length - filled);
            if (got < 0) {
                throw new IllegalStateException("closed");
            }
            filled += got;
            if (wanted < 0) {
                String head = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
                int end = head.indexOf("\r\n\r\n");
                int length = head.toLowerCase().indexOf("content-length: ");
                if (end > 0 && length > 0) {
                    wanted = end + 4 + Integer.parseInt(head.substring(length + 16, head.indexOf('\r', length)));
                }
            }
        }
        return buffer[9] == '2';
    }

    private static byte[] request(String key) {
        String body =
                "{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "say something ".repeat(140) + "\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
