package dev.sluice;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway in a process of its own, as an operator runs it, so that it can be killed. */
final class GatewayProcess {
    static final String ADMIN_TOKEN = "process-admin-token-8d3b6f";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final int port;

    private GatewayProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one that serves when this returns. */
    static GatewayProcess start(Path data, Map<String, String> environment) throws Exception {
        int port = freePort();
        ProcessBuilder builder =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sluice.Main",
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString());
        builder.directory(data.toFile());
        builder.environment().put("ADMIN_TOKEN", ADMIN_TOKEN);
        builder.environment().put("LOG_LEVEL", "WARN");
        builder.environment().putAll(environment);
        Process process =
                builder.redirectErrorStream(true)
                        .redirectOutput(data.resolve("gateway.log").toFile())
                        .start();
        GatewayProcess gateway = new GatewayProcess(process, port);
        await("the gateway's process", gateway::answers);
        return gateway;
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@return the answer to a request with that bearer token} */
    HttpResponse<String> send(String method, String path, @Nullable String body, String token)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode admin(String method, String path, @Nullable String body) throws Exception {
        return JSON.readTree(send(method, path, body, ADMIN_TOKEN).body());
    }

    /** Makes that upstream the default; {@return a new API key} */
    String prepare(String upstreamUrl) throws Exception {
        admin(
                "POST",
                "/admin/upstreams",
                "{\"name\":\"simulator\",\"provider\":\"simulator\",\"base_url\":\"%s\",\"is_default\":true,\"discover_models\":false}"
                        .formatted(upstreamUrl));
        return admin("POST", "/admin/keys", "{\"name\":\"tests\"}").path("key_value").asString();
    }

    /** Waits until it holds: a process of its own gets little of a busy machine. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the gateway ended with " + process.exitValue());
        }
        try {
            return send("GET", "/health", null, "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
