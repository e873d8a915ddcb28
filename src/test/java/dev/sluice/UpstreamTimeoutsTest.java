package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class UpstreamTimeoutsTest {

    @Test
    void anUpstreamThatNamesNoneHasThoseOfTheSettings(@TempDir Path folder) throws Exception {
        try (RunningGateway gateway =
                RunningGateway.in(
                        folder,
                        Map.of(
                                "SLUICE_UPSTREAM_FIRST_BYTE_TIMEOUT",
                                "250ms",
                                "SLUICE_UPSTREAM_IDLE_TIMEOUT",
                                "7s"))) {
            JsonNode upstream =
                    gateway.admin("GET", "/admin/upstreams", null).path("items").path(0);
            int status =
                    gateway.chat(
                                    "{\"model\":\"simulator/sim-1!delay=20s\",\"messages\":"
                                            + "[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                            .statusCode();

            assertThat(status).isEqualTo(504);
            assertThat(upstream.path("first_byte_timeout").asDouble()).isEqualTo(0.25);
            assertThat(upstream.path("idle_timeout").asInt()).isEqualTo(7);
            assertThat(upstream.path("timeout").asInt()).isEqualTo(60);
        }
    }
}
