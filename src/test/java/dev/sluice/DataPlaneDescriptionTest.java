package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Route;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataPlaneDescriptionTest {
    @TempDir Path data;

    @Test
    void everyPathOfTheProvidersProtocolsIsDescribed() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            JsonNode paths =
                    JsonMapper.shared()
                            .readTree(gateway.send("GET", "/openapi.json", null, Map.of()).body())
                            .path("paths");
            List<String> missing = new ArrayList<>();
            int found = 0;
            for (Route route : gateway.gateway().routes()) {
                if (!route.template().startsWith("/v1")) {
                    continue;
                }
                found++;
                if (!isDescribed(paths, route)) {
                    missing.add(route.method() + " " + route.template());
                }
            }
            assertThat(missing).isEmpty();
            assertThat(found).isGreaterThan(20);
        }
    }

    /** A rest of a path is a parameter there, of whatever name. */
    private static boolean isDescribed(JsonNode paths, Route route) {
        String method = route.method().toLowerCase(Locale.ROOT);
        String template = route.template().replace("/**", "/{");
        return paths.propertyNames().stream()
                .filter(path ->
                        template.endsWith("{") ? path.startsWith(template) : path.equals(template))
                .anyMatch(path -> paths.path(path).has(method));
    }
}
