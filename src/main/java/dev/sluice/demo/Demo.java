package dev.sluice.demo;

import dev.sluice.store.DataFolder;
import dev.sluice.store.Encryption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that is ready to be tried: a data folder with everything it needs, the simulated
 * provider as its upstream, and one API key. What was made once is kept there and used again.
 */
public final class Demo {
    /** What the environment may say to a demo. The rest of it belongs to a real gateway. */
    private static final Set<String> HEEDED =
            Set.of("HOST", "PORT", "LOG_LEVEL", "LOG_TIMEZONE", "LOG_FORMAT", "CORS_ORIGINS");

    private static final int TOKEN_BYTES = 24;

    private final DataFolder data;
    private final SecureRandom random;

    public Demo(DataFolder data, SecureRandom random) {
        this.data = data;
        this.random = random;
    }

    /** {@return the environment as far as it concerns a demo} */
    public static Map<String, String> heeded(Map<String, String> environment) {
        Map<String, String> heeded = new HashMap<>(environment);
        heeded.keySet().retainAll(HEEDED);
        heeded.putIfAbsent("LOG_LEVEL", "warn");
        heeded.putIfAbsent("LOG_FORMAT", "text");
        return heeded;
    }

    /** {@return the settings that the data folder brings, by key} */
    public Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        settings.put("storage.data", data.path().toString());
        settings.put("security.admin_token", adminToken());
        settings.put(
                "security.encryption_key",
                data.keep("encryption.key", () -> Encryption.generateKey(random)).value());
        return settings;
    }

    /** {@return where the simulator listened last time, so that its address stays; else 0} */
    public int simulatorPort() throws IOException {
        return data.find("simulator.port").map(Integer::parseInt).orElse(0);
    }

    /**
     * Makes the upstream and the API key where the gateway does not have them yet.
     *
     * @return what to tell the user
     */
    public String prepare(String gatewayUrl, String simulatorUrl)
            throws IOException, InterruptedException {
        String url = reachable(gatewayUrl);
        DemoOperator operator = new DemoOperator(url, adminToken());
        operator.pointAt(simulatorUrl);
        data.put("simulator.port", String.valueOf(URI.create(simulatorUrl).getPort()));
        return told(url, apiKey(operator));
    }

    private String apiKey(DemoOperator operator) throws IOException, InterruptedException {
        Optional<String> kept = data.find("api.key");
        if (kept.isPresent() && operator.accepts(kept.get())) {
            return kept.get();
        }
        return data.put("api.key", operator.createKey());
    }

    private String adminToken() throws IOException {
        return data.keep("admin.token", this::token).value();
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** One that listens everywhere is called here. */
    private static String reachable(String url) {
        return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    }

    private String told(String url, String key) throws IOException {
        return """

        Sluice runs at %1$s, with a simulated provider behind it.

          Admin token   %2$s
          API key       %3$s
          Kept in       %4$s

        A plain call:

        curl %1$s/v1/chat/completions -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -d '{"model": "sim-1", "messages": [{"role": "user", "content": "Hello"}]}'

        A stream:

        curl -N %1$s/v1/chat/completions -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -d '{"model": "sim-1", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'

        The API is described at %1$s/docs. Ctrl-C ends the demo; the next one has the same token and key.
        """
                .formatted(url, adminToken(), key, data.path());
    }

    /** {@return where a demo keeps its things if it is not told} */
    public static Path standardFolder(Map<String, String> environment) {
        @Nullable String home = environment.get("HOME");
        return home == null || home.isEmpty()
                ? Path.of("data", "demo")
                : Path.of(home, ".sluice", "demo");
    }
}
