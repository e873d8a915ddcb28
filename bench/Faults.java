import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What routing makes of upstreams that fail, by real processes: one call in twenty stalls, without and with hedging; one of two targets is
 * dead; both are. Prints a table in Markdown. Options: {@code --calls N} of each row (2,000), {@code --callers N} (8).
 */
public final class Faults {
    /** With it none of the first 24 calls stalls, and about one in twenty of the others does. */
    private static final int SEED = 14;

    private static final int WARM_UP = 24;
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final GatewayUnderTest gateway;
    private final String key;
    private final int calls;
    private final int callers;

    /**
     * One call.
     *
     * @param first nanoseconds until its first output, or until its error
     */
    record Seen(int status, int attempts, long first) {}

    private Faults(GatewayUnderTest gateway, String key, int calls, int callers) {
        this.gateway = gateway;
        this.key = key;
        this.calls = calls;
        this.callers = callers;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        int calls = Integer.parseInt(options.getOrDefault("calls", "2000"));
        int callers = Integer.parseInt(options.getOrDefault("callers", "8"));
        Path scratch = Files.createTempDirectory("sluice-faults");
        try (GatewayUnderTest simulator = GatewayUnderTest.simulator(scratch);
                GatewayUnderTest gateway = GatewayUnderTest.start(Files.createDirectory(scratch.resolve("data")), Map.of())) {
            String key = gateway.prepare(simulator.url());
            new Faults(gateway, key, calls, callers).run(simulator.url());
        }
        JournalDamage.delete(scratch);
    }

    private void run(String simulator) throws Exception {
        upstream("spare", simulator);
        for (String name : List.of("plain", "hedged", "out")) {
            upstream(name, simulator);
        }
        upstream("dead", "http://127.0.0.1:" + GatewayUnderTest.freePort());
        String stalls = " sim-1!stall@5%%,seed=%d,tag=".formatted(SEED);
        model("plain", "", "plain" + stalls + "plain", "spare sim-1");
        model("hedged", "\"hedging\":{\"at_least\":0.3,\"max_extra\":0.05},", "hedged" + stalls + "hedged", "spare sim-1");
        model("half", "", "dead sim-1", "spare sim-1");
        model("none", "", "out sim-1!status=503", "out sim-2!status=503");
        load("spare/sim-1", calls);
        System.out.println("| | calls | failed | attempts a call | p50 to first output | p99 | a second |");
        System.out.println("|---|---|---|---|---|---|---|");
        measure("5 % stall, no hedging", "plain");
        measure("5 % stall, hedging", "hedged");
        measure("one of two targets is dead", "half");
        measure("both targets answer 503", "none");
    }

    private void upstream(String name, String url) throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                "{\"name\":\"%s\",\"provider\":\"simulator\",\"base_url\":\"%s\",\"idle_timeout\":3,\"discover_models\":false}".formatted(name, url));
    }

    private void model(String id, String more, String... targets) throws Exception {
        List<String> all = new ArrayList<>();
        for (String target : targets) {
            String[] parts = target.split(" ", 2);
            all.add("{\"upstream\":\"%s\",\"model\":\"%s\",\"priority\":%d}".formatted(parts[0], parts[1], all.size()));
        }
        gateway.admin(
                "POST",
                "/admin/models",
                "{\"id\":\"%s\",%s\"strategy\":\"priority\",\"targets\":[%s]}".formatted(id, more, String.join(",", all)));
    }

    private void measure(String what, String model) throws Exception {
        List<Seen> seen = new ArrayList<>(load(model, WARM_UP));
        // What is usual is known a moment later.
        Thread.sleep(500);
        long began = System.nanoTime();
        seen.addAll(load(model, calls - WARM_UP));
        double seconds = (System.nanoTime() - began) / 1e9;
        long failed = seen.stream().filter(call -> call.status() != 200).count();
        double attempts = seen.stream().mapToInt(Seen::attempts).average().orElse(0);
        System.out.printf(
                "| %s | %,d | %,d | %.3f | %.1f ms | %.1f ms | %.0f |%n",
                what, seen.size(), failed, attempts, percentile(seen, 0.50), percentile(seen, 0.99), (calls - WARM_UP) / seconds);
    }

    private static double percentile(List<Seen> seen, double share) {
        long[] sorted = seen.stream().mapToLong(Seen::first).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e6;
    }

    private List<Seen> load(String model, int many) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            List<Future<Seen>> running = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                running.add(threads.submit(() -> call(model)));
            }
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> one : running) {
                seen.add(one.get());
            }
            return seen;
        }
    }

    private Seen call(String model) throws Exception {
        String body = "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}".formatted(model);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
                        .timeout(Duration.ofSeconds(60))
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        long began = System.nanoTime();
        HttpResponse<Stream<String>> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofLines());
        long[] first = new long[1];
        try (Stream<String> lines = answer.body()) {
            lines.forEach(line -> {
                if (first[0] == 0 && !line.isBlank() && !line.startsWith(":")) {
                    first[0] = System.nanoTime() - began;
                }
            });
        }
        return new Seen(
                answer.statusCode(), answer.headers().firstValue("x-sluice-attempts").map(Integer::parseInt).orElse(0), first[0]);
    }
}
