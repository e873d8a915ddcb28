package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.People.Person;
import dev.sluice.store.Encryption;
import dev.sluice.store.TestDatabase;
import dev.sluice.store.Vendor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Lists have pages and a search, over real sockets, on every database. */
@ParameterizedClass
@EnumSource(Vendor.class)
class ListsTest {
    /** What means something to a database, and nothing to who searches. */
    private static final List<String> NAMES =
            List.of("Alpha", "beta_1", "beta-1", "be%ta", "gamma!", "alphabet");

    @TempDir Path folder;
    private final Map<String, String> environment;
    private RunningGateway gateway;
    private People people;

    ListsTest(Vendor vendor) {
        environment =
                switch (vendor) {
                    case SQLITE -> Map.of();
                    case POSTGRESQL ->
                            Map.of(
                                    "DATABASE_URL",
                                    TestDatabase.freshUrl(vendor),
                                    "ENCRYPTION_KEY",
                                    Encryption.generateKey(new SecureRandom()));
                };
    }

    @BeforeEach
    void start() throws Exception {
        gateway = RunningGateway.in(folder, environment);
        people = new People(gateway);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void made(String method, String path, String body) throws Exception {
        JsonNode made = gateway.admin(method, path, body);
        assertThat(made.has("error")).as("%s %s", body, made).isFalse();
    }

    private JsonNode list(String path) throws Exception {
        JsonNode list = gateway.admin("GET", path, null);
        assertThat(list.path("items").isArray()).as("%s %s", path, list).isTrue();
        return list;
    }

    private List<String> found(String path, String field) throws Exception {
        return list(path)
                .path("items")
                .valueStream()
                .map(item -> item.path(field).asString(""))
                .toList();
    }

    private static String search(String text) {
        return "?search=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Walks the pages of a list, and holds its search to the names. */
    private void check(String path, String field) throws Exception {
        long total = list(path).path("total").asLong();
        List<String> walked = new ArrayList<>();
        for (int page = 1; page <= 20; page++) {
            JsonNode answer = list(path + "?page_size=2&page=" + page);
            assertThat(answer.path("total").asLong()).isEqualTo(total);
            assertThat(answer.path("total_pages").asLong()).isEqualTo((total + 1) / 2);
            assertThat(answer.path("page_size").asInt()).isEqualTo(2);
            answer.path("items").forEach(item -> walked.add(item.path(field).asString("")));
            assertThat(walked.size()).isEqualTo((int) Math.min(total, 2L * page));
        }
        assertThat(walked).doesNotHaveDuplicates().containsAll(NAMES);
        assertThat(found(path + search("ALPHA"), field))
                .containsExactlyInAnyOrder("Alpha", "alphabet");
        assertThat(found(path + search("beta_"), field)).containsExactly("beta_1");
        assertThat(found(path + search("%"), field)).containsExactly("be%ta");
        assertThat(found(path + search("!"), field)).containsExactly("gamma!");
        assertThat(list(path + search("nothing of this name")).path("total").asInt()).isZero();
        for (String refused : List.of("page=0", "page_size=0", "page_size=101", "page=x")) {
            assertThat(
                            gateway.admin("GET", path + "?" + refused, null)
                                    .at("/error/code")
                                    .asString(""))
                    .as(refused)
                    .isEqualTo("validation_error");
        }
    }

    @Test
    void upstreamsAreFoundByTheirNameProviderAndStatus() throws Exception {
        for (String name : NAMES) {
            made(
                    "POST",
                    "/admin/upstreams",
                    "{\"name\":\"%s\",\"provider\":\"openai-compatible\",\"base_url\":\"http://127.0.0.1:9/v1\",\"discover_models\":false}"
                            .formatted(name));
        }
        String alpha =
                list("/admin/upstreams?search=alpha&provider=openai-compatible")
                        .path("items")
                        .valueStream()
                        .filter(item -> item.path("name").asString("").equals("Alpha"))
                        .findFirst()
                        .orElseThrow()
                        .path("id")
                        .asString("");
        made("PUT", "/admin/upstreams/" + alpha, "{\"is_active\":false}");
        check("/admin/upstreams", "name");
        assertThat(found("/admin/upstreams?status=inactive", "name")).containsExactly("Alpha");
        assertThat(found("/admin/upstreams?provider=simulator", "name"))
                .containsExactly("simulator");
        assertThat(list("/admin/upstreams" + search("127.0.0.1:9/")).path("total").asInt())
                .isEqualTo(NAMES.size());
    }

    @Test
    void logicalModelsAreFoundByTheirNameAndStatus() throws Exception {
        for (String name : NAMES) {
            made(
                    "POST",
                    "/admin/models",
                    "{\"id\":\"%s\",\"description\":\"of %s\",\"enabled\":%s}"
                            .formatted(name, name.length(), !name.equals("Alpha")));
        }
        check("/admin/models", "id");
        assertThat(found("/admin/models?status=disabled", "id")).containsExactly("Alpha");
        assertThat(found("/admin/models?status=enabled&search=alpha", "id"))
                .containsExactly("alphabet");
        assertThat(found("/admin/models" + search("OF 8"), "id")).containsExactly("alphabet");
    }

    @Test
    void limitsAreFoundByTheNameOfWhateverTheyHoldFor() throws Exception {
        String limits =
                "\"limits\":[{\"kind\":\"requests\",\"period\":\"day\",\"amount\":9},{\"kind\":\"concurrency\",\"amount\":9}]";
        for (String name : NAMES.subList(0, 3)) {
            made("POST", "/admin/organizations", "{\"name\":\"%s\",%s}".formatted(name, limits));
        }
        for (String name : NAMES.subList(3, 5)) {
            made("POST", "/admin/keys", "{\"name\":\"%s\",%s}".formatted(name, limits));
        }
        String model = NAMES.get(5);
        made(
                "PUT",
                "/admin/limits",
                "{\"scope\":\"model\",\"model\":\"%s\",%s}".formatted(model, limits));
        made("PUT", "/admin/limits", "{\"scope\":\"global\",%s}".formatted(limits));
        check("/admin/limits", "subject");
        assertThat(list("/admin/limits?scope=key").path("total").asInt()).isEqualTo(2);
        JsonNode found = list("/admin/limits?scope=model&search=alpha").path("items").path(0);
        assertThat(found.path("model").asString("")).isEqualTo("alphabet");
        assertThat(found.path("limits")).hasSize(2);
        String id = list("/admin/limits?scope=key").at("/items/0/subject_id").asString("");
        assertThat(list("/admin/limits?subject_id=" + id).path("total").asInt()).isOne();
    }

    @Test
    void peopleWalkTheirOwnSessions() throws Exception {
        Person ada = people.person("ada", "member", null);
        people.person("eve", "member", null);
        for (int i = 0; i < 4; i++) {
            people.signIn("ada");
        }
        List<String> walked = new ArrayList<>();
        for (int page = 1; page <= 3; page++) {
            JsonNode answer = ada.get("/auth/sessions?page_size=2&page=" + page).body();
            assertThat(answer.path("total").asInt()).isEqualTo(5);
            answer.path("items").forEach(item -> walked.add(item.path("id").asString("")));
        }
        assertThat(walked).hasSize(5).doesNotHaveDuplicates();
        assertThat(ada.get("/auth/sessions?kind=browser").body().path("total").asInt()).isZero();
        assertThat(ada.get("/auth/sessions?search=java-http").body().path("total").asInt())
                .isEqualTo(5);
        assertThat(ada.get("/auth/sessions?search=nobody").body().path("total").asInt()).isZero();
    }
}
