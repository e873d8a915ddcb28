package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What people do for themselves, and cannot do to others, over real sockets. */
class SelfServiceTest {
    private static final String MESSAGE =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @TempDir Path folder;
    private RunningGateway gateway;
    private People people;
    private String red;
    private String blue;

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.in(folder, Map.of());
        people = new People(gateway);
        red = people.organization("red");
        blue = people.organization("blue");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static People.Reply key(People.Person person) throws Exception {
        People.Reply made = person.post("/admin/keys", "{\"name\":\"of " + person.name + "\"}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made;
    }

    private int call(People.Reply key) throws Exception {
        return people.as(key.text("key"), "POST", "/v1/chat/completions", MESSAGE).status();
    }

    @Test
    void membersMakeListRotateAndSwitchOffTheirOwnKeys() throws Exception {
        People.Person ada = people.person("ada", "member", red);
        People.Reply key = key(ada);
        assertThat(key.text("user_id")).isEqualTo(ada.id);
        assertThat(key.text("organization_id")).isEqualTo(red);
        assertThat(call(key)).isEqualTo(200);
        String path = "/admin/keys/" + key.text("id");

        assertThat(ada.get("/admin/keys").body().path("total").asInt()).isOne();
        assertThat(ada.ask("PUT", path, "{\"name\":\"renamed\"}").text("name"))
                .isEqualTo("renamed");
        People.Reply rotated = ada.post(path + "/rotate", "{}");
        assertThat(call(rotated)).isEqualTo(200);
        assertThat(call(key)).isEqualTo(401);
        assertThat(ada.ask("PUT", path, "{\"is_active\":false}").status()).isEqualTo(200);
        assertThat(call(rotated)).isEqualTo(401);
        assertThat(ada.ask("PUT", path, "{\"is_active\":true}").status()).isEqualTo(403);
        assertThat(ada.ask("DELETE", path, null).status()).isEqualTo(204);
    }

    @Test
    void aFieldThatIsNotTheirsToSetIsRefusedByItsName() throws Exception {
        People.Person ada = people.person("ada", "member", red);
        People.Person eve = people.person("eve", "member", red);
        String path = "/admin/keys/" + key(ada).text("id");
        for (String field :
                List.of(
                        "\"user_id\":\"" + eve.id + "\"",
                        "\"key\":\"a-value-of-my-own-42\"",
                        "\"permissions\":[\"raw\"]",
                        "\"permissions\":[\"read\",\"admin\"]")) {
            People.Reply refused = ada.post("/admin/keys", "{\"name\":\"x\"," + field + "}");
            assertThat(refused.status()).as("%s %s", field, refused).isEqualTo(403);
            assertThat(refused.message()).contains(field.substring(1, field.indexOf(':') - 1));
        }
        for (String field :
                List.of(
                        "\"permissions\":[\"read\"]",
                        "\"expires_at\":null",
                        "\"upstream_ids\":null",
                        "\"allowed_models\":null",
                        "\"clamps_output\":false")) {
            People.Reply refused = ada.ask("PUT", path, "{" + field + "}");
            assertThat(refused.status()).as("%s %s", field, refused).isEqualTo(403);
            assertThat(refused.message()).contains(field.substring(1, field.indexOf(':') - 1));
        }
        assertThat(
                        ada.post(
                                        "/admin/keys",
                                        "{\"name\":\"x\",\"organization_id\":\"" + blue + "\"}")
                                .status())
                .isEqualTo(422);
    }

    @Test
    void whatBelongsToOthersIsNotFound() throws Exception {
        People.Person ada = people.person("ada", "member", red);
        People.Person eve = people.person("eve", "member", red);
        People.Person otherAdmin = people.person("otto", "admin", blue);
        People.Person otherViewer = people.person("vera", "viewer", blue);
        String path = "/admin/keys/" + key(ada).text("id");
        for (People.Person stranger : List.of(eve, otherAdmin, otherViewer)) {
            for (People.Reply reply :
                    List.of(
                            stranger.get(path),
                            stranger.ask("PUT", path, "{\"name\":\"mine\"}"),
                            stranger.post(path + "/rotate", "{}"),
                            stranger.ask("DELETE", path, null))) {
                assertThat(reply.status()).as("%s: %s", stranger.name, reply).isEqualTo(404);
            }
            assertThat(stranger.get("/admin/keys").body().path("total").asInt()).isZero();
            assertThat(stranger.get("/admin/keys?user_id=" + ada.id).body().path("total").asInt())
                    .isZero();
        }
        assertThat(ada.get(path).text("name")).isEqualTo("of ada");
    }

    @Test
    void managersOfAnOrganizationManageItsKeysAndGiveNothingOfTheGateway() throws Exception {
        People.Person boss = people.person("boss", "admin", red);
        People.Person ada = people.person("ada", "member", red);
        People.Person eve = people.person("eve", "member", blue);
        String path = "/admin/keys/" + key(ada).text("id");
        assertThat(boss.ask("PUT", path, "{\"allowed_models\":[\"sim-1\"]}").status())
                .isEqualTo(200);
        People.Reply made =
                boss.post("/admin/keys", "{\"name\":\"x\",\"user_id\":\"" + ada.id + "\"}");
        assertThat(made.text("organization_id")).isEqualTo(red);
        assertThat(boss.post("/admin/keys", "{\"name\":\"x\"}").text("organization_id"))
                .isEqualTo(red);
        assertThat(
                        boss.post("/admin/keys", "{\"name\":\"x\",\"user_id\":\"" + eve.id + "\"}")
                                .status())
                .isEqualTo(422);
        assertThat(
                        boss.post(
                                        "/admin/keys",
                                        "{\"name\":\"x\",\"organization_id\":\"" + blue + "\"}")
                                .status())
                .isEqualTo(404);
        assertThat(
                        boss.post("/admin/keys", "{\"name\":\"x\",\"permissions\":[\"admin\"]}")
                                .status())
                .isEqualTo(403);
        assertThat(boss.ask("PUT", path, "{\"permissions\":[\"raw\"]}").status()).isEqualTo(403);

        String powerful =
                gateway.admin(
                                "POST",
                                "/admin/keys",
                                "{\"name\":\"x\",\"permissions\":[\"raw\"],\"organization_id\":\""
                                        + red
                                        + "\"}")
                        .path("id")
                        .stringValue();
        assertThat(boss.post("/admin/keys/" + powerful + "/rotate", "{}").status()).isEqualTo(403);
    }

    @Test
    void viewersLookAndChangeNothing() throws Exception {
        People.Person ada = people.person("ada", "member", red);
        People.Person viewer = people.person("vic", "viewer", red);
        String path = "/admin/keys/" + key(ada).text("id");
        assertThat(viewer.get(path).status()).isEqualTo(200);
        assertThat(viewer.get("/admin/keys").body().path("total").asInt()).isOne();
        for (People.Reply reply :
                List.of(
                        viewer.post("/admin/keys", "{\"name\":\"x\"}"),
                        viewer.ask("PUT", path, "{\"name\":\"x\"}"),
                        viewer.post(path + "/rotate", "{}"),
                        viewer.ask("DELETE", path, null))) {
            assertThat(reply.status()).as("%s", reply).isEqualTo(403);
        }
    }

    @Test
    void listsAreFilteredSearchedAndPaged() throws Exception {
        People.Person ada = people.person("ada", "member", red);
        key(ada);
        gateway.admin(
                "POST", "/admin/keys", "{\"name\":\"Billing_1\",\"description\":\"100% of it\"}");
        People.Reply off =
                people.as(
                        RunningGateway.ADMIN_TOKEN,
                        "POST",
                        "/admin/keys",
                        "{\"name\":\"retired\"}");
        gateway.admin("DELETE", "/admin/keys/" + off.text("id"), null);
        for (Map.Entry<String, Integer> query :
                Map.of(
                                "",
                                4,
                                "?search=billing_",
                                1,
                                "?search=100%25",
                                1,
                                "?search=l%25g",
                                0,
                                "?status=inactive",
                                1,
                                "?user_id=" + ada.id,
                                1,
                                "?organization_id=" + blue,
                                0,
                                "?organization_id=" + red + "&search=ADA",
                                1,
                                "?page=2&page_size=3",
                                4)
                        .entrySet()) {
            var list = gateway.admin("GET", "/admin/keys" + query.getKey(), null);
            assertThat(list.path("total").asInt(-1))
                    .as("%s: %s", query.getKey(), list)
                    .isEqualTo(query.getValue());
        }
        assertThat(gateway.admin("GET", "/admin/keys?page=2&page_size=3", null).path("items"))
                .hasSize(1);
    }

    @Test
    void peopleSeeWhatTheyUsedAndNotWhereItWent() throws Exception {
        People.Person ada = people.person("ada", "member", red);
        People.Person eve = people.person("eve", "member", red);
        People.Person boss = people.person("boss", "admin", red);
        People.Person other = people.person("otto", "admin", blue);
        People.Reply hers = key(ada);
        for (int i = 0; i < 3; i++) {
            assertThat(call(hers)).isEqualTo(200);
        }
        assertThat(call(key(eve))).isEqualTo(200);
        gateway.records(4);

        assertThat(requests(ada, "")).isEqualTo(3);
        assertThat(requests(eve, "")).isOne();
        assertThat(requests(eve, "?user_id=" + ada.id)).isZero();
        assertThat(requests(eve, "?api_key_id=" + hers.text("id"))).isZero();
        assertThat(requests(boss, "")).isEqualTo(4);
        assertThat(requests(other, "")).isZero();
        JsonNode byUser = boss.get("/admin/usage?group_by=user").body().path("items");
        assertThat(byUser).hasSize(2);
        assertThat(byUser.path(0).path("group").stringValue()).isEqualTo(ada.id);
        assertThat(byUser.path(0).path("total_tokens").asLong()).isPositive();
        for (String grouping : List.of("key", "model", "day")) {
            JsonNode items = ada.get("/admin/usage?group_by=" + grouping).body().path("items");
            assertThat(items).as(grouping).hasSize(1);
            assertThat(items.path(0).path("requests").asInt()).isEqualTo(3);
        }
        assertThat(ada.get("/admin/usage?group_by=upstream").status()).isEqualTo(403);
        HttpResponse<String> csv =
                gateway.send(
                        "GET",
                        "/admin/usage?group_by=user&format=csv",
                        null,
                        Map.of("authorization", "Bearer " + boss.token()));
        assertThat(csv.headers().firstValue("content-type")).hasValue("text/csv; charset=utf-8");
        assertThat(csv.body().lines())
                .hasSize(3)
                .startsWith(
                        "group,requests,failures,input_tokens,output_tokens,total_tokens,cost,currency")
                .anySatisfy(line -> assertThat(line).startsWith("\"" + ada.id + "\",3,0,"));
        assertThat(ada.get("/admin/usage?format=xml").status()).isEqualTo(422);

        JsonNode logs = ada.get("/admin/logs").body();
        assertThat(logs.path("total").asInt()).isEqualTo(3);
        assertThat(logs.toString()).doesNotContain(gateway.simulatorUrl());
        String one = logs.at("/items/0/id").stringValue();
        assertThat(ada.get("/admin/logs/" + one).body().has("attempts")).isFalse();
        assertThat(gateway.admin("GET", "/admin/logs/" + one, null).has("attempts")).isTrue();
        assertThat(ada.get("/admin/logs?page_size=2").body().path("next_cursor").isString())
                .isTrue();
    }

    private static int requests(People.Person person, String query) throws Exception {
        return person.get("/admin/usage" + query).body().at("/total/requests").asInt(-1);
    }
}
