package dev.sluice;

import dev.sluice.configuration.Settings;
import dev.sluice.configuration.SettingsTable;
import dev.sluice.http.Certificates;
import dev.sluice.settings.InvalidSettings;
import dev.sluice.settings.SettingsReader;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway in this process with the simulator as its default upstream and one API key; everything
 * over real sockets.
 */
public final class RunningGateway implements AutoCloseable {
    public static final String ADMIN_TOKEN = "canary-admin-token-4f9c2b7e1d";
    public static final String UPSTREAM_KEY = "sk-canary-upstream-91ab3c7de5f0";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SimulatedProvider provider;
    private final Gateway gateway;
    private final HttpClient client;
    private final String apiKey;

    private RunningGateway(SimulatedProvider provider, Gateway gateway, HttpClient client)
            throws Exception {
        this.provider = provider;
        this.gateway = gateway;
        this.client = client;
        this.apiKey = prepare();
    }

    public static RunningGateway in(Path data, Map<String, String> environment) throws Exception {
        SimulatedProvider provider =
                SimulatedProvider.start(
                        "127.0.0.1",
                        0,
                        SimulatorSettings.DEFAULT.withSightings(1000).withApiKey(UPSTREAM_KEY));
        return new RunningGateway(
                provider,
                Gateway.start(settings(data, environment), Clock.systemUTC()),
                client(environment.get("SLUICE_TLS_CERTIFICATE")));
    }

    /** {@return a client that trusts that certificate alone, if there is one} */
    private static HttpClient client(@Nullable String certificate) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        return certificate == null
                ? builder.build()
                : builder.sslContext(Certificates.trusting(Path.of(certificate))).build();
    }

    public static Settings settings(Path data, Map<String, String> environment)
            throws InvalidSettings {
        Map<String, String> all = new HashMap<>();
        all.put("PORT", "0");
        all.put("SLUICE_DATA_DIR", data.toString());
        all.put("ADMIN_TOKEN", ADMIN_TOKEN);
        all.put("SLUICE_JOURNAL_SEGMENT_BYTES", "256KiB");
        all.putAll(environment);
        return new SettingsReader(SettingsTable.all(false), all)
                .read(null, data.resolve(".env"), Settings::from);
    }

    private String prepare() throws Exception {
        JsonNode upstream =
                admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"simulator","provider":"simulator","base_url":"%s","api_key":"%s",
                         "is_default":true,"models":[{"id":"sim-1"},{"id":"sim-reasoning"}]}
                        """
                                .formatted(provider.url(), UPSTREAM_KEY));
        if (!upstream.has("id")) {
            throw new IllegalStateException(upstream.toString());
        }
        return admin("POST", "/admin/keys", "{\"name\":\"tests\"}").path("key_value").asString();
    }

    public String url() {
        return gateway.url();
    }

    public String apiKey() {
        return apiKey;
    }

    public Simulator simulator() {
        return provider.simulator();
    }

    public String simulatorUrl() {
        return provider.url();
    }

    public Gateway gateway() {
        return gateway;
    }

    /** {@return what the control plane answers} */
    public JsonNode admin(String method, String path, @Nullable String body) throws Exception {
        HttpResponse<String> answer =
                send(method, path, body, Map.of("authorization", "Bearer " + ADMIN_TOKEN));
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    /**
     * Adds an upstream of the simulator that speaks that protocol.
     *
     * @param more further members of the body, each after a comma
     */
    public void addUpstream(String name, String protocol, String more) throws Exception {
        JsonNode made =
                admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","api_key":"%s",
                         "protocols":["%s"],"discover_models":false%s}
                        """
                                .formatted(name, simulatorUrl(), UPSTREAM_KEY, protocol, more));
        if (!made.has("id")) {
            throw new AssertionError("no upstream was made: " + made);
        }
    }

    /** {@return the answer to a chat request with the API key} */
    public HttpResponse<String> chat(String body, String... headers) throws Exception {
        return post("/v1/chat/completions", body, headers);
    }

    /** {@return the answer to a request with the API key; names and values of headers in turn} */
    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        Map<String, String> all = new HashMap<>();
        all.put("authorization", "Bearer " + apiKey);
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return send("POST", path, body, all);
    }

    public HttpResponse<String> send(
            String method, String path, @Nullable String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** {@return the value of a metric that has no labels} */
    public double metric(String name) {
        try {
            return send("GET", "/metrics", null, Map.of())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** {@return the records of the database, newest first, once there are at least so many} */
    public JsonNode records(int atLeast) throws Exception {
        JsonNode[] logs = new JsonNode[1];
        await(
                "at least " + atLeast + " records",
                () -> {
                    try {
                        logs[0] = admin("GET", "/admin/logs?page_size=100", null);
                        return logs[0].path("total").asInt() >= atLeast;
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        return logs[0].path("items");
    }

    /** {@return the record of that request, once it is in the database; there is no second} */
    public JsonNode record(String requestId) throws Exception {
        JsonNode[] found = new JsonNode[1];
        await(
                "the record of " + requestId,
                () -> {
                    try {
                        found[0] = admin("GET", "/admin/logs/" + requestId, null);
                        return found[0].has("ending");
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        return found[0];
    }

    /** Waits until it holds, generously. */
    public static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 30 s: " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        gateway.close();
        provider.close();
    }
}
