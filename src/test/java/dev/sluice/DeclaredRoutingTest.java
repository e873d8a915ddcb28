package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.configuration.Settings;
import dev.sluice.configuration.SettingsTable;
import dev.sluice.settings.SettingsReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Logical models from {@code sluice.yaml}, by calls. */
class DeclaredRoutingTest {
    @TempDir Path folder;

    @Test
    void whatTheFileDeclaresServesCallsAndIsListed() throws Exception {
        try (RunningGateway gateway =
                RunningGateway.in(
                        folder,
                        Map.of(
                                "SLUICE_MODELS",
                                """
                                [{"id":"fast","targets":[{"upstream":"simulator","model":"sim-1"}]}]\
                                """))) {
            HttpResponse<String> answer =
                    gateway.chat(
                            "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-sluice-model")).contains("sim-1");
            HttpResponse<String> models =
                    gateway.send(
                            "GET",
                            "/v1/models",
                            null,
                            Map.of("authorization", "Bearer " + gateway.apiKey()));
            assertThat(models.body()).contains("\"fast\"");
            JsonNode shown = gateway.admin("GET", "/admin/models/fast", null);
            assertThat(shown.path("declared").asBoolean()).isTrue();
        }
    }

    @Test
    void theFileMaySayThemInYaml() throws Exception {
        Path file = folder.resolve("sluice.yaml");
        Files.writeString(
                file,
                """
                routing:
                  models:
                    - id: fast
                      strategy: weighted
                      deadline: 20
                      hedging: {at_least: 0.25, max_extra: 0.03}
                      targets:
                        - {upstream: main, model: gpt-5-mini, weight: 2.5}
                        - {upstream: spare, model: gpt-5-mini, priority: 1, region: eu}
                      fallbacks: [slow]
                """);
        Settings settings =
                new SettingsReader(
                                SettingsTable.all(false),
                                Map.of("SLUICE_DATA_DIR", folder.toString()))
                        .read(file, null, Settings::from);
        assertThat(settings.routes().models())
                .singleElement()
                .satisfies(fast -> {
                    assertThat(fast.model().id()).isEqualTo("fast");
                    assertThat(fast.model().hedging().maxExtra()).isEqualTo(0.03);
                    assertThat(fast.model().fallbacks().failure()).containsExactly("slow");
                    assertThat(fast.targets().getFirst().weight()).isEqualTo(2.5);
                    assertThat(fast.targets().getLast().region()).isEqualTo("eu");
                });
    }
}
