package dev.sluice.admin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.Protocol;
import dev.sluice.store.Vendor;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(Vendor.class)
class UpstreamsTest {
    private static final String SECRET = "sk-canary-0123456789-wxyz";
    private final TestGateway gateway;

    UpstreamsTest(Vendor vendor) {
        this.gateway = new TestGateway(vendor);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Reply create(String json) {
        Reply reply = gateway.post("/admin/upstreams", json);
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply;
    }

    private Upstream inForce(Reply reply) {
        return gateway.catalogs.current().upstream(UUID.fromString(reply.id())).orElseThrow();
    }

    private static String path(Reply reply) {
        return "/admin/upstreams/" + reply.id();
    }

    @Test
    void aNewUpstreamIsInForceAtOnceWithItsPresetApplied() {
        Reply created =
                create(
                        "{\"name\":\"main\",\"provider\":\"openai\",\"api_key\":\""
                                + SECRET
                                + "\"}");
        assertThat(created.body().path("base_url").stringValue())
                .isEqualTo("https://api.openai.com/v1");
        assertThat(created.body().path("protocols").toString())
                .isEqualTo("[\"openai-chat\",\"openai-responses\"]");
        assertThat(created.body().path("timeout").intValue()).isEqualTo(60);
        assertThat(created.body().path("is_default").booleanValue()).isFalse();
        assertThat(created.body().path("is_active").booleanValue()).isTrue();

        Upstream upstream = inForce(created);
        assertThat(gateway.catalogs.current().upstreamNamed("main")).hasValue(upstream);
        assertThat(upstream.keys().getFirst().secret().value()).isEqualTo(SECRET);
        assertThat(upstream.speaks(Protocol.OPENAI_CHAT)).isTrue();
        assertThat(upstream.timeouts().firstByte()).isEqualTo(Duration.ofMinutes(5));
        assertThat(upstream.capabilities().acceptsStreamOptions()).isTrue();
    }

    @Test
    void credentialsAreNowhereInAnswersOrTables() {
        Reply created =
                create(
                        """
                        {"name":"main","provider":"openai","api_key":"%s",
                         "headers":{"X-Api-Token":"%s","X-Plain":"seen"}}\
                        """
                                .formatted(SECRET, SECRET));
        assertThat(created.body().path("api_key_masked").stringValue()).isEqualTo("sk-***wxyz");
        assertThat(created.body().path("headers").path("X-Plain").stringValue()).isEqualTo("seen");
        String everything =
                created.body()
                        + gateway.get("/admin/upstreams").body().toString()
                        + gateway.get(path(created)).body()
                        + rows("upstreams")
                        + rows("upstream_keys");
        assertThat(everything).doesNotContain(SECRET);
        assertThat(inForce(created).headers())
                .containsEntry("X-Api-Token", SECRET)
                .containsEntry("X-Plain", "seen");
    }

    private String rows(String table) {
        return gateway.database
                .read(handle -> handle.createQuery("select * from " + table).mapToMap().list())
                .toString();
    }

    @Test
    void everyFieldComesBackAndReachesTheCatalog() {
        Reply created =
                create(
                        """
                        {"name":"all","provider":"mistral","protocols":["anthropic","openai-chat"],
                         "base_url":"http://10.0.0.1:8080/api","paths":{"chat":"/chat"},
                         "keys":[{"key":"first-key-1","weight":2,"max_qps":3,"label":"a"},{"key":"second-key-2"}],
                         "default_model":"m","is_default":true,"timeout":30,"connect_timeout":1.5,
                         "idle_timeout":7,"weight":2.5,"priority":3,"region":"eu","max_qps":10,
                         "max_concurrency":5,"headers":{"X-A":"b"},"retryable_status_codes":[529,418],
                         "models":["plain",{"id":"rich","owned_by":"us"}],"discover_models":true,
                         "capabilities":{"streamOptions":true,"maxEffort":"high"},"config":"note"}\
                        """);
        JsonNode view = created.body();
        assertThat(view.path("keys").toString())
                .isEqualTo(
                        "[{\"label\":\"a\",\"key_masked\":\"fi***ey-1\",\"weight\":2.0,\"max_qps\":3},"
                                + "{\"label\":\"2\",\"key_masked\":\"se***ey-2\",\"weight\":1.0,\"max_qps\":null}]");
        assertThat(view.path("models").toString())
                .isEqualTo("[{\"id\":\"plain\"},{\"id\":\"rich\",\"owned_by\":\"us\"}]");
        assertThat(view.path("capabilities").path("streamOptions").booleanValue()).isTrue();
        assertThat(view.path("capabilities").path("developerRole").booleanValue()).isFalse();
        assertThat(view.path("first_byte_timeout").intValue()).isEqualTo(30);
        assertThat(view.path("connect_timeout").doubleValue()).isEqualTo(1.5);
        assertThat(gateway.get(path(created)).body()).isEqualTo(view);

        Upstream upstream = inForce(created);
        assertThat(upstream.protocols()).containsExactly(Protocol.ANTHROPIC, Protocol.OPENAI_CHAT);
        assertThat(upstream.paths().chat()).isEqualTo("/chat");
        assertThat(upstream.retryableStatusCodes()).containsExactlyInAnyOrder(418, 529);
        assertThat(upstream.timeouts().connect()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(upstream.timeouts().firstByte()).isEqualTo(Duration.ofSeconds(30));
        assertThat(upstream.limits()).isEqualTo(new Upstream.Limits(10, 5));
        assertThat(upstream.preference()).isEqualTo(new Upstream.Preference(2.5, 3, "eu"));
        assertThat(upstream.model("rich")).isPresent();
        assertThat(upstream.capabilities().flags()).containsEntry("maxEffort", "high");
    }

    @Test
    void anUpdateLeavesWhatIsAbsentAndClearsWhatIsNull() {
        Reply created =
                create(
                        """
                        {"name":"main","provider":"openai","api_key":"%s","default_model":"m",
                         "region":"eu","max_qps":3,"config":"c","models":["a"],"timeout":30}\
                        """
                                .formatted(SECRET));
        gateway.advance(Duration.ofMinutes(1));
        JsonNode view =
                gateway.put(
                                path(created),
                                """
                                {"region":null,"max_qps":null,"timeout":null,"weight":3}\
                                """)
                        .body();
        assertThat(view.path("region").isNull()).isTrue();
        assertThat(view.path("max_qps").isNull()).isTrue();
        assertThat(view.path("timeout").intValue()).isEqualTo(60);
        assertThat(view.path("default_model").stringValue()).isEqualTo("m");
        assertThat(view.path("config").stringValue()).isEqualTo("c");
        assertThat(view.path("models").size()).isOne();
        assertThat(view.path("api_key_masked").stringValue()).isEqualTo("sk-***wxyz");
        assertThat(view.path("updated_at").stringValue()).isEqualTo("2026-05-01T10:01:00Z");
        assertThat(gateway.get(path(created)).body()).isEqualTo(view);
        assertThat(inForce(created).preference().weight()).isEqualTo(3);
        assertThat(inForce(created).keys().getFirst().secret().value()).isEqualTo(SECRET);

        gateway.put(path(created), "{\"api_key\":null}");
        assertThat(inForce(created).keys()).isEmpty();
        assertThat(gateway.get(path(created)).body().path("api_key_masked").isNull()).isTrue();
    }

    @Test
    void entriesWithoutAKeyKeepTheCredentialOfTheirLabel() {
        Reply created =
                create(
                        """
                        {"name":"main","provider":"openai",
                         "keys":[{"label":"a","key":"first-key-1"},{"label":"b","key":"second-key-2"}]}\
                        """);
        Reply updated =
                gateway.put(
                        path(created),
                        "{\"keys\":[{\"label\":\"b\",\"weight\":9},{\"label\":\"c\",\"key\":\"third-key-3\"}]}");
        assertThat(updated.status()).as("%s", updated).isEqualTo(200);
        assertThat(inForce(created).keys())
                .extracting(UpstreamKey::label, key -> key.secret().value(), UpstreamKey::weight)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("b", "second-key-2", 9.0),
                        org.assertj.core.groups.Tuple.tuple("c", "third-key-3", 1.0));
        Reply refused = gateway.put(path(created), "{\"keys\":[{\"label\":\"zz\"}]}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.param()).isEqualTo("keys[0].key");
    }

    @Test
    void credentialsDoNotFollowAnUpstreamToAnotherPlace() {
        Reply created =
                create(
                        """
                        {"name":"main","provider":"openai-compatible","base_url":"https://a.example/v1",
                         "api_key":"%s","headers":{"X-Token":"%s"}}\
                        """
                                .formatted(SECRET, SECRET));
        for (String url :
                new String[] {
                    "http://a.example/v1", "https://b.example/v1", "https://a.example:8443/v1"
                }) {
            Reply refused = gateway.put(path(created), "{\"base_url\":\"%s\"}".formatted(url));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.param()).isEqualTo("api_key");
            assertThat(refused.body().toString()).contains("api_key again").doesNotContain(SECRET);
        }
        String moved = "{\"base_url\":\"https://b.example/v1\",\"api_key\":\"new-key-1\"%s}";
        assertThat(gateway.put(path(created), moved.formatted("")).param()).isEqualTo("headers");
        assertThat(
                        gateway.put(
                                        path(created),
                                        moved.formatted(
                                                ",\"headers\":{\"X-Token\":\"sk-***wxyz\"}"))
                                .param())
                .isEqualTo("headers.X-Token");
        Reply done =
                gateway.put(
                        path(created), moved.formatted(",\"headers\":{\"X-Token\":\"new-token\"}"));
        assertThat(done.status()).isEqualTo(200);
        assertThat(inForce(created).baseUrl()).hasToString("https://b.example/v1");

        Reply samePlace = gateway.put(path(created), "{\"base_url\":\"https://B.example:443/v2\"}");
        assertThat(samePlace.status()).isEqualTo(200);
        assertThat(inForce(created).keys().getFirst().secret().value()).isEqualTo("new-key-1");
    }

    @Test
    void aMaskedHeaderThatComesBackStandsForTheRealOne() {
        Reply created =
                create(
                        """
                        {"name":"main","provider":"openai","headers":{"X-Token":"%s"}}\
                        """
                                .formatted(SECRET));
        Reply updated =
                gateway.put(
                        path(created),
                        "{\"headers\":{\"X-Token\":\"sk-***wxyz\",\"X-New\":\"n\"}}");
        assertThat(updated.status()).isEqualTo(200);
        assertThat(inForce(created).headers())
                .containsEntry("X-Token", SECRET)
                .containsEntry("X-New", "n");
    }

    @Test
    void thereIsOneDefaultAtATime() {
        Reply first = create("{\"name\":\"one\",\"provider\":\"openai\",\"is_default\":true}");
        Reply second = create("{\"name\":\"two\",\"provider\":\"openai\",\"is_default\":true}");
        assertThat(inForce(first).isDefault()).isFalse();
        assertThat(inForce(second).isDefault()).isTrue();
        assertThat(gateway.get(path(first)).body().path("is_default").booleanValue()).isFalse();
        gateway.put(path(first), "{\"is_default\":true}");
        assertThat(inForce(first).isDefault()).isTrue();
        assertThat(inForce(second).isDefault()).isFalse();
        gateway.delete(path(first));
        assertThat(inForce(first).isDefault()).isFalse();
    }

    @Test
    void aDeletedUpstreamStaysListedAndKeepsItsName() {
        Reply created = create("{\"name\":\"main\",\"provider\":\"openai\"}");
        assertThat(gateway.delete(path(created)).status()).isEqualTo(204);
        assertThat(gateway.delete(path(created)).status()).isEqualTo(204);
        assertThat(gateway.catalogs.current().upstreamNamed("main")).isEmpty();
        assertThat(inForce(created).active()).isFalse();
        assertThat(gateway.get("/admin/upstreams").body().path("total").intValue()).isOne();

        Reply again =
                gateway.post("/admin/upstreams", "{\"name\":\"main\",\"provider\":\"openai\"}");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body().path("detail").toString())
                .isEqualTo(
                        "{\"error\":\"invalid_request\",\"message\":\"Upstream with name 'main'"
                                + " already exists\"}");
        Reply other = create("{\"name\":\"other\",\"provider\":\"openai\"}");
        assertThat(gateway.put(path(other), "{\"name\":\"main\"}").status()).isEqualTo(400);
        assertThat(inForce(other).name()).isEqualTo("other");
    }

    @Test
    void anUnknownUpstreamIsNotFound() {
        String id = UUID.randomUUID().toString();
        Reply reply = gateway.get("/admin/upstreams/" + id);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body().path("error").path("message").stringValue())
                .isEqualTo("Upstream not found: " + id);
        assertThat(gateway.delete("/admin/upstreams/" + id).status()).isEqualTo(404);
        assertThat(gateway.put("/admin/upstreams/" + id, "{}").status()).isEqualTo(404);
    }

    @Test
    void aCredentialOfAnotherEncryptionKeyIsShownAsSuchAndNotUsed() {
        Reply created =
                create(
                        "{\"name\":\"main\",\"provider\":\"openai\",\"api_key\":\""
                                + SECRET
                                + "\"}");
        gateway.database.update(
                handle -> handle.execute("update upstream_keys set secret_encrypted = 'nonsense'"));
        assertThat(gateway.get(path(created)).body().path("api_key_masked").stringValue())
                .isEqualTo("***error***");
        gateway.put(path(created), "{\"region\":\"eu\"}");
        assertThat(inForce(created).keys()).isEmpty();
    }
}
