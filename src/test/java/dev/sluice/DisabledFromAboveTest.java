package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.People.Person;
import dev.sluice.People.Reply;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What is switched off from above stays off below, over real sockets, on every database. */
@ParameterizedClass
@EnumSource(Vendor.class)
class DisabledFromAboveTest {
    private static final String ON = "{\"is_active\":true}";
    private static final String OFF = "{\"is_active\":false}";

    @TempDir Path folder;
    private final Map<String, String> environment;
    private RunningGateway gateway;
    private People people;
    private String red;

    DisabledFromAboveTest(Vendor vendor) {
        environment = TestDatabase.environment(vendor);
    }

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.in(folder, environment);
        people = new People(gateway);
        red = people.organization("red");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    /** Everybody who can switch off a key of the organization, from the lowest to the highest. */
    private List<Person> ranks(Person member) throws Exception {
        return List.of(
                member,
                people.person("red-admin", "admin", red),
                people.person("red-owner", "owner", red),
                people.person("gateway-admin", "admin", null),
                people.person("gateway-owner", "owner", null));
    }

    private Reply operator(String method, String path, @Nullable String body) throws Exception {
        return people.as(RunningGateway.ADMIN_TOKEN, method, path, body);
    }

    private static final List<String> WIRE_NAMES =
            List.of(
                    "member",
                    "organization_admin",
                    "organization_owner",
                    "gateway_admin",
                    "gateway_owner");

