package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What hedging gains where one call in twenty stalls, and what it costs. */
class HedgingTest {
    private static final int CALLS = 500;

    /** With it none of the first 24 calls stalls, and about one in twenty of the others does. */
    private static final int SEED = 14;

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        upstream("spare");
        for (int i = 0; i < 30; i++) {
            gateway.chat("{\"model\":\"sim-1\",\"messages\":[]}");
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String upstream(String name) throws Exception {
        return gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","api_key":"%s","idle_timeout":3}\
                        """
                                .formatted(
                                        name, gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY))
                .path("id")
                .asString();
    }

    /** How long calls took, shortest first, and how many upstream calls were made. */
    private record Measured(List<Duration> took, long upstreamCalls) {
        Duration p99() {
            return took.get(took.size() * 99 / 100);
        }
    }

    private Measured measure(String name, String hedging) throws Exception {
        String id = upstream(name);
        gateway.admin(
                "POST",
                "/admin/models",
                """
                {"id":"%s","strategy":"priority",%s"targets":[{"upstream":"%s","model":"sim-1!stall@5%%,seed=%d,tag=%s"},
                 {"upstream":"spare","model":"sim-1","priority":1}]}\
                """
                        .formatted(name, hedging, name, SEED, name));
        long before = gateway.simulator().sightings().count();
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            took.add(call(name));
        }
        String metrics = "/admin/upstreams/" + id + "/metrics";
        RunningGateway.await(
                "what is usual to be known",
                () -> {
                    try {
                        return gateway.admin("GET", metrics, null)
                                        .path("metrics")
                                        .path(0)
                                        .path("calls")
                                        .asInt()
                                >= 20;
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        try (ExecutorService few = Executors.newFixedThreadPool(4)) {
            List<Future<Duration>> running = new ArrayList<>();
            for (int i = 24; i < CALLS; i++) {
                running.add(few.submit(() -> call(name)));
            }
            for (Future<Duration> one : running) {
                took.add(one.get());
            }
        }
        took.sort(null);
        return new Measured(took, gateway.simulator().sightings().count() - before);
    }

    private Duration call(String model) throws Exception {
        long began = System.nanoTime();
        HttpResponse<String> answer =
                gateway.chat(
                        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                                .formatted(model));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    @Timeout(240)
    void theSlowestCallsTakeLessThanHalfForAtMostATwentiethMoreCalls() throws Exception {
        Measured without = measure("plain", "");
        Measured with = measure("hedged", "\"hedging\":{\"at_least\":0.3,\"max_extra\":0.05},");

        assertThat(without.p99()).isGreaterThan(Duration.ofSeconds(3));
        assertThat(with.p99()).isLessThan(without.p99().dividedBy(2));
        assertThat(with.upstreamCalls()).isBetween((long) CALLS, CALLS + CALLS / 20L + 1);
    }
}
