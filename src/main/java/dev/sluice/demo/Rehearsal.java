package dev.sluice.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A call of each common kind, again and again, so that the classes that serve them are loaded and
 * it is known which of their methods are busy: what a cache of classes is made from.
 */
public final class Rehearsal {
    /** 3,000 calls: the compiler begins with what it would else learn from the first clients. */
    private static final int ROUNDS = 600;

    /** So that no processor waits while one call is answered. */
    private static final int CALLERS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CALL =
            "{\"model\":\"sim-1\",\"max_tokens\":64,%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final List<String> CHATS = List.of("/v1/chat/completions", "/v1/messages");
    private static final List<String> OTHERS =
            List.of("/health", "/ready", "/metrics", "/v1/models", "/nowhere");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final String apiKey;

    public Rehearsal(String url, String apiKey) {
        this.url = url;
        this.apiKey = apiKey;
    }

    /**
     * @throws IOException if the gateway does not answer
     */
    public void run() throws IOException, InterruptedException {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<@Nullable Void>> rounds =
                    callers.invokeAll(Collections.nCopies(ROUNDS, this::round));
            for (Future<@Nullable Void> round : rounds) {
                round.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("a call of the rehearsal failed", failed.getCause());
        }
        for (String path : OTHERS) {
            send(path, null);
        }
    }

    private @Nullable Void round() throws IOException, InterruptedException {
        for (String path : CHATS) {
            send(path, CALL.formatted(""));
            send(path, CALL.formatted("\"stream\":true,"));
        }
        send("/v1/responses", "{\"model\":\"sim-1\",\"input\":\"Hello\"}");
        return null;
    }

    private void send(String path, @Nullable String body) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher sent =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body);
        var _ =
                client.send(
                        HttpRequest.newBuilder(URI.create(url + path))
                                .timeout(PATIENCE)
                                .header("Authorization", "Bearer " + apiKey)
                                .header("Content-Type", "application/json")
                                .method(body == null ? "GET" : "POST", sent)
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
    }
}
