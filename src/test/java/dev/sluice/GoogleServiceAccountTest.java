package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Headers;
import dev.sluice.simulator.delivery.Sighting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Upstreams at Google whose key is a service account: the gateway fetches access tokens itself. */
class GoogleServiceAccountTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String MODELS = "/v1/projects/p/locations/us-east5/publishers/google";

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void plainAndStreamedCallsShareOneToken() throws Exception {
        addVertex("v", account("robot"));

        HttpResponse<String> plain = chat("v", "\"stream\":false");
        HttpResponse<String> streamed = chat("v", "\"stream\":true");

        assertThat(plain.body()).contains("You wrote: Hello");
        assertThat(streamed.body()).contains("data: ").endsWith("data: [DONE]\n\n");
        assertThat(fetched()).hasSize(1);
        assertThat(called())
                .hasSize(2)
                .extracting(seen -> seen.headers().get("authorization"))
                .allMatch(header -> header.equals("Bearer ya29.simulated-1"));
        assertThat(called().getFirst().target())
                .isEqualTo(MODELS + "/models/sim-1:generateContent");
    }

    @Test
    void manyFirstCallsWaitForTheSameToken() throws Exception {
        addVertex("v", account("robot!delay=300ms"));

        List<HttpResponse<String>> answers = together(20, () -> chat("v", "\"stream\":false"));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(fetched()).hasSize(1);
    }

    @Test
    void whoLeavesWhileTheTokenIsFetchedCallsNobody() throws Exception {
        addVertex("v", account("robot!delay=2s"));
        String body =
                "{\"model\":\"v/sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        try (HttpClient client = HttpClient.newHttpClient()) {
            var call =
                    client.sendAsync(
                            HttpRequest.newBuilder(
                                            URI.create(gateway.url() + "/v1/chat/completions"))
                                    .header("authorization", "Bearer " + gateway.apiKey())
                                    .header("content-type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            RunningGateway.await("a token is asked for", () -> !fetched().isEmpty());
            call.cancel(true);
        }

        assertThat(gateway.records(1).path(0).path("ending").asString()).isEqualTo("client_left");
        RunningGateway.await(
                "the token", () -> fetched().getFirst().outcome() == Sighting.Outcome.ANSWERED);
        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);
        assertThat(called()).as("by the second call alone").hasSize(1);
        assertThat(fetched()).hasSize(1);
    }

    @Test
    void aTokenIsRenewedWellBeforeItEndsAlthoughNobodyCalls() throws Exception {
        addVertex("v", account("robot!expires-in=3"));
        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);

        RunningGateway.await("a third token", () -> fetched().size() >= 3);

        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);
        assertThat(called()).hasSize(2).extracting(Sighting::status).containsOnly(200);
    }

    @Test
    void aTokenThatTheUpstreamRefusesIsRenewedOnceWithinTheCall() throws Exception {
        addVertex("v", account("robot"));
        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);
        revoke();

        List<HttpResponse<String>> answers = together(10, () -> chat("v", "\"stream\":true"));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers).allMatch(answer -> answer.body().contains("[DONE]"));
        assertThat(fetched()).hasSize(2);
    }

    @Test
    void whereOneTokenAfterTheOtherIsRefusedTheKeyRests() throws Exception {
        addVertex("v", account("robot"));
        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);
        revoke();
        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);
        revoke();

        HttpResponse<String> refused = chat("v", "\"stream\":false");

        assertThat(refused.statusCode()).isEqualTo(502);
        assertThat(refused.body()).contains("upstream_auth");
        assertThat(fetched()).hasSize(2);
    }

    @Test
    void anAccountThatIsRefusedRestsAndTheNextKeyServes() throws Exception {
        String keys =
                """
                "keys":[{"label":"bad","weight":1000,"key":%s},{"label":"good","weight":0.001,"key":%s}]
                """
                        .formatted(
                                JSON.writeValueAsString(account("bad!status=400")),
                                JSON.writeValueAsString(account("good")));
        add("v", keys);

        HttpResponse<String> answer = chat("v", "\"stream\":false");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);
        }

        assertThat(fetched()).as("one of each, and no more while it rests").hasSize(2);
        JsonNode record = gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(record.toString())
                .contains("No access token for bad!status=400@simulator.iam.gserviceaccount.com")
                .contains("127.0.0.1 answered 400");
    }

    @Test
    void withoutAnyTokenTheClientIsToldOfTheGatewaysAccountAndTheOperatorWhy() throws Exception {
        ObjectNode account = (ObjectNode) JSON.readTree(account("robot"));
        account.put("token_uri", "http://127.0.0.1:1/token");
        addVertex("v", account.toString());

        HttpResponse<String> answer = chat("v", "\"stream\":true");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("upstream_auth").doesNotContain("iam.gserviceaccount");
        assertThat(called()).isEmpty();
        JsonNode record = gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(record.toString()).contains("127.0.0.1 cannot be asked");
    }

    @Test
    void addressesThatUpstreamsMayNotHaveAreNotAskedForTokens() throws Exception {
        ObjectNode account = (ObjectNode) JSON.readTree(account("robot"));
        account.put("token_uri", "https://169.254.169.254/token");
        addVertex("v", account.toString());

        HttpResponse<String> answer = chat("v", "\"stream\":false");

        assertThat(answer.statusCode()).isEqualTo(502);
        JsonNode record = gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(record.toString()).contains("169.254.169.254 cannot be asked");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client_email | null                       | lacks the text client_email",
                "private_key  | null                       | lacks the text private_key",
                "private_key  | \"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\" | no RSA key",
                "type         | \"authorized_user\"        | not of the type service_account",
                "token_uri    | \"http://example.com/t\"   | no https address",
                "token_uri    | \"ftp://127.0.0.1/t\"      | no https address",
                "token_uri    | \"https://a:b@c.de/t\"     | no https address",
                "token_uri    | \"https://c d/\"           | no address",
            })
    void whatCannotBeUsedIsRefusedAndNotRepeated(String member, String value, String problem)
            throws Exception {
        ObjectNode account = (ObjectNode) JSON.readTree(account("robot"));
        String key = account.path("private_key").asString();
        account.set(member, JSON.readTree(value));

        JsonNode refused = add("v", keyed(account.toString()));

        assertThat(refused.toString()).contains(problem).contains("api_key");
        assertThat(refused.toString()).doesNotContain(key.substring(40, 80));
    }

    @Test
    void jsonThatIsNoAccountIsRefused() throws Exception {
        assertThat(add("v", keyed("{\"a\":1}")).toString())
                .contains("neither a Google service account");
        assertThat(add("v", keyed("{\"a\": }")).toString()).contains("none that can be read");
    }

    @Test
    void theFileIsShownByItsAccountsNameAlone() throws Exception {
        String account = account("robot");
        addVertex("v", account);
        String secret = JSON.readTree(account).path("private_key").asString().substring(40, 80);
        assertThat(chat("v", "\"stream\":false").statusCode()).isEqualTo(200);

        String shown =
                gateway.admin("GET", "/admin/upstreams", null).toString()
                        + gateway.admin("GET", "/admin/audit", null)
                        + gateway.records(1);

        assertThat(shown)
                .contains("robot@simulator.iam.gserviceaccount.com")
                .doesNotContain(secret)
                .doesNotContain("ya29.");
        assertThat(called())
                .allSatisfy(seen -> {
                    for (Headers.Header header : seen.headers()) {
                        assertThat(header.value()).doesNotContain(secret);
                    }
                });
    }

    @Test
    void listsOfModelsAndCountsOfTokensAreAskedWithTokensToo() throws Exception {
        addVertex("v", account("robot"));

        HttpResponse<String> count =
                gateway.send(
                        "POST",
                        "/v1beta/models/v/sim-1:countTokens",
                        "{\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}",
                        Map.of("authorization", "Bearer " + gateway.apiKey()));

        assertThat(count.body()).contains("\"totalTokens\":2");
        assertThat(count.headers().firstValue("x-sluice-warnings")).isEmpty();
        assertThat(called().getLast().headers().get("authorization")).startsWith("Bearer ya29.");
    }

    @Test
    void anthropicsModelsAreCalledWithTheSameTokens() throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"c\",\"provider\":\"vertex-anthropic\",\"base_url\":\"%s\",%s}"
                                .formatted(
                                        gateway.simulatorUrl() + "/v1/projects/p/locations/global",
                                        keyed(account("robot"))));
        assertThat(made.has("id")).as(made.toString()).isTrue();

        HttpResponse<String> streamed =
                gateway.send(
                        "POST",
                        "/v1/messages",
                        "{\"model\":\"c/m\",\"max_tokens\":9,\"stream\":true,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                        Map.of("authorization", "Bearer " + gateway.apiKey()));

        assertThat(streamed.body()).contains("event: message_stop");
        assertThat(called().getLast().target()).endsWith("/models/m:streamRawPredict");
        assertThat(called().getLast().headers().get("authorization")).startsWith("Bearer ya29.");
        assertThat(called().getLast().headers().get("x-api-key")).isNull();
    }

    @Test
    void anUpstreamIsTriedWithATokenToo() throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"o\",\"provider\":\"openai-compatible\",\"base_url\":\"%s\",%s}"
                                .formatted(
                                        gateway.simulatorUrl() + "/v1/projects/p/endpoints/openapi",
                                        keyed(account("robot"))));

        gateway.admin(
                "POST",
                "/admin/upstreams/" + made.path("id").asString() + "/test",
                "{\"model\":\"m\"}");

        assertThat(fetched()).hasSize(1);
    }

    private List<Sighting> fetched() {
        return seen("/token");
    }

    private List<Sighting> called() {
        return seen("/v1/projects/");
    }

    private List<Sighting> seen(String path) {
        return gateway.simulator().sightings().all().stream()
                .filter(seen -> seen.target().startsWith(path))
                .toList();
    }

    private void revoke() throws Exception {
        assertThat(outside("DELETE", "/simulator/google/tokens").statusCode()).isEqualTo(200);
    }

    /** {@return the file of a service account whose tokens come from the simulator} */
    private String account(String name) throws Exception {
        return outside("GET", "/simulator/google/service-accounts/" + name).body();
    }

    private HttpResponse<String> outside(String method, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(gateway.simulatorUrl() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private void addVertex(String name, String account) throws Exception {
        JsonNode made = add(name, keyed(account));
        assertThat(made.has("id")).as(made.toString()).isTrue();
    }

    private static String keyed(String account) {
        return "\"api_key\":" + JSON.writeValueAsString(account);
    }

    private JsonNode add(String name, String keys) throws Exception {
        return gateway.admin(
                "POST",
                "/admin/upstreams",
                "{\"name\":\"%s\",\"provider\":\"vertex\",\"base_url\":\"%s\",%s}"
                        .formatted(name, gateway.simulatorUrl() + MODELS, keys));
    }

    private HttpResponse<String> chat(String upstream, String more) throws Exception {
        return gateway.chat(
                """
                {"model":"%s/sim-1","messages":[{"role":"user","content":"Hello"}],%s}
                """
                        .formatted(upstream, more));
    }

    private static <T> List<T> together(int times, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                running.add(threads.submit(call));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        }
    }
}
