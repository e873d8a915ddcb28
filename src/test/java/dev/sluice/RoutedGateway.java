package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * A {@link RunningGateway} with an upstream named {@code spare} that is well, and the means to make
 * others that are not.
 */
final class RoutedGateway implements AutoCloseable {
    static final String GOOD_KEY =
            "[{\"label\":\"1\",\"key\":\"" + RunningGateway.UPSTREAM_KEY + "\"}]";

    final RunningGateway running;
    private final AtomicInteger names = new AtomicInteger();

    RoutedGateway(Path data) throws Exception {
        running = RunningGateway.in(data, Map.of());
        upstream("spare", running.simulatorUrl(), GOOD_KEY, "");
    }

    /** {@return a name that nothing else here has} */
    String fresh(String what) {
        return what + "-" + names.incrementAndGet();
    }

    /** Adds an upstream that is the simulator under another name. {@return its name} */
    String simulated(String what) throws Exception {
        String name = fresh(what);
        upstream(name, running.simulatorUrl(), GOOD_KEY, "");
        return name;
    }

    /** {@return the new upstream's id} */
    String upstream(String name, String url, String keys, String more) throws Exception {
        JsonNode made =
                running.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","keys":%s%s}\
                        """
                                .formatted(name, url, keys, more));
        assertThat(made.has("id")).as("%s", made).isTrue();
        return made.path("id").asString();
    }

    /** Makes a model of these targets, each {@code upstream model}, tried in this order. */
    String model(String more, String... targets) throws Exception {
        String id = fresh("model");
        List<String> all = new ArrayList<>();
        for (String target : targets) {
            String[] parts = target.split(" ", 2);
            all.add(
                    "{\"upstream\":\"%s\",\"model\":\"%s\",\"priority\":%d}"
                            .formatted(parts[0], parts[1], all.size()));
        }
        JsonNode made =
                running.admin(
                        "POST",
                        "/admin/models",
                        "{\"id\":\"%s\",\"strategy\":\"priority\",\"targets\":[%s]%s}"
                                .formatted(id, String.join(",", all), more));
        assertThat(made.has("id")).as("%s", made).isTrue();
        return id;
    }

    HttpResponse<String> ask(String model, boolean stream, String... headers) throws Exception {
        return running.chat(
                "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello, and tell me more\"}]}"
                        .formatted(model, stream),
                headers);
    }

    static String servedBy(HttpResponse<String> answer) {
        return header(answer, "x-sluice-upstream");
    }

    /** {@return how many attempts the answer says were made} */
    static int attempts(HttpResponse<String> answer) {
        return Integer.parseInt(header(answer, "x-sluice-attempts"));
    }

    static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("nobody");
    }

    static List<HttpResponse<String>> atOnce(int calls, Callable<HttpResponse<String>> call)
            throws Exception {
        try (ExecutorService many = Executors.newFixedThreadPool(16)) {
            List<Future<HttpResponse<String>>> running = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                running.add(many.submit(call));
            }
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> one : running) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    /** {@return what {@code /admin/upstreams/{id}} shows below it, such as {@code health}} */
    JsonNode upstream(String id, String what) {
        try {
            return running.admin("GET", "/admin/upstreams/" + id + "/" + what, null);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What is measured is shown a quarter of a second late. */
    void awaitCalls(String upstreamId, int calls) throws InterruptedException {
        RunningGateway.await(
                "so many calls in the metrics",
                () ->
                        upstream(upstreamId, "metrics")
                                        .path("metrics")
                                        .path(0)
                                        .path("calls")
                                        .asInt()
                                >= calls);
    }

    /** {@return a URL of this machine where nobody listens} */
    static String deadUrl() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        running.close();
    }
}
