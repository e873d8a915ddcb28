package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Azure OpenAI by its newer paths and by deployment, with keys and with Entra's tokens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AzureTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String BY_DEPLOYMENT = "\"capabilities\":{\"apiVersion\":\"2024-10-21\"}";

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        add("new", "", RunningGateway.UPSTREAM_KEY, "\"is_default\":false");
        add("old", "", RunningGateway.UPSTREAM_KEY, BY_DEPLOYMENT);
        add(
                "entra",
                "/openai/v1",
                JSON.createObjectNode()
                        .put("tenant_id", "contoso.example")
                        .put("client_id", "app-1")
                        .put("client_secret", RunningGateway.UPSTREAM_KEY)
                        .put(
                                "token_uri",
                                gateway.simulatorUrl() + "/contoso.example/oauth2/v2.0/token")
                        .toString(),
                "\"is_default\":false");
        add(
                "pinned",
                "",
                RunningGateway.UPSTREAM_KEY,
                "\"paths\":{\"chat\":\"openai/deployments/mine/chat/completions\"}");
    }

    private void add(String name, String path, String key, String more) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"%s\",\"provider\":\"azure\",\"base_url\":\"%s\",\"api_key\":%s,%s}"
                                .formatted(
                                        name,
                                        gateway.simulatorUrl() + path,
                                        JSON.writeValueAsString(key),
                                        more));
        assertThat(made.has("id")).as(made.toString()).isTrue();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    @ParameterizedTest
    @CsvSource({
        "new,   false, /openai/v1/chat/completions",
        "new,   true,  /openai/v1/chat/completions",
        "old,   false, /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
        "old,   true,  /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
        "entra, false, /openai/v1/chat/completions",
        "entra, true,  /openai/v1/chat/completions",
    })
    void chatIsAskedAtItsPath(String upstream, boolean stream, String target) throws Exception {
        HttpResponse<String> answer =
                gateway.chat(
                        "{\"model\":\"%s/gpt-4o\",\"stream\":%s,%s}"
                                .formatted(upstream, stream, HELLO));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("gpt-4o");
        assertThat(answer.body().endsWith("data: [DONE]\n\n")).isEqualTo(stream);
        assertThat(seen().target()).isEqualTo(target);
        if (upstream.equals("entra")) {
            assertThat(seen().headers().get("authorization")).startsWith("Bearer ya29.");
            assertThat(seen().headers().get("api-key")).isNull();
        } else {
            assertThat(seen().headers().get("api-key")).isEqualTo(RunningGateway.UPSTREAM_KEY);
            assertThat(seen().headers().get("authorization")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "new, /openai/v1/responses",
        "old, /openai/responses?api-version=2024-10-21",
    })
    void responsesAreBesideTheDeployments(String upstream, String target) throws Exception {
        HttpResponse<String> answer =
                send("/v1/responses", "{\"model\":\"%s/gpt-4o\",\"input\":\"Hello\"}", upstream);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(seen().target()).isEqualTo(target);
        assertThat(JSON.readTree(seen().bodyText()).path("model").asString()).isEqualTo("gpt-4o");
    }

    @ParameterizedTest
    @CsvSource({
        "new, /openai/v1/embeddings",
        "old, /openai/deployments/e-1/embeddings?api-version=2024-10-21",
    })
    void otherTasksAreAskedOfTheirDeployment(String upstream, String target) throws Exception {
        HttpResponse<String> answer =
                send("/v1/embeddings", "{\"model\":\"%s/e-1\",\"input\":\"Hello\"}", upstream);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(seen().target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "new, /openai/v1/models",
        "old, /openai/models?api-version=2024-10-21",
    })
    void modelsAreListed(String upstream, String target) throws Exception {
        for (JsonNode known :
                gateway.admin("GET", "/admin/upstreams?page_size=100", null).path("items")) {
            if (known.path("name").asString().equals(upstream)) {
                gateway.admin(
                        "PUT",
                        "/admin/upstreams/" + known.path("id").asString(),
                        "{\"discover_models\":true}");
            }
        }
        RunningGateway.await(
                "a list of models at " + target,
                () ->
                        gateway.simulator().sightings().all().stream()
                                .anyMatch(
                                        one -> one.target().equals(target) && one.status() == 200));
    }

    @Test
    void anUpstreamIsTriedAtItsDeploymentWithItsKeyWhereAzureHasIt() throws Exception {
        JsonNode items = gateway.admin("GET", "/admin/upstreams?page_size=100", null).path("items");
        String id =
                items.valueStream()
                        .filter(one -> one.path("name").asString().equals("old"))
                        .findFirst()
                        .orElseThrow()
                        .path("id")
                        .asString();

        JsonNode tried =
                gateway.admin("POST", "/admin/upstreams/" + id + "/test", "{\"model\":\"gpt-4o\"}");

        assertThat(tried.path("ok").asBoolean()).as(tried.toString()).isTrue();
        assertThat(seen().target()).startsWith("/openai/deployments/gpt-4o/chat/completions");
    }

    @Test
    void aPathThatIsSetStandsOverTheDeployment() throws Exception {
        gateway.chat("{\"model\":\"pinned/gpt-4o\",%s}".formatted(HELLO));

        assertThat(seen().target()).isEqualTo("/openai/deployments/mine/chat/completions");
    }

    @Test
    void aDeploymentsNameCannotClimbOutOfItsPlace() throws Exception {
        gateway.chat("{\"model\":\"old/x?y#z\",%s}".formatted(HELLO));

        assertThat(seen().target())
                .isEqualTo("/openai/deployments/x%3Fy%23z/chat/completions?api-version=2024-10-21");
    }

    @Test
    void changingTheVersionAloneIsInForceForTheNextCall() throws Exception {
        add("moving", "", RunningGateway.UPSTREAM_KEY, BY_DEPLOYMENT);
        send("/v1/responses", "{\"model\":\"%s/m\",\"input\":\"Hello\"}", "moving");
        JsonNode items = gateway.admin("GET", "/admin/upstreams?page_size=100", null).path("items");
        String id =
                items.valueStream()
                        .filter(one -> one.path("name").asString().equals("moving"))
                        .findFirst()
                        .orElseThrow()
                        .path("id")
                        .asString();
        gateway.admin(
                "PUT",
                "/admin/upstreams/" + id,
                "{\"capabilities\":{\"apiVersion\":\"2025-03-01-preview\"}}");

        send("/v1/responses", "{\"model\":\"%s/m\",\"input\":\"Hello\"}", "moving");

        assertThat(seen().target()).isEqualTo("/openai/responses?api-version=2025-03-01-preview");
    }

    private Sighting seen() {
        List<Sighting> all = gateway.simulator().sightings().all();
        return all.getLast();
    }

    private HttpResponse<String> send(String path, String body, String upstream) throws Exception {
        return gateway.send(
                "POST",
                path,
                body.formatted(upstream),
                Map.of("authorization", "Bearer " + gateway.apiKey()));
    }
}
