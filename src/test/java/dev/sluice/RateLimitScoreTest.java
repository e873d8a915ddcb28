package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What upstreams say is left of their rate limits counts in where calls go. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimitScoreTest {
    private static final int CALLS = 1_000;

    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "x-ratelimit-limit-requests, x-ratelimit-remaining-requests",
        "x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens",
        "anthropic-ratelimit-requests-limit, anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-tokens-limit, anthropic-ratelimit-tokens-remaining"
    })
    void whoHasLittleLeftGetsFewerCalls(String limit, String remaining) throws Exception {
        try (LimitedUpstream plenty = new LimitedUpstream(limit, remaining, 900);
                LimitedUpstream little = new LimitedUpstream(limit, remaining, 20)) {
            String rich = gateway.fresh("plenty");
            String poor = gateway.fresh("little");
            gateway.upstream(rich, plenty.url(), GOOD_KEY, "");
            gateway.upstream(poor, little.url(), GOOD_KEY, "");
            String model = model(rich, poor);
            gateway.ask(rich + "/m", false);
            gateway.ask(poor + "/m", false);
            RunningGateway.await("what is left to count", () -> quota(model, poor) > 0);

            assertThat(quota(model, poor)).isCloseTo(0.9, within(0.01));
            assertThat(quota(model, rich)).isZero();
            List<HttpResponse<String>> answers =
                    RoutedGateway.atOnce(CALLS, () -> gateway.ask(model, false));
            long toPoor = answers.stream().filter(answer -> servedBy(answer).equals(poor)).count();
            assertThat(toPoor).as("two of five").isBetween(CALLS / 4L, CALLS * 46 / 100L);
        }
    }

    private String model(String... upstreams) throws Exception {
        String id = gateway.fresh("limits");
        JsonNode made =
                gateway.running.admin(
                        "POST",
                        "/admin/models",
                        "{\"id\":\"%s\",\"strategy\":\"reliability_first\",\"targets\":[{\"upstream\":\"%s\",\"model\":\"m\"},{\"upstream\":\"%s\",\"model\":\"m\"}]}"
                                .formatted(id, upstreams[0], upstreams[1]));
        assertThat(made.has("id")).as("%s", made).isTrue();
        return id;
    }

    /** {@return how much its rate limit counts against that upstream} */
    private double quota(String model, String upstream) {
        try {
            return gateway.running
                    .admin("POST", "/admin/routing/decide", "{\"logical_model\":\"" + model + "\"}")
                    .path("all_candidates")
                    .valueStream()
                    .filter(one -> one.path("upstream").asString().equals(upstream))
                    .findFirst()
                    .orElseThrow()
                    .at("/parts/quota")
                    .asDouble();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** An upstream that says with each answer how much of a thousand is left. */
    private static final class LimitedUpstream implements AutoCloseable {
        private static final byte[] ANSWER =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}"
                        .getBytes(StandardCharsets.UTF_8);

        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpServer server;

        LimitedUpstream(String limit, String remaining, int left) throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            server.setExecutor(threads);
            server.createContext(
                    "/",
                    exchange -> {
                        exchange.getRequestBody().readAllBytes();
                        exchange.getResponseHeaders().add("content-type", "application/json");
                        exchange.getResponseHeaders().add(limit, "1000");
                        exchange.getResponseHeaders().add(remaining, Integer.toString(left));
                        exchange.sendResponseHeaders(200, ANSWER.length);
                        exchange.getResponseBody().write(ANSWER);
                        exchange.close();
                    });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
