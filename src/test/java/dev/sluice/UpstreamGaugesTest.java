package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the metrics say of each upstream. */
class UpstreamGaugesTest {
    private static final String HELLO =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String figure(String name, String upstream) {
        try {
            String start = name + "{upstream=\"" + upstream + "\"} ";
            return gateway.send("GET", "/metrics", null, Map.of())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .findFirst()
                    .orElse("none");
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aCallUnderWayIsCountedWhereItIs() throws Exception {
        Thread call =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                gateway.chat(HELLO.formatted("simulator/sim-1!delay=2s"));
                            } catch (Exception failure) {
                                throw new IllegalStateException(failure);
                            }
                        });

        RunningGateway.await(
                "the call to be counted",
                () -> figure("sluice_upstream_running", "simulator").equals("1.0"));
        call.join();
        RunningGateway.await(
                "the call to be gone",
                () -> figure("sluice_upstream_running", "simulator").equals("0.0"));
        assertThat(gateway.metric("sluice_upstream_calls_connecting")).isZero();
        assertThat(gateway.metric("sluice_upstream_connections_idle")).isPositive();
    }

    @Test
    void aFailingModelOpensItsBreakerAndARefusedKeyRests() throws Exception {
        for (int i = 0; i < 8; i++) {
            gateway.chat(HELLO.formatted("simulator/sim-1!status=500"));
            gateway.chat(HELLO.formatted("simulator/sim-2!status=401"));
        }

        assertThat(figure("sluice_upstream_breakers_open", "simulator")).isNotIn("0.0", "none");
        assertThat(figure("sluice_upstream_keys_resting", "simulator")).isEqualTo("1.0");
        assertThat(figure("sluice_upstream_down", "simulator")).isEqualTo("0.0");
        assertThat(figure("sluice_upstream_waiting", "simulator")).isEqualTo("0.0");
    }

    @Test
    void anUpstreamThatIsGoneTakesItsFiguresAlong() throws Exception {
        String id =
                gateway.admin(
                                "POST",
                                "/admin/upstreams",
                                "{\"name\":\"brief\",\"provider\":\"simulator\",\"base_url\":\"%s\"}"
                                        .formatted(gateway.simulatorUrl()))
                        .path("id")
                        .asString();
        assertThat(figure("sluice_upstream_running", "brief")).isEqualTo("0.0");

        gateway.admin("DELETE", "/admin/upstreams/" + id, null);

        assertThat(figure("sluice_upstream_running", "brief")).isEqualTo("none");
        assertThat(figure("sluice_upstream_running", "simulator")).isEqualTo("0.0");
    }
}
