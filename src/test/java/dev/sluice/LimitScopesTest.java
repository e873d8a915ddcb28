package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** Whose limits a call must fit, and what happens where it does not. */
class LimitScopesTest {
    private static final String HELLO =
            "{\"model\":\"%s\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private RunningGateway gateway;
    private String key = "";
    private Map<String, String> ids = Map.of();

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        String organization = made("/admin/organizations", "{\"name\":\"theirs\"}", "id");
        String user =
                made(
                        "/admin/users",
                        """
                        {"username":"ann","email":"ann@example.com","password":"long-enough-1",
                         "role":"member","organization_id":"%s"}
                        """
                                .formatted(organization),
                        "id");
        JsonNode of =
                gateway.admin(
                        "POST",
                        "/admin/keys",
                        "{\"name\":\"anns\",\"user_id\":\"%s\",\"organization_id\":\"%s\"}"
                                .formatted(user, organization));
        key = of.path("key_value").asString("");
        assertThat(key).as("%s", of).isNotEmpty();
        String upstream =
                gateway.admin("GET", "/admin/upstreams", null)
                        .path("items")
                        .path(0)
                        .path("id")
                        .asString();
        ids =
                Map.of(
                        "organization",
                        organization,
                        "user",
                        user,
                        "key",
                        of.path("id").asString(),
                        "upstream",
                        upstream);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String made(String path, String body, String field) throws Exception {
        JsonNode answer = gateway.admin("POST", path, body);
        assertThat(answer.path(field).asString("")).as("%s", answer).isNotEmpty();
        return answer.path(field).asString();
    }

    private void limit(String scope, String limits) throws Exception {
        String subject =
                switch (scope) {
                    case "global" -> "";
                    case "model" -> "\"model\":\"sim-1\",";
                    default -> "\"subject_id\":\"%s\",".formatted(ids.get(scope));
                };
        JsonNode answer =
                gateway.admin(
                        "PUT",
                        "/admin/limits",
                        "{\"scope\":\"%s\",%s\"limits\":%s}".formatted(scope, subject, limits));
        assertThat(answer.has("limits")).as("%s", answer).isTrue();
    }

    private HttpResponse<String> call(String model) throws Exception {
        return gateway.send(
                "POST",
                "/v1/chat/completions",
                HELLO.formatted(model),
                Map.of("authorization", "Bearer " + key));
    }

    private JsonNode standing(String scope) throws Exception {
        JsonNode answer =
                gateway.admin(
                        "GET", "/admin/limits/explain?model=sim-1&key=" + ids.get("key"), null);
        for (JsonNode item : answer.path("items")) {
            if (item.path("scope").asString().equals(scope)) {
                return item;
            }
        }
        throw new AssertionError("no limit of " + scope + " in " + answer);
    }