    @Test
    void aKeyIsSwitchedOnAgainByTheSameRankOrAHigherOneOnly() throws Exception {
        Person member = people.person("ada", "member", red);
        List<Person> ranks = ranks(member);
        Reply key = member.post("/admin/keys", "{\"name\":\"hers\"}");
        String path = "/admin/keys/" + key.text("id");
        List<String> wrong = new ArrayList<>();
        for (int off = 0; off < ranks.size(); off++) {
            for (int on = 0; on < ranks.size(); on++) {
                Reply disabled = ranks.get(off).ask("PUT", path, OFF);
                assertThat(disabled.text("disabled_by")).isEqualTo(WIRE_NAMES.get(off));
                Reply enabled = ranks.get(on).ask("PUT", path, ON);
                // Members switch nothing on again, not even what they switched off.
                boolean isHighEnough = on > 0 && on >= off;
                if ((enabled.status() == 200) != isHighEnough) {
                    wrong.add(off + " → " + on + ": " + enabled);
                }
                assertThat(operator("PUT", path, ON).status()).isEqualTo(200);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatTheOperatorRevokesIsRefusedByNameAndStaysRefused() throws Exception {
        Person admin = people.person("red-admin", "admin", red);
        Reply key = admin.post("/admin/keys", "{\"name\":\"of red\"}");
        String path = "/admin/keys/" + key.text("id");
        operator("DELETE", path, null);

        Reply refused = admin.ask("PUT", path, "{\"name\":\"renamed\",\"is_active\":true}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("disabled_from_above");
        assertThat(refused.message()).contains("an owner of the gateway");
        assertThat(admin.post(path + "/rotate", "{}").status()).isEqualTo(400);
        assertThat(models(key)).isEqualTo(401);
        Reply shown = admin.get(path);
        assertThat(shown.text("name")).isEqualTo("of red");
        assertThat(shown.text("disabled_by")).isEqualTo("gateway_owner");
        assertThat(admin.ask("PUT", path, "{\"name\":\"renamed\"}").text("disabled_by"))
                .isEqualTo("gateway_owner");

        Reply enabled = operator("PUT", path, ON);
        assertThat(enabled.body().path("disabled_by").isNull()).isTrue();
        assertThat(models(key)).isEqualTo(200);
    }

    private int models(Reply key) throws Exception {
        return people.as(key.text("key"), "GET", "/v1/models", null).status();
    }

    @Test
    void whoStandsHigherTakesOverWhatWasOffAlreadyAndWhoStandsLowerDoesNot() throws Exception {
        Person admin = people.person("red-admin", "admin", red);
        String path = "/admin/keys/" + admin.post("/admin/keys", "{\"name\":\"k\"}").text("id");
        admin.ask("DELETE", path, null);
        assertThat(admin.get(path).text("disabled_by")).isEqualTo("organization_admin");
        assertThat(operator("PUT", path, "{\"name\":\"renamed\"}").text("disabled_by"))
                .isEqualTo("organization_admin");
        operator("DELETE", path, null);
        assertThat(admin.get(path).text("disabled_by")).isEqualTo("gateway_owner");
        admin.ask("DELETE", path, null);
        assertThat(admin.ask("PUT", path, OFF).text("disabled_by")).isEqualTo("gateway_owner");
        assertThat(admin.ask("PUT", path, ON).status()).isEqualTo(403);
    }

    @Test
    void aUserWhomTheGatewaySwitchedOffStaysOffInTheOrganization() throws Exception {
        Person admin = people.person("red-admin", "admin", red);
        Person owner = people.person("red-owner", "owner", red);
        Person ada = people.person("ada", "member", red);
        String path = "/admin/users/" + ada.id;
        assertThat(operator("PUT", path, "{\"status\":\"inactive\"}").text("disabled_by"))
                .isEqualTo("gateway_owner");
        for (String body : List.of(ON, "{\"status\":\"active\"}")) {
            assertThat(owner.ask("PUT", path, body).code()).isEqualTo("disabled_from_above");
        }
        assertThat(admin.ask("PUT", path, "{\"is_active\":true,\"status\":\"inactive\"}").status())
                .isEqualTo(400);
        operator("PUT", path, ON);
        owner.ask("DELETE", path, null);
        assertThat(admin.ask("PUT", path, ON).code()).isEqualTo("disabled_from_above");
        assertThat(owner.ask("PUT", path, ON).status()).isEqualTo(200);
    }

    @Test
    void anOrganizationThatAnOwnerSwitchedOffIsNotSwitchedOnByAnAdmin() throws Exception {
        Person admin = people.person("gateway-admin", "admin", null);
        String path = "/admin/organizations/" + red;
        admin.ask("DELETE", path, null);
        assertThat(admin.ask("PUT", path, ON).status()).isEqualTo(200);
        operator("DELETE", path, null);
        assertThat(admin.ask("PUT", path, ON).code()).isEqualTo("disabled_from_above");
        assertThat(admin.get(path).text("disabled_by")).isEqualTo("gateway_owner");
        assertThat(operator("PUT", path, ON).status()).isEqualTo(200);
    }

    @Test
    void theTrailSaysWithWhichAuthority() throws Exception {
        Person admin = people.person("red-admin", "admin", red);
        String id = admin.post("/admin/keys", "{\"name\":\"k\"}").text("id");
        admin.ask("DELETE", "/admin/keys/" + id, null);
        operator("PUT", "/admin/keys/" + id, ON);
        JsonNode trail =
                operator("GET", "/admin/audit?resource=key&resource_id=" + id, null)
                        .body()
                        .path("items");
        assertThat(trail.path(0).path("actor_rank").asString("")).isEqualTo("gateway_owner");
        assertThat(trail.path(0).at("/after/active").asBoolean(false)).isTrue();
        assertThat(trail.path(1).path("actor_rank").asString("")).isEqualTo("organization_admin");
        assertThat(trail.path(1).at("/after/active").asBoolean(true)).isFalse();
    }

    @Test
    void nobodyRaisesThemselvesOrReachesAboveThem() throws Exception {
        Person redAdmin = people.person("red-admin", "admin", red);
        Person redOwner = people.person("red-owner", "owner", red);
        Person admin = people.person("gateway-admin", "admin", null);
        Person owner = people.person("gateway-owner", "owner", null);
        for (Person self : List.of(redAdmin, redOwner, admin, owner)) {
            for (String body : List.of("{\"role\":\"owner\"}", "{\"organization_id\":null}", OFF)) {
                assertThat(self.ask("PUT", "/admin/users/" + self.id, body).status())
                        .as("%s %s", self.name, body)
                        .isEqualTo(403);
            }
        }
        Person member = people.person("ada", "member", red);
        String path = "/admin/users/" + member.id;
        assertThat(redAdmin.ask("PUT", path, "{\"role\":\"owner\"}").status()).isEqualTo(403);
        assertThat(admin.ask("PUT", path, "{\"role\":\"owner\"}").status()).isEqualTo(403);
        assertThat(redOwner.ask("PUT", path, "{\"organization_id\":null}").status()).isEqualTo(404);
        for (String above : List.of(redOwner.id, owner.id)) {
            assertThat(admin.ask("PUT", "/admin/users/" + above, OFF).status()).isEqualTo(403);
            assertThat(
                            admin.ask(
                                            "PUT",
                                            "/admin/users/" + above,
                                            "{\"password\":\"another password\"}")
                                    .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aKeyManagesNothingThatItsUserDoesNotManageAnyMore() throws Exception {
        Person admin = people.person("gateway-admin", "admin", null);
        Reply key =
                operator(
                        "POST",
                        "/admin/keys",
                        "{\"name\":\"k\",\"permissions\":[\"admin\"],\"user_id\":\"%s\"}"
                                .formatted(admin.id));
        String text = key.text("key");
        assertThat(people.as(text, "GET", "/admin/upstreams", null).status()).isEqualTo(200);
        operator("PUT", "/admin/users/" + admin.id, "{\"organization_id\":\"%s\"}".formatted(red));
        assertThat(people.as(text, "GET", "/admin/upstreams", null).status()).isEqualTo(403);
        assertThat(people.as(text, "GET", "/admin/users", null).body().path("total").asInt())
                .isOne();
        operator("PUT", "/admin/users/" + admin.id, "{\"role\":\"member\"}");
        assertThat(people.as(text, "GET", "/admin/users", null).status()).isEqualTo(403);
        assertThat(people.as(text, "GET", "/v1/models", null).status()).isEqualTo(200);
    }
}
