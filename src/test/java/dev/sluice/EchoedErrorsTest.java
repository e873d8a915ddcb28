package dev.sluice;

import static dev.sluice.RoutedGateway.attempts;
import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a client makes an upstream say, or asks of the wrong model, harms nobody else. */
class EchoedErrorsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String KEYS =
            "[{\"label\":\"1\",\"key\":\"sk-1\"},{\"label\":\"2\",\"key\":\"sk-2\"}]";

    private RoutedGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** Refuses whatever names a user, and repeats the name, as upstreams do with what is wrong. */
    private static final class EchoingUpstream implements AutoCloseable {
        private final AtomicInteger calls = new AtomicInteger();
        private final HttpServer server;

        EchoingUpstream(int status) throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.createContext(
                    "/",
                    exchange -> {
                        calls.incrementAndGet();
                        String user =
                                JSON.readTree(exchange.getRequestBody().readAllBytes())
                                        .path("user")
                                        .asString("");
                        ObjectNode said = JSON.createObjectNode();
                        said.putObject("error")
                                .put("message", "Invalid value: '" + user + "'.")
                                .put("type", "invalid_request_error")
                                .put("code", "invalid_value");
                        byte[] body = said.toString().getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().add("content-type", "application/json");
                        exchange.sendResponseHeaders(status, body.length);
                        exchange.getResponseBody().write(body);
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
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insufficient_quota",
                "model_not_found",
                "Rate Limit",
                "invalid_api_key",
                "\\u0069nsufficient_quot\\u0061",
                "the service is unavailable"
            })
    void wordsOfTheRequestInAnErrorRestNoKeyAndOpenNoBreaker(String word) throws Exception {
        try (EchoingUpstream echoing = new EchoingUpstream(400)) {
            String name = gateway.fresh("echoing");
            String id = gateway.upstream(name, echoing.url(), KEYS, "");
            String model = gateway.model("", name + " m", "spare sim-1");
            HttpResponse<String> answer =
                    gateway.running.chat(
                            "{\"model\":\"%s\",\"user\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                                    .formatted(model, word));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(attempts(answer)).isOne();
            assertThat(echoing.calls.get()).isOne();
            assertThat(gateway.upstream(id, "health").path("resting_keys").isEmpty()).isTrue();
            assertThat(gateway.upstream(id, "health").path("resting_keys").isArray()).isTrue();
            assertThat(breaker(id)).isEqualTo("closed");
        }
    }

    @Test
    void aModelThatIsAskedForWhatItDoesNotDoStaysThereForWhatItDoes() throws Exception {
        String name = gateway.fresh("chats");
        try (RefusingUpstream refusing =
                RefusingUpstream.saying(404, "not_found", "The model `m` does not exist.")) {
            String id = gateway.upstream(name, refusing.url(), RoutedGateway.GOOD_KEY, "");
            String model = gateway.model("", name + " m");
            var _ =
                    gateway.running.post(
                            "/v1/embeddings",
                            "{\"model\":\"%s\",\"input\":\"x\"}".formatted(model));
            assertThat(refusing.calls()).isPositive();
            assertThat(breaker(id)).isEqualTo("closed");
            var _ = gateway.ask(model, false);
            assertThat(breaker(id)).isEqualTo("open");
        }
    }

    @Test
    void whoAsksAChatModelForACompletionIsTold() throws Exception {
        String name = gateway.fresh("chats");
        try (RefusingUpstream refusing =
                RefusingUpstream.saying(
                        404,
                        "",
                        "This is a chat model and not supported in the v1/completions endpoint."
                                + " Did you mean to use v1/chat/completions?")) {
            gateway.upstream(name, refusing.url(), RoutedGateway.GOOD_KEY, "");
            String model = gateway.model("", name + " m", "spare sim-1");
            HttpResponse<String> answer =
                    gateway.running.post(
                            "/v1/completions",
                            "{\"model\":\"%s\",\"prompt\":\"x\"}".formatted(model));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("v1/chat/completions");
            assertThat(servedBy(answer)).isEqualTo(name);
        }
    }

    private String breaker(String upstream) {
        return gateway.upstream(upstream, "metrics")
                .path("metrics")
                .path(0)
                .path("breaker")
                .asString();
    }
}
