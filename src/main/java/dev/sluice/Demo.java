package dev.sluice;

import dev.sluice.store.Encryption;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A gateway that is ready to be tried: a data folder with everything it needs, the simulated
 * provider as its upstream, and one API key. What was made once is kept there, readable by its
 * owner only, and used again.
 */
final class Demo {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String UPSTREAM = "simulator";

    private final Path data;
    private final DataFolder folder;
    private final String adminToken;
    private final HttpClient client = HttpClient.newHttpClient();

    private Demo(Path data, DataFolder folder, String adminToken) {
        this.data = data;
        this.folder = folder;
        this.adminToken = adminToken;
    }

    static Demo in(Path data) throws IOException {
        Path path = data.toAbsolutePath().normalize();
        DataFolder folder = DataFolder.open(path);
        return new Demo(path, folder, folder.kept("admin.token", Demo::randomToken));
    }

    /** {@return the environment with what makes a demo of it} */
    Map<String, String> environment(Map<String, String> given) throws IOException {
        Map<String, String> merged = new HashMap<>(given);
        merged.put("DATA_DIR", data.toString());
        merged.put("ADMIN_TOKEN", adminToken);
        merged.put(
                "ENCRYPTION_KEY",
                folder.kept("encryption.key", () -> Encryption.generateKey(new SecureRandom())));
        merged.remove("DATABASE_URL");
        merged.putIfAbsent("LOG_LEVEL", "WARN");
        return merged;
    }

    /** Makes the upstream and the key where they are missing. {@return what to tell the user} */
    String prepare(Gateway gateway) throws Exception {
        SimulatedProvider provider = SimulatedProvider.start("127.0.0.1", 0);
        gateway.closeWith(provider);
        String url = gateway.url();
        upstream(url, provider.url());
        String key = key(url);
        return told(url, key);
    }

    private void upstream(String url, String simulatorUrl) throws Exception {
        ObjectNode upstream =
                JSON.createObjectNode().put("base_url", simulatorUrl).put("is_default", true);
        JsonNode known = admin("GET", url + "/admin/upstreams?page_size=100", null);
        for (JsonNode item : known.path("items")) {
            if (item.path("name").asString("").equals(UPSTREAM)) {
                upstream.put("is_active", true).put("api_key", "sk-simulated");
                admin("PUT", url + "/admin/upstreams/" + item.path("id").asString(), upstream);
                return;
            }
        }
        upstream.put("name", UPSTREAM).put("provider", "simulator").put("api_key", "sk-simulated");
        upstream.put("discover_models", true);
        admin("POST", url + "/admin/upstreams", upstream);
    }

    private String key(String url) throws Exception {
        Path file = data.resolve("api.key");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        JsonNode made =
                admin("POST", url + "/admin/keys", JSON.createObjectNode().put("name", "demo"));
        String key = made.path("key_value").asString();
        return folder.kept("api.key", () -> key);
    }

    private JsonNode admin(String method, String url, @Nullable JsonNode body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.toString());
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("authorization", "Bearer " + adminToken)
                                .header("content-type", "application/json")
                                .method(method, publisher)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException("the demo could not be prepared: " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private String told(String url, String key) {
        return """

        Sluice runs at %1$s with a simulated provider behind it.

          Admin token  %2$s
          API key      %3$s
          All of it is kept in %4$s

        A plain call:

          curl %1$s/v1/chat/completions -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -d '{"model":"sim-1","messages":[{"role":"user","content":"Hello"}]}'

        A stream:

          curl -N %1$s/v1/chat/completions -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -d '{"model":"sim-1","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

        API documentation: %1$s/docs      Stop with Ctrl-C.
        """
                .formatted(url, adminToken, key, data);
    }

    private static String randomToken() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
