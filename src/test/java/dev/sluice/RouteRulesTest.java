package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.AdminRule;
import dev.sluice.http.Route;
import dev.sluice.proxy.authenticate.Access;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every route of the gateway, tried by everybody; what must happen follows from its rule. */
class RouteRulesTest {
    private static final String NOTHING = "01900000-0000-7000-8000-000000000000";
    private static final String PASSWORD = "correct horse battery";

    @TempDir Path folder;

    /** Who tries. */
    private enum Who {
        NOBODY,
        WRONG,
        EXPIRED,
        REVOKED,
        KEY,
        ADMIN_KEY,
        OTHER_ORGANIZATION,
        VIEWER,
        MEMBER,
        ADMIN,
        ADMIN_TOKEN;

        boolean isUnknown() {
            return this == NOBODY || this == WRONG || this == EXPIRED || this == REVOKED;
        }
    }

    private enum Outcome {
        UNAUTHENTICATED,
        FORBIDDEN,
        PASSED
    }

    private static Outcome expected(Route route, Who who) {
        return switch (route.rule()) {
            case Access access -> expected(access, who);
            case AdminRule rule -> expected(rule, who);
            default -> throw new AssertionError("an unknown rule: " + route);
        };
    }

    private static Outcome expected(Access access, Who who) {
        return switch (access) {
            case OPEN, METRICS -> Outcome.PASSED;
            case READ, WRITE, PROXY ->
                    who == Who.KEY || who == Who.ADMIN_KEY
                            ? Outcome.PASSED
                            : Outcome.UNAUTHENTICATED;
            case ADMIN -> throw new AssertionError("administrators have rules of their own");
        };
    }

    private static Outcome expected(AdminRule rule, Who who) {
        if (rule == AdminRule.PUBLIC) {
            return Outcome.PASSED;
        }
        if (who.isUnknown()) {
            return Outcome.UNAUTHENTICATED;
        }
        boolean all = who == Who.ADMIN || who == Who.ADMIN_TOKEN || who == Who.ADMIN_KEY;
        boolean passes =
                switch (rule) {
                    case READ -> all || who == Who.VIEWER;
                    case WRITE, SETUP -> all;
                    case SIGNED_IN -> who != Who.KEY;
                    case PUBLIC -> true;
                };
        return passes ? Outcome.PASSED : Outcome.FORBIDDEN;
    }

