import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Streams that are opened at a fixed rate, each on a connection and a virtual thread of its own, and read to their end. */
final class SlowStreams {
    private static final Map<Integer, LongAdder> ASKED = new ConcurrentHashMap<>();

    private final int port;
    private final byte[] request;
    private final AtomicInteger complete = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final LongAdder events = new LongAdder();
    private long[] firstMicros = {};
    private CountDownLatch begun = new CountDownLatch(0);
    private CountDownLatch over = new CountDownLatch(0);

    SlowStreams(int port, String key, String model) {
        this.port = port;
        String body = "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "say something ".repeat(20) + "\"}]}";
        this.request = ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return how many streams have been asked for at that port, by all} */
    static long asked(int port) {
        return ASKED.getOrDefault(port, new LongAdder()).sum();
    }

    /** Opens so many, so many a second; does not wait for them. */
    SlowStreams open(int streams, int perSecond) throws InterruptedException {
        firstMicros = new long[streams];
        begun = new CountDownLatch(streams);
        over = new CountDownLatch(streams);
        long start = System.nanoTime();
        for (int i = 0; i < streams; i++) {
            int index = i;
            long wait = start + i * 1_000_000_000L / perSecond - System.nanoTime();
            if (wait > 1_000_000) {
                Thread.sleep(wait / 1_000_000);
            }
            Thread.startVirtualThread(() -> stream(index));
        }
        return this;
    }

    void awaitBegun() throws InterruptedException {
        begun.await();
    }

    void await() throws InterruptedException {
        over.await();
    }

    long running() {
        return over.getCount();
    }

    long events() {
        return events.sum();
    }

    int complete() {
        return complete.get();
    }

    int failed() {
        return failed.get();
    }

    /** {@return the milliseconds from the request to the first event, which that share of all streams did not exceed} */
    double millisToFirst(double share) {
        long[] sorted = Arrays.stream(firstMicros).filter(micros -> micros > 0).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * share)] / 1000.0;
    }

    private void stream(int index) {
        boolean[] told = new boolean[1];
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(120_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 30_000);
            long sent = System.nanoTime();
            socket.getOutputStream().write(request);
            ASKED.computeIfAbsent(port, _ -> new LongAdder()).increment();
            StreamReader reader = new StreamReader(socket.getInputStream(), 1024, () -> {
                events.increment();
                if (!told[0]) {
                    told[0] = true;
                    firstMicros[index] = (System.nanoTime() - sent) / 1000;
                    begun.countDown();
                }
            });
            (reader.read() ? complete : failed).incrementAndGet();
        } catch (Exception broken) {
            failed.incrementAndGet();
        }
        if (!told[0]) {
            begun.countDown();
        }
        over.countDown();
    }
}
