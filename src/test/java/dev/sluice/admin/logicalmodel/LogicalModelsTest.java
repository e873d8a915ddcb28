package dev.sluice.admin.logicalmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.admin.bootstrap.CatalogLoader;
import dev.sluice.admin.upstream.UpstreamKeeping;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.store.Vendor;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogicalModelsTest {
    private static final String FAST =
            """
            {"id":"fast","display_name":"Fast","capabilities":["chat","vision"],"strategy":"latency_first",
             "targets":[{"upstream":"a","model":"m-1","weight":2,"region":"eu"},{"upstream":"b","model":"m-2","priority":1}],
             "fallbacks":["slow"],"context_overflow_fallbacks":["long"],"deadline":20,"attempt_timeout":2.5,
             "hedging":{"at_least":0.2,"max_extra":0.03,"bill":"both"},"affinity":true}\
            """;

    private static void upstreams(TestGateway gateway) {
        for (String name : new String[] {"a", "b"}) {
            Reply made =
                    gateway.post(
                            "/admin/upstreams",
                            "{\"name\":\"%s\",\"provider\":\"openai\"}".formatted(name));
            assertThat(made.status()).isEqualTo(201);
        }
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void whatIsMadeIsInForceAndIsThereAgainAfterARestart(Vendor vendor) {
        try (TestGateway gateway = new TestGateway(vendor)) {
            upstreams(gateway);
            Reply made = gateway.post("/admin/models", FAST);
            assertThat(made.status()).as("%s", made).isEqualTo(201);
            assertThat(made.body().path("targets").path(1).path("upstream").asString())
                    .isEqualTo("b");
            assertThat(made.body().path("attempt_timeout").asDouble()).isEqualTo(2.5);

            LogicalModel inForce = gateway.catalogs.current().logicalModel("fast").orElseThrow();
            assertThat(inForce.patience().deadline()).isEqualTo(Duration.ofSeconds(20));
            assertThat(inForce.hedging().maxExtra()).isEqualTo(0.03);
            assertThat(inForce.hedging().billsBoth()).isTrue();
            assertThat(inForce.fallbacks().contextOverflow()).containsExactly("long");
            Catalog loaded =
                    gateway.database.read(handle ->
                            new CatalogLoader(new UpstreamKeeping(gateway.encryption))
                                    .load(handle, 1));
            assertThat(loaded.logicalModel("fast")).contains(inForce);
        }
    }

    @Test
    void whatIsAbsentStaysAndNullClears() {
        try (TestGateway gateway = new TestGateway(Vendor.SQLITE)) {
            upstreams(gateway);
            gateway.post("/admin/models", FAST);
            Reply changed =
                    gateway.put(
                            "/admin/models/fast",
                            "{\"deadline\":null,\"hedging\":null,\"enabled\":false,\"targets\":[{\"upstream\":\"b\",\"model\":\"x\"}]}");
            assertThat(changed.status()).as("%s", changed).isEqualTo(200);
            assertThat(changed.body().path("deadline").isNull()).isTrue();
            assertThat(changed.body().path("hedging").isNull()).isTrue();
            assertThat(changed.body().path("display_name").asString()).isEqualTo("Fast");
            assertThat(changed.body().path("targets").size()).isOne();
            assertThat(gateway.get("/admin/models/fast").body()).isEqualTo(changed.body());
            assertThat(gateway.get("/admin/models").body().path("total").asInt()).isOne();
            assertThat(gateway.catalogs.current().logicalModel("fast").orElseThrow().enabled())
                    .isFalse();
        }
    }

    @Test
    void whatIsRemovedIsGone() {
        try (TestGateway gateway = new TestGateway(Vendor.SQLITE)) {
            upstreams(gateway);
            gateway.post("/admin/models", FAST);
            assertThat(gateway.delete("/admin/models/fast").status()).isEqualTo(204);
            assertThat(gateway.get("/admin/models/fast").status()).isEqualTo(404);
            assertThat(gateway.delete("/admin/models/fast").status()).isEqualTo(404);
            assertThat(gateway.catalogs.current().logicalModels()).isEmpty();
            assertThat(gateway.post("/admin/models", FAST).status()).isEqualTo(201);
        }
    }

    @Test
    void anIdIsTakenOnce() {
        try (TestGateway gateway = new TestGateway(Vendor.SQLITE)) {
            upstreams(gateway);
            gateway.post("/admin/models", FAST);
            Reply again = gateway.post("/admin/models", FAST);
            assertThat(again.status()).isEqualTo(400);
            assertThat(again.param()).isEqualTo("id");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":\"with space\"}",
                "{\"id\":\"x\",\"strategy\":\"best\"}",
                "{\"id\":\"x\",\"targets\":[{\"upstream\":\"nobody\",\"model\":\"m\"}]}",
                "{\"id\":\"x\",\"targets\":[{\"upstream\":\"a\",\"model\":\"m\",\"weight\":0}]}",
                "{\"id\":\"x\",\"targets\":[{\"upstream\":\"a\"}]}",
                "{\"id\":\"x\",\"fallbacks\":[\"x\"]}",
                "{\"id\":\"x\",\"hedging\":{\"max_extra\":2}}",
                "{\"id\":\"x\",\"hedging\":{\"bill\":\"nobody\"}}",
                "{\"id\":\"x\",\"deadline\":0}",
                "{\"id\":\"x\",\"capabilities\":[\"flying\"]}",
                "{\"id\":\"x\",\"unknown\":1}"
            })
    void whatDoesNotFitIsRefused(String body) {
        try (TestGateway gateway = new TestGateway(Vendor.SQLITE)) {
            upstreams(gateway);
            Reply refused = gateway.post("/admin/models", body);
            assertThat(refused.status()).as("%s", refused).isEqualTo(422);
            assertThat(gateway.catalogs.current().logicalModels()).isEmpty();
        }
    }
}