    @Test
    @Timeout(240)
    void everyRouteLetsThroughWhomItsRuleNamesAndNobodyElse() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder, Map.of())) {
            List<Route> routes = new ArrayList<>(gateway.gateway().routes());
            assertThat(routes).hasSizeGreaterThan(30);
            // Whoever signs out is nobody afterwards.
            routes.sort(Comparator.comparing(route -> route.template().equals("/auth/logout")));
            List<String> wrong = new ArrayList<>();
            // The set-up is open while there is no user.
            var _ = signedIn(gateway, Who.ADMIN, "first");
            for (Who who : Who.values()) {
                Map<String, String> headers = headers(gateway, who);
                for (Route route : routes) {
                    Outcome actual = outcome(gateway, route, headers);
                    if (actual != expected(route, who)) {
                        wrong.add(
                                "%s %s (%s) by %s: %s"
                                        .formatted(
                                                route.method(),
                                                route.template(),
                                                route.rule().name(),
                                                who,
                                                actual));
                    }
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    /**
     * What is whose, decided thing by thing: of every such route somebody of another organization,
     * and another member of the same one, get to know nothing.
     */
    @Test
    @Timeout(240)
    void noRouteOfASingleThingShowsOrChangesWhatIsAnothers() throws Exception {
        try (RunningGateway gateway = RunningGateway.in(folder, Map.of())) {
            People people = new People(gateway);
            String red = people.organization("red");
            String blue = people.organization("blue");
            People.Person ada = people.person("ada", "member", red);
            Map<String, String> things = thingsOf(gateway, ada, red);
            List<People.Person> strangers =
                    List.of(
                            people.person("eve", "member", red),
                            people.person("otto", "owner", blue),
                            people.person("adam", "admin", blue),
                            people.person("vera", "viewer", blue),
                            people.person("mia", "member", blue));
            List<String> wrong = new ArrayList<>();
            for (Route route : gateway.gateway().routes()) {
                if (route.rule() != AdminRule.SIGNED_IN || !route.template().contains("{")) {
                    continue;
                }
                String kind = route.template().replaceAll("\\{.*", "");
                assertThat(things).as("who may see %s?", route.template()).containsKey(kind);
                String path = route.template().replaceAll("\\{[^}]+}", things.get(kind));
                for (People.Person stranger : strangers) {
                    // People of an organization see which one it is.
                    if (kind.equals("/admin/organizations/") && stranger.name.equals("eve")) {
                        continue;
                    }
                    String body = route.method().matches("POST|PUT") ? "{}" : null;
                    int status = stranger.ask(route.method(), path, body).status();
                    if (status != 404) {
                        wrong.add(
                                "%s %s by %s: %d"
                                        .formatted(route.method(), path, stranger.name, status));
                    }
                }
            }
            assertThat(wrong).isEmpty();
            for (String path : List.of("/admin/keys", "/admin/logs", "/admin/users")) {
                for (People.Person stranger : strangers) {
                    assertThat(stranger.get(path).body().path("items").toString())
                            .as("%s by %s", path, stranger.name)
                            .doesNotContain(ada.id);
                }
            }
        }
    }

    /** {@return the id of one thing of each kind that is Ada's} */
    private static Map<String, String> thingsOf(
            RunningGateway gateway, People.Person ada, String organization) throws Exception {
        People.Reply key = ada.post("/admin/keys", "{\"name\":\"hers\"}");
        String call =
                gateway.send(
                                "POST",
                                "/v1/chat/completions",
                                """
                                {"model":"sim-1","messages":[{"role":"user","content":"hi"}]}
                                """,
                                bearer(key.text("key")))
                        .headers()
                        .firstValue("x-request-id")
                        .orElseThrow();
        gateway.record(call);
        assertThat(ada.get("/admin/logs/" + call).status()).isEqualTo(200);
        return Map.of(
                "/admin/keys/",
                key.text("id"),
                "/admin/users/",
                ada.id,
                "/admin/organizations/",
                organization,
                "/admin/logs/",
                call,
                "/auth/sessions/",
                ada.get("/auth/sessions").body().at("/items/0/id").stringValue());
    }

    private static Outcome outcome(RunningGateway gateway, Route route, Map<String, String> headers)
            throws Exception {
        String method = route.method().equals("*") ? "GET" : route.method();
        String path = route.template().replaceAll("\\{[^}]+}", NOTHING).replace("/**", "/models");
        HttpResponse<String> answer = gateway.send(method, path, null, headers);
        return switch (answer.statusCode()) {
            // Too many wrong credentials are refused without a look at them.
            case 401, 429 -> Outcome.UNAUTHENTICATED;
            case 403 -> Outcome.FORBIDDEN;
            default -> Outcome.PASSED;
        };
    }

    private static Map<String, String> headers(RunningGateway gateway, Who who) throws Exception {
        return switch (who) {
            case NOBODY -> Map.of();
            case WRONG -> bearer("sk-auto-wrong");
            case EXPIRED -> bearer(expired(gateway));
            case REVOKED -> bearer(revoked(gateway));
            case KEY -> bearer(gateway.apiKey());
            case ADMIN_KEY ->
                    bearer(
                            key(gateway, "{\"name\":\"a\",\"permissions\":[\"admin\"]}")
                                    .path("key")
                                    .stringValue());
            case OTHER_ORGANIZATION -> {
                People people = new People(gateway);
                yield bearer(people.person("other", "admin", people.organization("other")).token());
            }
            case VIEWER, MEMBER, ADMIN -> bearer(signedIn(gateway, who, who.name()));
            case ADMIN_TOKEN -> bearer(RunningGateway.ADMIN_TOKEN);
        };
    }

    private static Map<String, String> bearer(String credential) {
        return Map.of("authorization", "Bearer " + credential);
    }

    private static JsonNode key(RunningGateway gateway, String body) throws Exception {
        return gateway.admin("POST", "/admin/keys", body);
    }

    private static String expired(RunningGateway gateway) throws Exception {
        Instant soon = Instant.now().plusMillis(1_500);
        String text =
                key(gateway, "{\"name\":\"e\",\"expires_at\":\"%s\"}".formatted(soon))
                        .path("key")
                        .stringValue();
        RunningGateway.await("the key's end", () -> Instant.now().isAfter(soon));
        return text;
    }

    private static String revoked(RunningGateway gateway) throws Exception {
        JsonNode key = key(gateway, "{\"name\":\"r\"}");
        gateway.admin("DELETE", "/admin/keys/" + key.path("id").stringValue(), null);
        return key.path("key").stringValue();
    }

    private static String signedIn(RunningGateway gateway, Who who, String username)
            throws Exception {
        String name = username.toLowerCase(Locale.ROOT);
        gateway.admin(
                "POST",
                "/admin/users",
                """
                {"username":"%s","email":"%s@example.com","password":"%s","role":"%s"}
                """
                        .formatted(name, name, PASSWORD, who.name().toLowerCase(Locale.ROOT)));
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/auth/login",
                        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD),
                        Map.of());
        return JsonMapper.shared().readTree(answer.body()).path("access_token").stringValue();
    }
}
