package dev.sluice.admin.logicalmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.admin.openapi.Contract;
import dev.sluice.admin.openapi.OpenApi;
import dev.sluice.catalog.DeclaredModel;
import dev.sluice.store.Vendor;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeclaredModelsTest {
    private static final String DECLARED =
            """
            [{"id":"fast","strategy":"weighted",
              "targets":[{"upstream":"a","model":"m-1","weight":2.5},{"upstream":"later","model":"m-2","priority":1}]}]\
            """;

    private static TestGateway gateway() {
        List<DeclaredModel> declared =
                DeclaredModels.read(
                        JsonMapper.shared().readTree(DECLARED), new Contract(OpenApi.bundled()));
        TestGateway gateway =
                new TestGateway(
                        Vendor.SQLITE,
                        _ -> {
                            throw new AssertionError("no call was expected");
                        },
                        declared);
        upstream(gateway, "a");
        return gateway;
    }

    private static void upstream(TestGateway gateway, String name) {
        Reply made =
                gateway.post(
                        "/admin/upstreams",
                        "{\"name\":\"%s\",\"provider\":\"openai\",\"api_key\":\"sk-x\"}"
                                .formatted(name));
        assertThat(made.status()).as("%s", made).isEqualTo(201);
    }

    private static List<String> candidates(TestGateway gateway) {
        JsonNode decision =
                gateway.post("/admin/routing/decide", "{\"logical_model\":\"fast\"}").body();
        return decision.path("all_candidates")
                .valueStream()
                .map(one -> one.path("upstream").asString())
                .toList();
    }

    @Test
    void theyAreShownAmongTheStoredOnesAndAsDeclared() {
        try (TestGateway gateway = gateway()) {
            gateway.post("/admin/models", "{\"id\":\"zeta\"}");
            JsonNode items = gateway.get("/admin/models").body().path("items");
            assertThat(items.valueStream().map(one -> one.path("id").asString()))
                    .containsExactly("fast", "zeta");
            assertThat(items.valueStream().map(one -> one.path("declared").asBoolean()))
                    .containsExactly(true, false);
            JsonNode fast = gateway.get("/admin/models/fast").body();
            assertThat(fast.path("targets").path(0).path("weight").asDouble()).isEqualTo(2.5);
            assertThat(fast.path("targets").path(0).path("upstream_id").isString()).isTrue();
            assertThat(fast.path("targets").path(1).path("upstream").asString()).isEqualTo("later");
            assertThat(fast.path("targets").path(1).path("upstream_id").isNull()).isTrue();
        }
    }

    @Test
    void theyAreChangedOnlyInTheSettings() {
        try (TestGateway gateway = gateway()) {
            List<Reply> refused =
                    List.of(
                            gateway.post("/admin/models", "{\"id\":\"fast\"}"),
                            gateway.put("/admin/models/fast", "{\"enabled\":false}"),
                            gateway.delete("/admin/models/fast"));
            assertThat(refused)
                    .allSatisfy(reply -> {
                        assertThat(reply.status()).isEqualTo(400);
                        assertThat(reply.body().path("error").path("message").asString())
                                .contains("fast", "settings");
                    });
            assertThat(gateway.get("/admin/models/fast").body().path("enabled").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void aTargetIsInForceAsSoonAsItsUpstreamIsThere() {
        try (TestGateway gateway = gateway()) {
            assertThat(candidates(gateway)).containsExactly("a");
            upstream(gateway, "later");
            assertThat(candidates(gateway)).containsExactly("a", "later");
        }
    }
}
