package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What narrows a key, as calls meet it over real sockets, in each protocol's own errors. */
class KeyRulesTest {
    @TempDir Path folder;
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    /** How each protocol asks, and where its errors say what. */
    private enum Client {
        CHAT(
                "/v1/chat/completions",
                "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "/error/code"),
        RESPONSES("/v1/responses", "{\"model\":\"sim-1\",\"input\":\"hi\"}", "/error/code"),
        MESSAGES(
                "/v1/messages",
                "{\"model\":\"sim-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "/error/type"),
        GEMINI(
                "/v1beta/models/sim-1:generateContent",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}",
                "/error/status");

        private final String path;
        private final String body;
        private final String word;

        Client(String path, String body, String word) {
            this.path = path;
            this.body = body;
            this.word = word;
        }

        /** {@return the protocol's own word for that refusal} */
        private String wordFor(int status, String code) {
            return switch (this) {
                case CHAT, RESPONSES -> code;
                case MESSAGES ->
                        Map.of(
                                        401, "authentication_error",
                                        403, "permission_error",
                                        404, "not_found_error")
                                .getOrDefault(status, "?");
                case GEMINI ->
                        Map.of(401, "UNAUTHENTICATED", 403, "PERMISSION_DENIED", 404, "NOT_FOUND")
                                .getOrDefault(status, "?");
            };
        }
    }

    private JsonNode key(String fields) throws Exception {
        JsonNode key = gateway.admin("POST", "/admin/keys", "{\"name\":\"k\"" + fields + "}");
        assertThat(key.path("key").isString()).as("%s", key).isTrue();
        return key;
    }

    private HttpResponse<String> call(Client client, String key, String... headers)
            throws Exception {
        Map<String, String> all = new HashMap<>();
        all.put("authorization", "Bearer " + key);
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return gateway.send("POST", client.path, client.body, all);
    }

    private void everyoneIsRefused(String key, int status, String code) throws Exception {
        for (Client client : Client.values()) {
            HttpResponse<String> answer = call(client, key);
            assertThat(answer.statusCode()).as("%s: %s", client, answer.body()).isEqualTo(status);
            JsonNode body = JsonMapper.shared().readTree(answer.body());
            assertThat(body.at(client.word).asString(""))
                    .as("%s: %s", client, answer.body())
                    .isEqualTo(client.wordFor(status, code));
            assertThat(body.at("/error/message").asString("")).isNotEmpty().doesNotContain(key);
        }
    }

    private void everyoneIsServed(String key) throws Exception {
        for (Client client : Client.values()) {
            HttpResponse<String> answer = call(client, key);
            assertThat(answer.statusCode()).as("%s: %s", client, answer.body()).isEqualTo(200);
        }
    }

    private static String text(JsonNode key) {
        return key.path("key").stringValue();
    }

    private void change(JsonNode key, String fields) throws Exception {
        JsonNode changed =
                gateway.admin("PUT", "/admin/keys/" + key.path("id").stringValue(), fields);
        assertThat(changed.has("id")).as("%s", changed).isTrue();
    }

    @Test
    void aModelThatIsNotAllowedIsNotThereForTheKey() throws Exception {
        JsonNode key = key(",\"allowed_models\":[\"other\"]");
        everyoneIsRefused(text(key), 404, "model_not_found");
        change(key, "{\"allowed_models\":[\"sim-1\"]}");
        everyoneIsServed(text(key));
        String listed =
                gateway.send(
                                "GET",
                                "/v1/models",
                                null,
                                Map.of("authorization", "Bearer " + text(key)))
                        .body();
        assertThat(listed).contains("\"sim-1\"").doesNotContain("sim-reasoning");
        change(key, "{\"allowed_models\":null}");
        everyoneIsServed(text(key));
    }

    @Test
    void anEndpointThatIsNotAllowedIsForbidden() throws Exception {
        JsonNode key = key(",\"allowed_endpoints\":[\"/v1/models*\"]");
        everyoneIsRefused(text(key), 403, "endpoint_not_allowed");
        change(key, "{\"allowed_endpoints\":[\"/v1/messages\"]}");
        assertThat(call(Client.MESSAGES, text(key)).statusCode()).isEqualTo(200);
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(403);
        change(key, "{\"allowed_endpoints\":[\"/v1*\"]}");
        everyoneIsServed(text(key));
    }

    @Test
    void anAddressThatIsNotAllowedIsForbidden() throws Exception {
        JsonNode key = key(",\"allowed_addresses\":[\"10.1.0.0/16\",\"::2\"]");
        everyoneIsRefused(text(key), 403, "address_not_allowed");
        assertThat(call(Client.CHAT, text(key), "x-forwarded-for", "10.1.2.3").statusCode())
                .as("a header that no trusted proxy sent")
                .isEqualTo(403);
        change(key, "{\"allowed_addresses\":[\"127.0.0.0/8\",\"::1\"]}");
        everyoneIsServed(text(key));
    }

    @Test
    void aMissingPermissionIsForbidden() throws Exception {
        everyoneIsRefused(text(key(",\"permissions\":[\"read\"]")), 403, "permission_denied");
    }

    @Test
    void aKeyOfNoUpstreamThatServesTheModelFindsNone() throws Exception {
        JsonNode other =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"other\",\"provider\":\"openai\",\"api_key\":\"sk-x\",\"models\":[{\"id\":\"m\"}]}");
        everyoneIsRefused(
                text(key(",\"upstream_ids\":[\"" + other.path("id").stringValue() + "\"]")),
                404,
                "model_not_found");
    }

