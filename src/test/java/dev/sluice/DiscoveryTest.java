package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What upstreams say they serve, and what clients are shown of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of("MODELS_CACHE_TTL", "1s"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String upstream(String name, String provider, String url) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"%s\",\"provider\":\"%s\",\"base_url\":\"%s\",\"api_key\":\"%s\",\"discover_models\":true}"
                                .formatted(name, provider, url, RunningGateway.UPSTREAM_KEY));
        assertThat(made.has("id")).as("%s", made).isTrue();
        return made.path("id").asString();
    }

    private JsonNode models(String key) throws Exception {
        HttpResponse<String> answer =
                gateway.send("GET", "/v1/models", null, Map.of("authorization", "Bearer " + key));
        return JSON.readTree(answer.body()).path("data");
    }

    private JsonNode entry(String id) {
        try {
            return models(gateway.apiKey())
                    .valueStream()
                    .filter(one -> one.path("id").asString().equals(id))
                    .findFirst()
                    .orElse(MissingNode.getInstance());
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void awaitListed(String id) throws InterruptedException {
        RunningGateway.await(id + " to be listed", () -> entry(id).isObject());
    }

    @Test
    void aKeyThatIsRefusedMakesRoomForTheNext() throws Exception {
        try (ListedModels lists = new ListedModels()) {
            lists.says("{\"data\":[{\"id\":\"of-the-second-key\"}]}");
            lists.wants("Bearer sk-second");
            gateway.admin(
                    "POST",
                    "/admin/upstreams",
                    """
                    {"name":"two-keys","provider":"openai","base_url":"%s","discover_models":true,
                     "keys":[{"label":"1","key":"sk-first"},{"label":"2","key":"sk-second"}]}
                    """
                            .formatted(lists.url()));
            awaitListed("of-the-second-key");
        }
    }

    @Test
    void anEntryKeepsWhatTheGatewayDoesNotKnow() throws Exception {
        try (ListedModels upstream = new ListedModels()) {
            upstream.says(
                    "{\"data\":[{\"id\":\"odd/model-1\",\"object\":\"model\",\"owned_by\":\"somebody\",\"context_length\":8192,\"pricing\":{\"prompt\":\"0.1\"},\"null\":null}]}");
            String id = upstream("odd", "openai-compatible", upstream.url());
            awaitListed("odd/model-1");
            JsonNode shown = entry("odd/model-1");
            assertThat(shown.path("context_length").asInt()).isEqualTo(8192);
            assertThat(shown.path("pricing").path("prompt").asString()).isEqualTo("0.1");
            assertThat(shown.path("owned_by").asString()).isEqualTo("somebody");
            assertThat(shown.path("null").isNull()).isTrue();
            JsonNode one =
                    JSON.readTree(
                            gateway.send(
                                            "GET",
                                            "/v1/models/odd%2Fmodel-1",
                                            null,
                                            Map.of("authorization", "Bearer " + gateway.apiKey()))
                                    .body());
            assertThat(one.path("context_length").asInt()).isEqualTo(8192);
            assertThat(gateway.admin("GET", "/admin/upstreams/" + id + "/models", null).toString())
                    .contains("odd/model-1", "context_length");
        }
    }

    @Test
    void aKeySeesOnlyWhatItMayUse() throws Exception {
        try (ListedModels upstream = new ListedModels()) {
            upstream.says("[\"secret-model\"]");
            String id = upstream("secretive", "openai-compatible", upstream.url());
            awaitListed("secret-model");
            JsonNode others =
                    gateway.admin("GET", "/admin/upstreams?page_size=100", null).path("items");
            String simulator =
                    others.valueStream()
                            .filter(one -> !one.path("id").asString().equals(id))
                            .findFirst()
                            .orElseThrow()
                            .path("id")
                            .asString();
            String key =
                    gateway.admin(
                                    "POST",
                                    "/admin/keys",
                                    "{\"name\":\"narrow\",\"upstream_ids\":[\""
                                            + simulator
                                            + "\"]}")
                            .path("key_value")
                            .asString();
            assertThat(models(key).toString()).doesNotContain("secret-model");
        }
    }

    @Test
    void aListIsFetchedAgainInTheBackgroundAndStaysThroughAnOutage() throws Exception {
        try (ListedModels upstream = new ListedModels()) {
            upstream.says("{\"data\":[{\"id\":\"before\"}]}");
            upstream("changing", "openai-compatible", upstream.url());
            awaitListed("before");

            upstream.says(null);
            int asked = upstream.calls();
            RunningGateway.await("two failures", () -> upstream.calls() >= asked + 2);
            assertThat(entry("before").isObject()).isTrue();

            upstream.says("{\"data\":[{\"id\":\"after\"}]}");
            awaitListed("after");
            assertThat(entry("before").isObject()).isFalse();
        }
    }

    @Test
    void aListThatIsSuddenlyEmptyChangesNothing() throws Exception {
        try (ListedModels upstream = new ListedModels()) {
            upstream.says("{\"data\":[{\"id\":\"still-there\"}]}");
            String id = upstream("emptied", "openai-compatible", upstream.url());
            awaitListed("still-there");

            upstream.says("{\"data\":[]}");
            int asked = upstream.calls();
            RunningGateway.await("two empty lists", () -> upstream.calls() >= asked + 3);
            assertThat(entry("still-there").isObject()).isTrue();
            assertThat(gateway.admin("GET", "/admin/upstreams/" + id + "/models", null).toString())
                    .contains("still-there");

            upstream.says("{\"data\":[{\"id\":\"in-its-place\"}]}");
            awaitListed("in-its-place");
            assertThat(entry("still-there").isObject()).isFalse();
        }
    }

    @Test
    void aListThatIsEmptyFromTheBeginningIsTakenAtItsWord() throws Exception {
        try (ListedModels upstream = new ListedModels()) {
            upstream.says("{\"data\":[]}");
            String id = upstream("nothing-yet", "openai-compatible", upstream.url());
            RunningGateway.await("an empty list", () -> upstream.calls() >= 2);
            assertThat(
                            gateway.admin("GET", "/admin/upstreams/" + id + "/models", null)
                                    .path("models"))
                    .isEmpty();

            upstream.says("{\"data\":[{\"id\":\"at-last\"}]}");
            awaitListed("at-last");
        }
    }

    @Test
    void noCallWaitsForAList() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ListedModels upstream = new ListedModels(never)) {
            upstream("silent", "openai-compatible", upstream.url());
            RunningGateway.await("the list to be asked for", () -> upstream.calls() > 0);
            long began = System.nanoTime();
            assertThat(
                            gateway.chat(
                                            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                                    .statusCode())
                    .isEqualTo(200);
            assertThat(models(gateway.apiKey()).isEmpty()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(20));
            never.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "google"})
    void eachProtocolIsAskedInItsOwnWay(String provider) throws Exception {
        String id = upstream("lists-" + provider, provider, gateway.simulatorUrl());
        RunningGateway.await(
                "the models of " + provider,
                () -> {
                    try {
                        return gateway.admin("GET", "/admin/upstreams/" + id + "/models", null)
                                .toString()
                                .contains("sim-mini");
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }

    /** An upstream that has a list of models and nothing else. */
    private static final class ListedModels implements AutoCloseable {
        private final AtomicInteger calls = new AtomicInteger();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpServer server;
        private volatile String list = "[]";
        private volatile boolean isWell = true;
        private volatile @Nullable String wanted;

        ListedModels() throws Exception {
            this(new CountDownLatch(0));
        }

        ListedModels(CountDownLatch answers) throws Exception {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.setExecutor(threads);
            server.createContext(
                    "/v1/models",
                    exchange -> {
                        calls.incrementAndGet();
                        try {
                            answers.await();
                        } catch (InterruptedException _) {
                            return;
                        }
                        byte[] body = list.getBytes(StandardCharsets.UTF_8);
                        String said = exchange.getRequestHeaders().getFirst("authorization");
                        boolean isKnown = wanted == null || wanted.equals(said);
                        exchange.sendResponseHeaders(
                                !isKnown ? 401 : isWell ? 200 : 500, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.start();
        }

        /** From now on that, or a failure where it is null. */
        void says(@Nullable String json) {
            isWell = json != null;
            if (json != null) {
                list = json;
            }
        }

        /** From now on another credential is refused. */
        void wants(String authorization) {
            wanted = authorization;
        }

        int calls() {
            return calls.get();
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
