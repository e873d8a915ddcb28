package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What upstreams keep is its owner's on raw paths too, and however a body is written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawReferencesTest {
    private static final String ASK = "{\"model\":\"sim-1\",\"input\":\"Hello\"}";
    private static final String FOLLOW =
            "{\"model\":\"sim-1\",\"input\":\"And?\",\"previous_response_id\":\"%s\"}";

    private RunningGateway gateway;
    private String owner;
    private String stranger;
    private String rawStranger;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
        upstream("keeper");
        upstream("elsewhere");
        owner = gateway.apiKey();
        stranger = key("{\"name\":\"stranger\"}");
        rawStranger = key("{\"name\":\"raw\",\"permissions\":[\"read\",\"write\",\"raw\"]}");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private void upstream(String name) throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"%s","provider":"simulator","base_url":"%s","api_key":"%s",
                 "protocols":["openai-responses"],"discover_models":false}
                """
                        .formatted(name, gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));
    }

    private String key(String asked) throws Exception {
        return gateway.admin("POST", "/admin/keys", asked).path("key_value").asString();
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body, String key)
            throws Exception {
        return send(method, path, body, key, "keeper");
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable String body, String key, String upstream)
            throws Exception {
        return gateway.send(
                method,
                path,
                body,
                Map.of("authorization", "Bearer " + key, "x-upstream-name", upstream));
    }

    private String made(String path) throws Exception {
        HttpResponse<String> made = send("POST", path, ASK, owner);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(made.body()).path("id").asString();
    }

    @Test
    void anAnswerIsContinuedRawByItsOwnerOnly() throws Exception {
        String follow = FOLLOW.formatted(made("/proxy/v1/responses"));

        assertThat(send("POST", "/proxy/v1/responses", follow, owner).statusCode()).isEqualTo(200);
        for (String other : new String[] {stranger, rawStranger}) {
            long seen = gateway.simulator().sightings().count();
            HttpResponse<String> refused = send("POST", "/proxy/v1/responses", follow, other);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("previous_response_not_found");
            assertThat(gateway.simulator().sightings().count()).isEqualTo(seen);
        }
    }

    @Test
    void anAnswerThatWasMadeRawIsReadByItsOwnerOnly() throws Exception {
        String id = made("/proxy/v1/responses");

        assertThat(send("GET", "/v1/responses/" + id, null, owner).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/v1/responses/" + id, null, stranger).statusCode()).isEqualTo(404);
    }

    @Test
    void anAnswerThatWasStreamedRawIsItsOwnersToo() throws Exception {
        String asked = ASK.replace("}", ",\"stream\":true}");
        HttpResponse<String> stream = send("POST", "/proxy/v1/responses", asked, owner);
        String id = stream.body().replaceAll("(?s).*?\"id\":\"(resp_[^\"]+)\".*", "$1");

        assertThat(send("GET", "/v1/responses/" + id, null, owner).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/v1/responses/" + id, null, stranger).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proxy/v1/responses/%s", "/proxy/v1/responses/%s/input_items"})
    void aRawKeyDoesNotReadAnothersAnswer(String path) throws Exception {
        String id = made("/proxy/v1/responses");
        String escaped = id.replace("_", "%5F");

        for (String asked : new String[] {id, escaped}) {
            HttpResponse<String> refused = send("GET", path.formatted(asked), null, rawStranger);
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("is known to be yours");
            assertThat(send("DELETE", path.formatted(asked), null, rawStranger).statusCode())
                    .isEqualTo(404);
        }
        assertThat(send("GET", "/v1/responses/" + id, null, owner).statusCode()).isEqualTo(200);
    }

    @Test
    void whatNobodyIsKnownToOwnIsForRawKeysAlone() throws Exception {
        String follow = FOLLOW.formatted("resp_made_elsewhere");

        assertThat(send("POST", "/proxy/v1/responses", follow, stranger).statusCode())
                .isEqualTo(400);
        HttpResponse<String> passed = send("POST", "/proxy/v1/responses", follow, rawStranger);
        assertThat(passed.headers().firstValue("x-sluice-upstream")).hasValue("keeper");
    }

    @Test
    void anAnswerIsContinuedWhereItIsKept() throws Exception {
        String follow = FOLLOW.formatted(made("/proxy/v1/responses"));

        HttpResponse<String> refused =
                send("POST", "/proxy/v1/responses", follow, owner, "elsewhere");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("reference_elsewhere", "X-Upstream-Name");
    }

    @Test
    void aBodyThatOnlyAnUpstreamCouldReadIsRefused() throws Exception {
        String lenient = "{\"a\":NaN," + FOLLOW.formatted(made("/proxy/v1/responses")).substring(1);

        assertThat(send("POST", "/proxy/v1/responses", lenient, stranger).statusCode())
                .isEqualTo(400);
        assertThat(packed("/proxy/v1/responses", ASK)).isEqualTo(415);
    }

    private int packed(String path, String body) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(gateway.url() + path))
                            .header("authorization", "Bearer " + stranger)
                            .header("x-upstream-name", "keeper")
                            .header("content-type", "application/json")
                            .header("content-encoding", "gzip")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file_id",
                "f\\u0069le_id",
                "\\u0066\\u0069\\u006c\\u0065\\u005f\\u0069\\u0064",
                "file\\u005Fid"
            })
    void aReferenceIsSeenHoweverItsNameIsWritten(String name) throws Exception {
        String body =
                """
                {"model":"sim-1","messages":[{"role":"user","content":[
                  {"type":"file","file":{"%s":"file-of-somebody-else"}}]}]}
                """
                        .formatted(name);

        for (String path : new String[] {"/v1/chat/completions", "/proxy/v1/chat/completions"}) {
            HttpResponse<String> refused = send("POST", path, body, stranger, "simulator");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("file-of-somebody-else");
        }
    }
}