    @Test
    void whatIsRevokedDisabledOrExpiredOpensNothingFromTheNextCallOn() throws Exception {
        JsonNode key = key("");
        everyoneIsServed(text(key));
        change(key, "{\"is_active\":false}");
        everyoneIsRefused(text(key), 401, "invalid_api_key");
        change(key, "{\"is_active\":true}");
        everyoneIsServed(text(key));
        Instant soon = Instant.now().plus(Duration.ofSeconds(1));
        change(key, "{\"expires_at\":\"" + soon + "\"}");
        RunningGateway.await("the key's end", () -> Instant.now().isAfter(soon));
        everyoneIsRefused(text(key), 401, "api_key_expired");
        change(key, "{\"expires_at\":null}");
        everyoneIsServed(text(key));
        gateway.admin("DELETE", "/admin/keys/" + key.path("id").stringValue(), null);
        everyoneIsRefused(text(key), 401, "invalid_api_key");
    }

    @Test
    void aRotatedKeysOldValueIsGoodUntilTheGraceEndsAndNotAMomentLonger() throws Exception {
        JsonNode key = key(",\"permissions\":[\"write\"],\"allowed_models\":[\"sim-1\"]");
        String path = "/admin/keys/" + key.path("id").stringValue();
        JsonNode rotated = gateway.admin("POST", path + "/rotate", "{\"grace_seconds\":3}");
        assertThat(text(rotated)).as("%s", rotated).startsWith("sk-auto-").isNotEqualTo(text(key));
        assertThat(rotated.path("permissions").toString()).isEqualTo("[\"write\"]");
        assertThat(rotated.path("allowed_models").toString()).isEqualTo("[\"sim-1\"]");
        assertThat(gateway.admin("GET", path, null).toString()).doesNotContain(text(rotated));
        everyoneIsServed(text(rotated));
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(200);
        Instant end = Instant.parse(rotated.path("retiring_until").stringValue());
        RunningGateway.await("the end of the grace", () -> Instant.now().isAfter(end));
        everyoneIsRefused(text(key), 401, "invalid_api_key");
        everyoneIsServed(text(rotated));

        JsonNode again = gateway.admin("POST", path + "/rotate", null);
        everyoneIsServed(text(again));
        everyoneIsRefused(text(rotated), 401, "invalid_api_key");
        String trail = gateway.admin("GET", "/admin/audit?page_size=100", null).toString();
        assertThat(trail).doesNotContain(text(again)).doesNotContain("digest");
    }

    @Test
    void anOldValueStopsWithItsKey() throws Exception {
        JsonNode key = key("");
        String path = "/admin/keys/" + key.path("id").stringValue();
        JsonNode rotated = gateway.admin("POST", path + "/rotate", "{\"grace_seconds\":600}");
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(200);
        gateway.admin("DELETE", path, null);
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(401);
        assertThat(call(Client.CHAT, text(rotated)).statusCode()).isEqualTo(401);
        assertThat(gateway.admin("POST", path + "/rotate", null).at("/error/code").asString())
                .isEqualTo("invalid_request");
    }

    @Test
    void useIsCountedWithTheRecords() throws Exception {
        JsonNode key = key("");
        String path = "/admin/keys/" + key.path("id").stringValue();
        assertThat(gateway.admin("GET", path, null).path("last_used_at").isNull()).isTrue();
        Instant before = Instant.now().minusSeconds(1);
        everyoneIsServed(text(key));
        ObjectNode[] seen = new ObjectNode[1];
        RunningGateway.await(
                "four calls",
                () -> {
                    try {
                        seen[0] = (ObjectNode) gateway.admin("GET", path, null);
                        return seen[0].path("use_count").asLong() == 4;
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
        assertThat(Instant.parse(seen[0].path("last_used_at").stringValue()))
                .isBetween(before, Instant.now());
    }

    @Test
    void whatIsNoRuleIsRefusedByItsName() throws Exception {
        for (Map.Entry<String, String> wrong :
                Map.of(
                                "allowed_addresses[1]",
                                        "{\"name\":\"k\",\"allowed_addresses\":[\"::1\",\"host.example\"]}",
                                "allowed_endpoints[0]",
                                        "{\"name\":\"k\",\"allowed_endpoints\":[\"v1\"]}",
                                "allowed_models", "{\"name\":\"k\",\"allowed_models\":[]}",
                                "use_count", "{\"name\":\"k\",\"use_count\":1}",
                                "digest", "{\"name\":\"k\",\"digest\":\"00\"}",
                                "weak", "{\"name\":\"k\",\"weak\":false}")
                        .entrySet()) {
            JsonNode answer = gateway.admin("POST", "/admin/keys", wrong.getValue());
            assertThat(answer.at("/error/param").asString(""))
                    .as("%s", answer)
                    .isEqualTo(wrong.getKey());
            assertThat(answer.path("detail").isArray()).isTrue();
        }
    }

    @Test
    void limitsComeWithTheKeyAndAreInForceForTheNextCall() throws Exception {
        JsonNode key =
                key(",\"limits\":[{\"kind\":\"requests\",\"period\":\"minute\",\"amount\":1}]");
        assertThat(key.at("/limits/0/amount").asInt()).isOne();
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(200);
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(429);
        change(key, "{\"limits\":[]}");
        assertThat(call(Client.CHAT, text(key)).statusCode()).isEqualTo(200);
        change(key, "{\"limits\":[{\"kind\":\"tokens\",\"period\":\"total\",\"amount\":1}]}");
        change(key, "{\"name\":\"renamed\"}");
        assertThat(
                        gateway.admin("GET", "/admin/keys/" + key.path("id").stringValue(), null)
                                .at("/limits/0/kind")
                                .stringValue())
                .isEqualTo("tokens");
        assertThat(call(Client.MESSAGES, text(key)).statusCode()).isNotEqualTo(200);
    }
}
