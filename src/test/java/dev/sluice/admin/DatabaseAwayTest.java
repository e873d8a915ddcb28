package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.catalog.Catalog;
import dev.sluice.store.Vendor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseAwayTest {

    @Test
    void everyOperationAnswersThatItIsUnavailableAndTheCatalogStaysAsItWas() {
        TestGateway gateway = new TestGateway(Vendor.POSTGRESQL);
        try (gateway) {
            Reply created = gateway.post("/admin/keys", "{\"name\":\"app\"}");
            assertThat(created.status()).isEqualTo(201);
            Catalog before = gateway.catalogs.current();
            gateway.database.close();
            String path = "/admin/keys/" + created.id();
            for (Reply reply :
                    List.of(
                            gateway.get("/admin/keys"),
                            gateway.get(path),
                            gateway.post("/admin/keys", "{\"name\":\"b\"}"),
                            gateway.delete(path),
                            gateway.get("/admin/logs"))) {
                assertThat(reply.status()).as("%s", reply).isEqualTo(503);
                assertThat(reply.body().path("detail").path("error").stringValue())
                        .isEqualTo("database_unavailable");
            }
            assertThat(gateway.catalogs.current()).isSameAs(before);
        }
    }
}
