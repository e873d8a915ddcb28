package dev.sluice.admin.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Permission;
import dev.sluice.store.Vendor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(Vendor.class)
class ApiKeysTest {
    private final TestGateway gateway;

    ApiKeysTest(Vendor vendor) {
        this.gateway = new TestGateway(vendor);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Reply create(String json) {
        Reply reply = gateway.post("/admin/keys", json);
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply;
    }

    private String upstream(String name) {
        Reply reply =
                gateway.post(
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"openai","api_key":"sk-upstream-1"}\
                        """
                                .formatted(name));
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply.id();
    }

    @Test
    void aNewKeyIsShownOnceAndWorksAtOnce() {
        JsonNode created = create("{\"name\":\"app\"}").body();
        String key = created.path("key_value").stringValue();
        assertThat(key).startsWith("sk-auto-").hasSize(51);
        assertThat(created.path("key").stringValue()).isEqualTo(key);
        assertThat(created.path("key_prefix").stringValue()).isEqualTo(key.substring(0, 12));
        assertThat(created.path("upstream_ids").isNull()).isTrue();
        assertThat(created.path("permissions").toString()).isEqualTo("[\"read\",\"write\"]");
        assertThat(created.path("created_at").stringValue()).isEqualTo("2026-05-01T10:00:00Z");

        ApiKey known = gateway.known(key).orElseThrow();
        assertThat(known.name()).isEqualTo("app");
        assertThat(known.active()).isTrue();
        assertThat(known.weak()).isFalse();
        assertThat(known.may(Permission.WRITE)).isTrue();
        assertThat(known.may(Permission.RAW)).isFalse();

        assertThat(gateway.get("/admin/keys").body().toString()).doesNotContain(key);
        assertThat(gateway.get("/admin/keys/" + created.path("id").stringValue()).body().toString())
                .doesNotContain(key);
    }

    @Test
    void aBcryptHashIsAddedLaterAndTheKeyItselfIsNowhereInTheTable() throws Exception {
        Reply created = create("{\"name\":\"app\"}");
        String key = created.body().path("key").stringValue();
        Optional<String> hash = Optional.empty();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (hash.isEmpty() && System.nanoTime() < deadline) {
            hash = column("bcrypt_hash");
            Thread.onSpinWait();
        }
        assertThat(hash).isPresent();
        assertThat(hash.get()).startsWith("$2b$");
        assertThat(BCrypt.verifyer().verify(key.toCharArray(), hash.get()).verified).isTrue();
        assertThat(column("digest")).hasValue(gateway.digestKey.digest(key).hex());
        List<java.util.Map<String, Object>> rows =
                gateway.database.read(
                        handle -> handle.createQuery("select * from api_keys").mapToMap().list());
        assertThat(rows.toString()).doesNotContain(key);
    }

    private Optional<String> column(String name) {
        return gateway.database.read(handle ->
                handle.createQuery(
                                "select %s from api_keys where %s is not null"
                                        .formatted(name, name))
                        .mapTo(String.class)
                        .findOne());
    }

    @Test
    void anOperatorsOwnValueIsMarkedWeakAndUnique() {
        String body = "{\"name\":\"old app\",\"key\":\"legacy-key-0123456789\"}";
        JsonNode created = create(body).body();
        assertThat(created.path("key_value").stringValue()).isEqualTo("legacy-key-0123456789");
        assertThat(created.path("weak").booleanValue()).isTrue();
        assertThat(created.path("key_prefix").stringValue()).isEqualTo("legac");
        assertThat(gateway.known("legacy-key-0123456789"))
                .hasValueSatisfying(key -> assertThat(key.weak()).isTrue());

        Reply again = gateway.post("/admin/keys", body);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.param()).isEqualTo("key");
    }

    @Test
    void aRevokedKeyIsKnownAsInactiveFromTheNextRequestOnAndRevokingAgainIsNoError() {
        Reply created = create("{\"name\":\"app\"}");
        String key = created.body().path("key").stringValue();
        String path = "/admin/keys/" + created.id();
        assertThat(gateway.delete(path).status()).isEqualTo(204);
        assertThat(gateway.known(key).orElseThrow().active()).isFalse();
        assertThat(gateway.delete(path).status()).isEqualTo(204);
        assertThat(gateway.get(path).body().path("is_active").booleanValue()).isFalse();
        assertThat(gateway.get("/admin/keys").body().path("total").intValue()).isOne();

        assertThat(gateway.put(path, "{\"is_active\":true}").status()).isEqualTo(200);
        assertThat(gateway.known(key).orElseThrow().active()).isTrue();
    }

    @Test
    void anUnknownKeyIsNotFound() {
        String id = UUID.randomUUID().toString();
        for (Reply reply :
                List.of(
                        gateway.get("/admin/keys/" + id),
                        gateway.put("/admin/keys/" + id, "{}"),
                        gateway.delete("/admin/keys/" + id))) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body().path("detail").path("error").stringValue())
                    .isEqualTo("not_found");
            assertThat(reply.body().path("detail").path("message").stringValue())
                    .isEqualTo("API key not found: " + id);
        }
    }

    @Test
    void aKeyMayBeBoundToActiveUpstreamsOnly() {
        String first = upstream("one");
        String second = upstream("two");
        String unknown = UUID.randomUUID().toString();
        String bound = "{\"name\":\"app\",\"upstream_ids\":[\"%s\",\"%s\"]}";
        Reply created = create(bound.formatted(first, first));
        assertThat(created.body().path("upstream_ids").toString()).isEqualTo("[\"" + first + "\"]");
        String key = created.body().path("key").stringValue();
        assertThat(gateway.known(key).orElseThrow().upstreamIds())
                .containsExactly(UUID.fromString(first));

        Reply refused = gateway.post("/admin/keys", bound.formatted(first, unknown));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("detail").path("message").stringValue())
                .isEqualTo("Invalid or inactive upstream IDs: ['" + unknown + "']");
        gateway.delete("/admin/upstreams/" + second);
        assertThat(gateway.post("/admin/keys", bound.formatted(first, second)).status())
                .isEqualTo(400);

        Reply freed = gateway.put("/admin/keys/" + created.id(), "{\"upstream_ids\":null}");
        assertThat(freed.body().path("upstream_ids").isNull()).isTrue();
        assertThat(gateway.known(key).orElseThrow().upstreamIds()).isNull();
    }

    @Test
    void anUpdateLeavesWhatIsAbsentAndClearsWhatIsNull() {
        Reply created =
                create(
                        """
                        {"name":"app","description":"d","default_model":"m","source_label":"s",
                         "permissions":["chat","raw"],"expires_at":"2027-01-01T00:00:00"}\
                        """);
        assertThat(created.body().path("permissions").toString()).isEqualTo("[\"write\",\"raw\"]");
        assertThat(created.body().path("expires_at").stringValue())
                .isEqualTo("2027-01-01T00:00:00Z");
        gateway.advance(Duration.ofMinutes(1));
        JsonNode updated =
                gateway.put(
                                "/admin/keys/" + created.id(),
                                "{\"name\":\"renamed\",\"description\":null,\"expires_at\":null}")
                        .body();
        assertThat(updated.path("name").stringValue()).isEqualTo("renamed");
        assertThat(updated.path("description").isNull()).isTrue();
        assertThat(updated.path("expires_at").isNull()).isTrue();
        assertThat(updated.path("default_model").stringValue()).isEqualTo("m");
        assertThat(updated.path("source_label").stringValue()).isEqualTo("s");
        assertThat(updated.path("permissions").toString()).isEqualTo("[\"write\",\"raw\"]");
        assertThat(updated.path("updated_at").stringValue()).isEqualTo("2026-05-01T10:01:00Z");
        assertThat(gateway.get("/admin/keys/" + created.id()).body()).isEqualTo(updated);
    }

    @Test
    void listsComeInPagesNewestFirst() {
        Reply empty = gateway.get("/admin/keys");
        assertThat(empty.body().toString())
                .isEqualTo(
                        "{\"items\":[],\"total\":0,\"page\":1,\"page_size\":20,\"total_pages\":1}");
        for (int i = 1; i <= 5; i++) {
            create("{\"name\":\"k%d\"}".formatted(i));
            gateway.advance(Duration.ofSeconds(1));
        }
        JsonNode second = gateway.get("/admin/keys?page=2&page_size=3").body();
        assertThat(second.path("items").valueStream().map(item -> item.path("name").stringValue()))
                .containsExactly("k2", "k1");
        assertThat(second.path("total").intValue()).isEqualTo(5);
        assertThat(second.path("total_pages").intValue()).isEqualTo(2);
    }

    @Test
    void whatIsLoadedAtTheNextStartIsWhatIsInForceNow() {
        String upstream = upstream("one");
        create("{\"name\":\"free\"}");
        create("{\"name\":\"bound\",\"upstream_ids\":[\"%s\"]}".formatted(upstream));
        gateway.delete("/admin/keys/" + create("{\"name\":\"revoked\"}").id());
        Catalog loaded =
                gateway.database.read(handle ->
                        new dev.sluice.admin.bootstrap.CatalogLoader(
                                        new UpstreamKeeping(gateway.encryption))
                                .load(handle, 1));
        assertThat(loaded.keys()).isEqualTo(gateway.catalogs.current().keys());
        assertThat(loaded.digests()).isEqualTo(gateway.catalogs.current().digests());
        assertThat(loaded.upstreams()).isEqualTo(gateway.catalogs.current().upstreams());
    }
}