    @ParameterizedTest
    @CsvSource({
        "global,       of this gateway",
        "organization, of your organization",
        "user,         of your user",
        "key,          of this API key",
        "upstream,     of the upstream",
        "model,        of this model"
    })
    void aLimitOfEachScopeHoldsAndIsNamedAndRaisingItHoldsForTheNextCall(String scope, String whose)
            throws Exception {
        limit(scope, "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":2}]");
        assertThat(call("sim-1").statusCode()).isEqualTo(200);
        assertThat(call("sim-1").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = call("sim-1");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .contains(whose, "2 requests per day", "2 used", "It resets at 20");
        JsonNode standing = standing(scope);
        assertThat(standing.path("used").asLong()).isEqualTo(2);
        assertThat(standing.path("left").asLong()).isZero();
        assertThat(standing.path("resets_at").asString()).endsWith("T00:00:00Z");
        limit(scope, "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":3}]");
        assertThat(call("sim-1").statusCode()).isEqualTo(200);
        limit(scope, "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":1}]");
        assertThat(call("sim-1").statusCode()).isEqualTo(429);
        assertThat(standing(scope).path("debt").asLong()).isEqualTo(2);
        limit(scope, "[]");
        assertThat(call("sim-1").statusCode()).isEqualTo(200);
    }

    @Test
    void aUsersLimitCountsAllKeysOfTheUserAndNoOthers() throws Exception {
        limit("user", "[{\"kind\":\"requests\",\"period\":\"month\",\"amount\":1}]");
        String second =
                made(
                        "/admin/keys",
                        "{\"name\":\"again\",\"user_id\":\"%s\",\"organization_id\":\"%s\"}"
                                .formatted(ids.get("user"), ids.get("organization")),
                        "key_value");
        assertThat(call("sim-1").statusCode()).isEqualTo(200);

        HttpResponse<String> refused =
                gateway.send(
                        "POST",
                        "/v1/chat/completions",
                        HELLO.formatted("sim-1"),
                        Map.of("authorization", "Bearer " + second));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(gateway.chat(HELLO.formatted("sim-1")).statusCode()).isEqualTo(200);
    }

    @Test
    void whatAnUpstreamHasNoRoomForGoesToTheNext() throws Exception {
        gateway.admin(
                "POST",
                "/admin/upstreams",
                """
                {"name":"spare","provider":"simulator","base_url":"%s","api_key":"%s",
                 "discover_models":false}
                """
                        .formatted(gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));
        gateway.admin(
                "POST",
                "/admin/models",
                """
                {"id":"both","strategy":"priority","targets":[
                  {"upstream":"simulator","model":"sim-1","priority":0},
                  {"upstream":"spare","model":"sim-1","priority":1}]}
                """);
        limit("upstream", "[{\"kind\":\"requests\",\"period\":\"minute\",\"amount\":1}]");

        assertThat(servedBy(call("both"))).isEqualTo("simulator");
        assertThat(servedBy(call("both"))).isEqualTo("spare");
        assertThat(standing("upstream").path("used").asLong()).isOne();
    }

    private static String servedBy(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-sluice-upstream").orElse(answer.body());
    }

    @Test
    void noMoreCallsRunAtOnceThanAreAllowedAndTheNextMayComeWhenOneEnds() throws Exception {
        limit("user", "[{\"kind\":\"concurrency\",\"amount\":3}]");
        List<Future<HttpResponse<String>>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                running.add(executor.submit(() -> call("simulator/sim-1!delay=3s")));
            }
            RunningGateway.await("three calls", () -> runningCalls() == 3);

            HttpResponse<String> refused = call("sim-1");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("3 concurrent requests", "3 reserved");
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(refused.headers().firstValue("x-ratelimit-limit-concurrency")).hasValue("3");
            assertThat(refused.headers().firstValue("x-ratelimit-remaining-concurrency"))
                    .hasValue("0");
            for (Future<HttpResponse<String>> one : running) {
                assertThat(one.get().statusCode()).isEqualTo(200);
            }
        }
        RunningGateway.await("rest", () -> runningCalls() == 0);
        assertThat(call("sim-1").statusCode()).isEqualTo(200);
    }

    private long runningCalls() {
        try {
            return standing("user").path("reserved").asLong();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void whoSignsInSeesHowThingsStandWithTheirOwnKeysAndNoOthers() throws Exception {
        limit("user", "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":5}]");
        String others =
                gateway.admin("POST", "/admin/keys", "{\"name\":\"others\"}").path("id").asString();
        HttpResponse<String> signedIn =
                gateway.send(
                        "POST",
                        "/auth/login",
                        "{\"username\":\"ann\",\"password\":\"long-enough-1\",\"browser\":true}",
                        Map.of());
        String cookie = signedIn.headers().firstValue("set-cookie").orElseThrow();
        Map<String, String> headers = Map.of("cookie", cookie.substring(0, cookie.indexOf(';')));
        String explain = "/admin/limits/explain?key=";

        HttpResponse<String> own = gateway.send("GET", explain + ids.get("key"), null, headers);

        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
        assertThat(own.body()).contains("\"scope\":\"user\"", "\"left\":5");
        assertThat(gateway.send("GET", explain + others, null, headers).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aBudgetEndsWithTheDayOfItsOwnZone() throws Exception {
        limit(
                "key",
                "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":5,\"zone\":\"Asia/Kathmandu\"}]");

        JsonNode standing = standing("key");

        assertThat(standing.path("zone").asString()).isEqualTo("Asia/Kathmandu");
        assertThat(standing.path("since").asString()).endsWith("T18:15:00Z");
        assertThat(standing.path("resets_at").asString()).endsWith("T18:15:00Z");
    }

    @Test
    void aCallMustFitEveryLimitAndIsCountedInNoneWhereItDoesNotFitOne() throws Exception {
        limit("global", "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":10}]");
        limit("organization", "[{\"kind\":\"tokens\",\"period\":\"day\",\"amount\":50}]");
        limit("key", "[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":10}]");

        assertThat(call("sim-1").body()).contains("of your organization", "can never fit");

        assertThat(standing("global").path("used").asLong()).isZero();
        assertThat(standing("key").path("used").asLong()).isZero();
        assertThat(standing("key").path("reserved").asLong()).isZero();
    }
}
