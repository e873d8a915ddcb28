package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was said in a session is kept where that is asked for, and nowhere else. */
class ContextTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

    private static JsonNode context(RunningGateway gateway, String key) throws Exception {
        return JSON.readTree(
                gateway.send("GET", "/context/talk", null, Map.of("authorization", "Bearer " + key))
                        .body());
    }

    @Test
    void aSessionsLastCallsAreShownToItsOwnKey(@TempDir Path data) throws Exception {
        try (RunningGateway gateway =
                RunningGateway.in(data, Map.of("SLUICE_KEEP_CONTEXT", "true"))) {
            gateway.chat(HELLO.formatted(false, "first"), "x-session-id", "talk");
            gateway.chat(HELLO.formatted(true, "second"), "x-session-id", "talk");
            gateway.chat(HELLO.formatted(false, "elsewhere"));

            JsonNode shown = context(gateway, gateway.apiKey());
            assertThat(shown.path("session_id").asString()).isEqualTo("talk");
            assertThat(shown.path("history").size()).isEqualTo(2);
            JsonNode newest = JSON.readTree(shown.path("history").path(0).asString());
            assertThat(newest.path("request").asString()).contains("second");
            assertThat(newest.path("response").asString()).contains("data: ");
            JsonNode oldest = JSON.readTree(shown.path("history").path(1).asString());
            assertThat(oldest.path("response").asString()).contains("You wrote: first");

            String other =
                    gateway.admin("POST", "/admin/keys", "{\"name\":\"other\"}")
                            .path("key_value")
                            .asString();
            assertThat(context(gateway, other).path("history").size()).isZero();
        }
    }

    @Test
    void nothingIsKeptUnasked(@TempDir Path data) throws Exception {
        try (RunningGateway gateway = RunningGateway.in(data, Map.of())) {
            gateway.chat(HELLO.formatted(false, "first"), "x-session-id", "talk");
            assertThat(context(gateway, gateway.apiKey()).path("history").size()).isZero();
        }
    }
}
