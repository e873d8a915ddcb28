package dev.sluice.admin.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Actor;
import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.catalog.Role;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.store.Vendor;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Vendor.class)
class LimitResourceTest {
    private final TestGateway gateway;

    LimitResourceTest(Vendor vendor) {
        this.gateway = new TestGateway(vendor);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Reply put(String subject, String limits) {
        return gateway.put("/admin/limits", "{%s,\"limits\":%s}".formatted(subject, limits));
    }

    private List<Limit> inForce(Subject subject) {
        return gateway.catalogs.current().governance().limitsOf(subject);
    }

    @Test
    void everyKindOfLimitOfEveryScopeIsKeptAsItWasSaid() {
        String key = gateway.post("/admin/keys", "{\"name\":\"k\"}").id();
        String upstream =
                gateway.post(
                                "/admin/upstreams",
                                "{\"name\":\"u\",\"provider\":\"openai\",\"api_key\":\"sk-12345678\"}")
                        .id();
        String organization = gateway.post("/admin/organizations", "{\"name\":\"o\"}").id();
        String limits =
                """
                [{"kind":"requests","period":"minute","amount":60},
                 {"kind":"tokens","period":"week","amount":1000000000000000,"zone":"Asia/Kathmandu"},
                 {"kind":"money","period":"total","amount":"12.345678901"},
                 {"kind":"concurrency","amount":0}]\
                """;

        for (String subject :
                List.of(
                        "\"scope\":\"global\"",
                        "\"scope\":\"key\",\"subject_id\":\"%s\"".formatted(key),
                        "\"scope\":\"upstream\",\"subject_id\":\"%s\"".formatted(upstream),
                        "\"scope\":\"organization\",\"subject_id\":\"%s\"".formatted(organization),
                        "\"scope\":\"model\",\"model\":\"gpt-5\"")) {
            assertThat(put(subject, limits).status()).as(subject).isEqualTo(200);
        }

        assertThat(inForce(Subject.key(UUID.fromString(key))))
                .extracting(Limit::name)
                .containsExactly(
                        "requests per minute",
                        "tokens per week",
                        "money in total",
                        "concurrent requests");
        assertThat(inForce(Subject.model("gpt-5")).get(2).amount()).isEqualTo(12_345_678_901L);
        assertThat(gateway.get("/admin/limits").body().path("items").size()).isEqualTo(5);
        assertThat(put("\"scope\":\"global\"", "[]").status()).isEqualTo(200);
        assertThat(inForce(Subject.global())).isEmpty();
        assertThat(gateway.get("/admin/limits").body().path("items").size()).isEqualTo(4);
    }

    @Test
    void whatCannotBeALimitIsRefused() {
        String global = "\"scope\":\"global\"";
        for (String limit :
                List.of(
                        "{\"kind\":\"requests\",\"amount\":1}",
                        "{\"kind\":\"money\",\"period\":\"minute\",\"amount\":1}",
                        "{\"kind\":\"concurrency\",\"period\":\"day\",\"amount\":1}",
                        "{\"kind\":\"tokens\",\"period\":\"day\",\"amount\":1,\"zone\":\"Mars/Base\"}",
                        "{\"kind\":\"tokens\",\"period\":\"year\",\"amount\":1}",
                        "{\"kind\":\"words\",\"period\":\"day\",\"amount\":1}",
                        "{\"kind\":\"tokens\",\"period\":\"day\"}",
                        "{\"kind\":\"tokens\",\"period\":\"day\",\"amount\":1,\"extra\":1}",
                        "{\"kind\":\"tokens\",\"period\":\"day\",\"amount\":1},"
                                + "{\"kind\":\"tokens\",\"period\":\"day\",\"amount\":2}")) {
            assertThat(put(global, "[" + limit + "]").status()).as(limit).isEqualTo(422);
        }
        assertThat(put("\"scope\":\"key\"", "[]").param()).isEqualTo("subject_id");
        assertThat(put("\"scope\":\"model\"", "[]").param()).isEqualTo("model");
        assertThat(
                        put(
                                        "\"scope\":\"key\",\"subject_id\":\"%s\""
                                                .formatted(UUID.randomUUID()),
                                        "[]")
                                .status())
                .isEqualTo(404);
        assertThat(inForce(Subject.global())).isEmpty();
    }

    @Test
    void amountsOutOfReasonAreRefused() {
        for (Measure measure : Measure.values()) {
            for (String amount :
                    List.of(
                            "-1",
                            "9007199254740993",
                            "9223372036854775807",
                            "9223372036854775808",
                            "1e308",
                            "-0.1",
                            "1e-10",
                            "\"NaN\"",
                            "\"Infinity\"",
                            "\"1e999999999\"",
                            "null",
                            "true")) {
                String period = measure == Measure.CONCURRENCY ? "" : "\"period\":\"day\",";
                String limit =
                        "[{\"kind\":\"%s\",%s\"amount\":%s}]"
                                .formatted(measure.wireName(), period, amount);
                assertThat(put("\"scope\":\"global\"", limit).status()).as(limit).isEqualTo(422);
            }
        }
    }

    @Test
    void whoeverBelongsToAnOrganizationSeesItsLimitsAlone() {
        String own = gateway.post("/admin/organizations", "{\"name\":\"own\"}").id();
        String other = gateway.post("/admin/organizations", "{\"name\":\"other\"}").id();
        gateway.actor =
                new Actor(
                        Actor.Kind.USER,
                        UUID.randomUUID(),
                        "ann",
                        Role.ADMIN,
                        UUID.fromString(own),
                        "127.0.0.1");

        Reply all = gateway.get("/admin/limits/explain?organization=" + other);

        assertThat(all.body().path("items").size()).isZero();
        assertThat(all.body().has("running")).isFalse();
    }
}
