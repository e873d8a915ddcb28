import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway (or a simulator) in a process of its own, with the options that the launcher gives, so that it can be killed.
 */
final class GatewayUnderTest implements AutoCloseable {
    private static final String ADMIN_TOKEN = "bench-only-Ux7pQ2mN9vKs4wZa";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    private final Process process;
    private final int port;
    private final Path log;
    private long millisToFirstAnswer;

    private GatewayUnderTest(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** What the database has of one call. */
    record Row(String ending, int status, int times) {}

    /** Starts a gateway on that data folder; it serves when this returns. */
    static GatewayUnderTest start(Path data, Map<String, String> environment) throws Exception {
        return start(data.resolveSibling(data.getFileName() + ".log"), environment, "/health", "serve", "--data", data.toString());
    }

    /** Starts the provider that answers without a provider. */
    static GatewayUnderTest simulator(Path scratch) throws Exception {
        return start(scratch.resolve("simulator.log"), Map.of(), "/v1/models", "simulate");
    }

    private static GatewayUnderTest start(Path log, Map<String, String> environment, String first, String... command)
            throws Exception {
        int port = freePort();
        List<String> line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                "target/sluice.jar"));
        line.addAll(List.of(command));
        line.addAll(List.of("--port", Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("ADMIN_TOKEN", ADMIN_TOKEN);
        builder.environment().put("LOG_LEVEL", "WARN");
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        Process process = builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        GatewayUnderTest started = new GatewayUnderTest(process, port, log);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        started.await("the first answer", () -> started.answers(first));
        started.millisToFirstAnswer = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return started;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    long millisToFirstAnswer() {
        return millisToFirstAnswer;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. {@return the exit code, or -1 if it did not end within that time} */
    int terminate(Duration within) throws InterruptedException {
        process.destroy();
        return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** Makes that provider the default. {@return a new API key} */
    String prepare(String upstream) throws Exception {
        admin(
                "POST",
                "/admin/upstreams",
                "{\"name\":\"simulator\",\"provider\":\"simulator\",\"base_url\":\"%s\",\"is_default\":true,\"discover_models\":false}"
                        .formatted(upstream));
        return admin("POST", "/admin/keys", "{\"name\":\"bench\"}").path("key_value").asString();
    }

    JsonNode admin(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = send(method, path, body, ADMIN_TOKEN);
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    HttpResponse<String> send(String method, String path, String body, String token) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher sent =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/json")
                        .method(method, sent)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    boolean answers(String path) {
        if (!process.isAlive()) {
            throw new IllegalStateException("the process ended with " + process.exitValue() + ": see " + log + tail());
        }
        try {
            return send("GET", path, null, "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** {@return the value of a metric without labels; NaN while there is none} */
    double metric(String name) {
        try {
            return send("GET", "/metrics", null, "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException notYet) {
            return Double.NaN;
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }

    /** Waits until the database has all that the journal had. {@return milliseconds that took} */
    long drain() throws InterruptedException {
        long began = System.nanoTime();
        await("the journal to be imported", () -> metric("sluice_journal_lag") == 0);
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited in vain for " + what + ": see " + log + tail());
            }
            Thread.sleep(10);
        }
    }

    long total() throws Exception {
        return admin("GET", "/admin/logs?page_size=1", null).path("total").asLong();
    }

    /** {@return how many calls are recorded that began then or later, up to 100,000} */
    long totalSince(Instant then) throws Exception {
        return admin("GET", "/admin/logs?page_size=1&start_time=" + then, null).path("total").asLong();
    }

    /** {@return the rows of calls that began at that time or later, by call id} */
    Map<String, Row> rowsSince(Instant since) throws Exception {
        Map<String, Row> rows = new HashMap<>();
        String cursor = "";
        while (true) {
            JsonNode page = admin("GET", "/admin/logs?page_size=100&start_time=" + since + cursor, null);
            for (JsonNode item : page.path("items")) {
                Row row = new Row(item.path("ending").asString(), item.path("status_code").asInt(0), 1);
                rows.merge(
                        item.path("id").asString(), row, (one, other) -> new Row(one.ending(), one.status(), one.times() + 1));
            }
            if (!page.path("next_cursor").isString()) {
                return rows;
            }
            cursor = "&cursor=" + page.path("next_cursor").asString();
        }
    }
}
