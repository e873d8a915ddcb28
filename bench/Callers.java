import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers in a closed loop: every second one plain, every fourth a fast stream, every fourth a paced one; and what they were told.
 * A call counts as delivered when its whole answer has come: a stream's with its {@code [DONE]}.
 */
final class Callers {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello there, how are you?\"}]}";
    static final String PLAIN = "{\"model\":\"sim-1\"," + MESSAGES;
    static final String FAST = "{\"model\":\"sim-1!chunks=20\",\"stream\":true," + MESSAGES;
    static final String PACED = "{\"model\":\"sim-1!chunks=20,pace=20ms\",\"stream\":true," + MESSAGES;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
    private final URI chat;
    private final String key;
    private final int leavingEach;
    private final long pauseMillis;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    final AtomicLong sent = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final AtomicLong cut = new AtomicLong();
    final AtomicLong left = new AtomicLong();
    private volatile boolean stopping;

    /**
     * @param leavingEach one stream in so many is left by its client; 0 for none
     * @param pause of each caller after each call
     */
    Callers(GatewayUnderTest gateway, String key, int leavingEach, Duration pause) {
        this.chat = URI.create(gateway.url() + "/v1/chat/completions");
        this.key = key;
        this.leavingEach = leavingEach;
        this.pauseMillis = pause.toMillis();
    }

    Callers start(int count) {
        for (int i = 0; i < count; i++) {
            String body = i % 2 == 0 ? PLAIN : i % 4 == 1 ? FAST : PACED;
            threads.add(Thread.startVirtualThread(() -> loop(body)));
        }
        return this;
    }

    /** Lets each finish the call that it makes. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** {@return the ids of the calls whose whole answers have come} */
    Set<String> delivered() {
        return delivered;
    }

    private void loop(String body) {
        while (!stopping) {
            try {
                boolean streamed = body.equals(PACED);
                if (streamed && leavingEach > 0 && sent.get() % leavingEach == 0) {
                    leave(body);
                } else {
                    call(body);
                }
                Thread.sleep(pauseMillis);
            } catch (IOException broken) {
                cut.incrementAndGet();
                if (cut.get() > 10_000) {
                    return;
                }
            } catch (InterruptedException interruption) {
                return;
            }
        }
    }

    private void call(String body) throws IOException, InterruptedException {
        sent.incrementAndGet();
        HttpResponse<String> answer = client.send(request(body), HttpResponse.BodyHandlers.ofString());
        boolean whole = body.equals(PLAIN) || answer.body().contains("[DONE]");
        if (answer.statusCode() == 200 && whole) {
            delivered.add(answer.headers().firstValue("x-request-id").orElseThrow());
        } else if (answer.statusCode() == 503) {
            refused.incrementAndGet();
            Thread.sleep(50);
        } else {
            failed.incrementAndGet();
        }
    }

    /** Reads the beginning of a stream and goes away. */
    private void leave(String body) throws IOException, InterruptedException {
        sent.incrementAndGet();
        HttpResponse<InputStream> answer = client.send(request(body), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream stream = answer.body()) {
            stream.read();
        }
        left.incrementAndGet();
    }

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(chat)
                .timeout(Duration.ofSeconds(120))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
