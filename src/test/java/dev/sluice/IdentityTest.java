package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People, over real sockets, on every database. */
@ParameterizedClass
@EnumSource(Vendor.class)
class IdentityTest {
    private static final String PASSWORD = "correct horse battery";

    @TempDir Path folder;
    private RunningGateway gateway;
    private boolean isRunning = true;
    private final Map<String, String> environment;

    IdentityTest(Vendor vendor) {
        environment = TestDatabase.environment(vendor);
    }

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.in(folder, environment);
    }

    @AfterEach
    void close() {
        if (isRunning) {
            gateway.close();
        }
    }

    private String user(String name, String role) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/users",
                        """
                        {"username":"%s","email":"%s@example.com","password":"%s","role":"%s"}
                        """
                                .formatted(name, name, PASSWORD, role));
        assertThat(made.path("username").asString("")).as("%s", made).isEqualTo(name);
        assertThat(made.toString()).doesNotContain("$2b$").doesNotContain(PASSWORD);
        return made.path("id").stringValue();
    }

    private HttpResponse<String> signIn(String name, String password) throws Exception {
        return gateway.send(
                "POST",
                "/auth/login",
                "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password),
                Map.of());
    }

    private JsonNode tokens(String name) throws Exception {
        HttpResponse<String> answer = signIn(name, PASSWORD);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private HttpResponse<String> as(String token, String method, String path, @Nullable String body)
            throws Exception {
        return gateway.send(method, path, body, Map.of("authorization", "Bearer " + token));
    }

    private int refresh(String token) throws Exception {
        return gateway.send(
                        "POST",
                        "/auth/refresh",
                        "{\"refresh_token\":\"%s\"}".formatted(token),
                        Map.of())
                .statusCode();
    }

    @Test
    void signingInByNameOrAddressGivesTokensThatSayWhoItIs() throws Exception {
        user("ada", "viewer");
        assertThat(signIn("ADA@example.com", PASSWORD).statusCode()).isEqualTo(200);
        JsonNode tokens = tokens("ada");
        assertThat(tokens.path("token_type").stringValue()).isEqualTo("bearer");
        String access = tokens.path("access_token").stringValue();
        JsonNode me = json(as(access, "GET", "/auth/me", null));
        assertThat(me.path("username").stringValue()).isEqualTo("ada");
        assertThat(me.path("last_sign_in_at").isString()).isTrue();
        assertThat(as(access, "GET", "/admin/upstreams", null).statusCode()).isEqualTo(200);
        assertThat(as(access, "POST", "/admin/upstreams", "{}").statusCode()).isEqualTo(403);
        assertThat(as(access, "GET", "/v1/models", null).statusCode()).isEqualTo(401);
        String refresh = tokens.path("refresh_token").stringValue();
        assertThat(as(refresh, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
        assertThat(as(access + "x", "GET", "/auth/me", null).statusCode()).isEqualTo(401);
    }

    @Test
    void aWrongPasswordAndAnUnknownNameLookTheSameAndAreThrottled() throws Exception {
        user("ada", "viewer");
        HttpResponse<String> wrong = signIn("ada", "wrong-password");
        HttpResponse<String> unknown = signIn("nobody", "wrong-password");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(json(wrong)).isEqualTo(json(unknown));
        int last = 401;
        for (int i = 0; i < 12 && last == 401; i++) {
            last = signIn("nobody", "wrong-password").statusCode();
        }
        assertThat(last).isEqualTo(429);
        assertThat(signIn("ada", PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void aRefreshTokenIsGoodOnceAndItsReuseEndsTheWholeFamily() throws Exception {
        user("ada", "viewer");
        JsonNode first = tokens("ada");
        String old = first.path("refresh_token").stringValue();
        JsonNode second =
                json(
                        gateway.send(
                                "POST",
                                "/auth/refresh",
                                "{\"refresh_token\":\"%s\"}".formatted(old),
                                Map.of()));
        String access = second.path("access_token").stringValue();
        assertThat(as(access, "GET", "/auth/me", null).statusCode()).isEqualTo(200);
        assertThat(refresh(old)).isEqualTo(401);
        assertThat(refresh(second.path("refresh_token").stringValue())).isEqualTo(401);
        assertThat(as(access, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
    }

    @Test
    void ofTwoWhoBringTheSameRefreshTokenAtOnceOneWinsAndTheSessionIsOver() throws Exception {
        user("ada", "viewer");
        for (int round = 0; round < 5; round++) {
            JsonNode tokens = tokens("ada");
            String token = tokens.path("refresh_token").stringValue();
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
                for (Future<Integer> call :
                        executor.invokeAll(
                                List.<Callable<Integer>>of(
                                        () -> refresh(token), () -> refresh(token)))) {
                    statuses.add(call.get());
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 401);
            String access = tokens.path("access_token").stringValue();
            assertThat(as(access, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void peopleSeeTheirSessionsAndEndOneOfThem() throws Exception {
        user("ada", "viewer");
        String here = tokens("ada").path("access_token").stringValue();
        String there = tokens("ada").path("access_token").stringValue();
        JsonNode sessions = json(as(here, "GET", "/auth/sessions", null)).path("items");
        assertThat(sessions).hasSize(2);
        JsonNode other =
                sessions.valueStream()
                        .filter(session -> !session.path("is_current").booleanValue())
                        .findFirst()
                        .orElseThrow();
        String path = "/auth/sessions/" + other.path("id").stringValue();
        assertThat(as(here, "DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(as(there, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
        assertThat(as(here, "GET", "/auth/me", null).statusCode()).isEqualTo(200);
        assertThat(json(as(here, "GET", "/auth/sessions", null)).path("items")).hasSize(1);
    }

    @Test
    void signingOutEndsAllTokensOfTheSessionAlsoAfterARestart() throws Exception {
        user("ada", "viewer");
        JsonNode tokens = tokens("ada");
        String access = tokens.path("access_token").stringValue();
        assertThat(as(access, "POST", "/auth/logout", null).statusCode()).isEqualTo(200);
        assertThat(as(access, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
        assertThat(refresh(tokens.path("refresh_token").stringValue())).isEqualTo(401);
        String other = tokens("ada").path("access_token").stringValue();
        gateway.close();
        isRunning = false;
        try (Gateway again =
                Gateway.start(
                        RunningGateway.settings(folder, environment),
                        java.time.Clock.systemUTC())) {
            assertThat(status(again, access)).isEqualTo(401);
            assertThat(status(again, other)).isEqualTo(200);
        }
    }

    private static int status(Gateway gateway, String token) throws Exception {
        try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
            return client.send(
                            java.net.http.HttpRequest.newBuilder(
                                            java.net.URI.create(gateway.url() + "/auth/me"))
                                    .header("authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void aChangedPasswordOrASwitchedOffUserEndsAllSessionsAtOnce() throws Exception {
        String id = user("ada", "viewer");
        String access = tokens("ada").path("access_token").stringValue();
        String body = "{\"current_password\":\"%s\",\"new_password\":\"another one 42\"}";
        assertThat(as(access, "POST", "/auth/password", body.formatted("wrong")).statusCode())
                .isEqualTo(403);
        assertThat(as(access, "POST", "/auth/password", body.formatted(PASSWORD)).statusCode())
                .isEqualTo(204);
        assertThat(as(access, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
        assertThat(signIn("ada", PASSWORD).statusCode()).isEqualTo(401);
        String next = json(signIn("ada", "another one 42")).path("access_token").stringValue();
        gateway.admin("PUT", "/admin/users/" + id, "{\"is_active\":false}");
        assertThat(as(next, "GET", "/auth/me", null).statusCode()).isEqualTo(401);
        assertThat(signIn("ada", "another one 42").statusCode()).isEqualTo(403);
    }

    @Test
    void aBrowsersSessionNeedsItsPagesTokenToChangeAnything() throws Exception {
        user("ada", "admin");
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/auth/login",
                        "{\"email\":\"ada@example.com\",\"password\":\"%s\",\"browser\":true}"
                                .formatted(PASSWORD),
                        Map.of());
        String set = answer.headers().firstValue("set-cookie").orElseThrow();
        assertThat(set).contains("HttpOnly", "SameSite=Strict", "Path=/");
        Map<String, String> headers = new HashMap<>();
        headers.put("cookie", set.substring(0, set.indexOf(';')));
        assertThat(gateway.send("GET", "/admin/keys", null, headers).statusCode()).isEqualTo(200);
        String key = "{\"name\":\"from a page\"}";
        assertThat(gateway.send("POST", "/admin/keys", key, headers).statusCode()).isEqualTo(403);
        headers.put("x-csrf-token", json(answer).path("csrf_token").stringValue());
        assertThat(gateway.send("POST", "/admin/keys", key, headers).statusCode()).isEqualTo(201);
        assertThat(gateway.send("POST", "/auth/logout", null, headers).statusCode()).isEqualTo(200);
        assertThat(gateway.send("GET", "/admin/keys", null, headers).statusCode()).isEqualTo(401);
    }

    @Test
    void nobodyMakesThemselvesMoreThanTheyAre() throws Exception {
        String id = user("eve", "member");
        String access = tokens("eve").path("access_token").stringValue();
        String self = "/admin/users/" + id;
        assertThat(as(access, "PUT", self, "{\"role\":\"owner\"}").statusCode()).isEqualTo(403);
        assertThat(as(access, "PUT", self, "{\"display_name\":\"Eve\"}").statusCode())
                .isEqualTo(200);
        assertThat(as(access, "PUT", self, "{\"is_superuser\":true}").body())
                .contains("is_superuser");
        String other = user("bob", "viewer");
        assertThat(as(access, "GET", "/admin/users/" + other, null).statusCode()).isEqualTo(404);
        assertThat(json(as(access, "GET", "/admin/users", null)).path("total").intValue()).isOne();
        user("adm", "admin");
        String admin = tokens("adm").path("access_token").stringValue();
        assertThat(as(admin, "PUT", "/admin/users/" + other, "{\"role\":\"owner\"}").statusCode())
                .isEqualTo(403);
        assertThat(as(admin, "PUT", "/admin/users/" + other, "{\"role\":\"admin\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void everyChangeIsNotedWithWhoAndFromWhereAndWithoutSecrets() throws Exception {
        String id = user("ada", "admin");
        String access = tokens("ada").path("access_token").stringValue();
        as(access, "POST", "/admin/keys", "{\"name\":\"noted\"}");
        JsonNode page = gateway.admin("GET", "/admin/audit?actor_id=" + id, null);
        assertThat(page.path("items").isEmpty()).as("%s", page).isFalse();
        JsonNode made = page.path("items").path(0);
        assertThat(made.path("action").stringValue()).isEqualTo("create");
        assertThat(made.path("resource").stringValue()).isEqualTo("key");
        assertThat(made.path("actor_name").stringValue()).isEqualTo("ada");
        assertThat(made.path("client_address").stringValue()).isEqualTo("127.0.0.1");
        assertThat(made.path("after").path("name").stringValue()).isEqualTo("noted");
        JsonNode all = gateway.admin("GET", "/admin/audit?page_size=2", null);
        assertThat(all.path("items").size()).isEqualTo(2);
        JsonNode next =
                gateway.admin(
                        "GET",
                        "/admin/audit?page_size=2&cursor=" + all.path("next_cursor").stringValue(),
                        null);
        assertThat(next.path("items").path(0).path("id"))
                .isNotEqualTo(all.path("items").path(1).path("id"));
        String whole = gateway.admin("GET", "/admin/audit?page_size=100", null).toString();
        assertThat(whole)
                .contains("sign_in")
                .doesNotContain(RunningGateway.UPSTREAM_KEY)
                .doesNotContain(PASSWORD)
                .doesNotContain("$2b$");
    }
}
