package dev.sluice.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sets a demo up as any operator would: by the control plane's own interface. */
final class DemoOperator {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String UPSTREAM = "simulator";

    /** The simulator asks for no key; an upstream that has one shows how it is kept. */
    private static final String UPSTREAM_KEY = "sk-simulated-provider";

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final String adminToken;

    DemoOperator(String url, String adminToken) {
        this.url = url;
        this.adminToken = adminToken;
    }

    /** Makes the simulator the one upstream, wherever it listens this time. */
    void pointAt(String simulatorUrl) throws IOException, InterruptedException {
        ObjectNode upstream =
                JSON.createObjectNode()
                        .put("base_url", simulatorUrl)
                        .put("api_key", UPSTREAM_KEY)
                        .put("is_default", true);
        for (JsonNode known : call("GET", "/admin/upstreams?page_size=100", null).path("items")) {
            if (known.path("name").asString("").equals(UPSTREAM)) {
                upstream.put("is_active", true);
                call("PUT", "/admin/upstreams/" + known.path("id").asString(), upstream);
                return;
            }
        }
        upstream.put("name", UPSTREAM).put("provider", "simulator").put("discover_models", true);
        call("POST", "/admin/upstreams", upstream);
    }

    /** {@return whether the gateway knows this API key} */
    boolean accepts(String apiKey) throws IOException, InterruptedException {
        return send("GET", "/v1/models", apiKey, null).statusCode() == 200;
    }

    /** {@return a new API key} */
    String createKey() throws IOException, InterruptedException {
        ObjectNode key = JSON.createObjectNode().put("name", "demo");
        return call("POST", "/admin/keys", key).path("key_value").asString();
    }

    private JsonNode call(String method, String path, @Nullable JsonNode body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, adminToken, body);
        if (answer.statusCode() >= 300) {
            throw new IOException(
                    "the demo could not be set up: %s %s was answered with %d: %s"
                            .formatted(method, path, answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(
            String method, String path, String credential, @Nullable JsonNode body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.toString());
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(PATIENCE)
                        .header("authorization", "Bearer " + credential)
                        .header("content-type", "application/json")
                        .method(method, publisher)
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
