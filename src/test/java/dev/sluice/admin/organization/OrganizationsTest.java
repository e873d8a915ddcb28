package dev.sluice.admin.organization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Actor;
import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Role;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.store.Vendor;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(Vendor.class)
class OrganizationsTest {
    private final TestGateway gateway;

    OrganizationsTest(Vendor vendor) {
        this.gateway = new TestGateway(vendor);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Reply create(String json) {
        gateway.advance(Duration.ofSeconds(1));
        Reply reply = gateway.post("/admin/organizations", json);
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply;
    }

    private List<Limit> limits(Reply organization) {
        return gateway.catalogs
                .current()
                .governance()
                .limitsOf(Subject.organization(UUID.fromString(organization.id())));
    }

    private List<String> names(String query) {
        return gateway.get("/admin/organizations?" + query)
                .body()
                .path("items")
                .valueStream()
                .map(item -> item.path("name").asString())
                .toList();
    }

    @Test
    void monthlyLimitsAreLimitsOfTheOrganizationAndInForceAtOnce() {
        Reply made =
                create(
                        """
                        {"name":"Acme","description":"tools","monthly_requests_limit":10,
                         "monthly_tokens_limit":5000,"monthly_cost_limit":12.5}\
                        """);

        assertThat(limits(made))
                .containsExactlyInAnyOrder(
                        Limit.budget(Measure.REQUESTS, Period.MONTH, 10),
                        Limit.budget(Measure.TOKENS, Period.MONTH, 5000),
                        Limit.budget(Measure.MONEY, Period.MONTH, 12_500_000_000L));
        JsonNode shown = gateway.get("/admin/organizations/" + made.id()).body();
        assertThat(shown.path("monthly_requests_limit").asLong()).isEqualTo(10);
        assertThat(shown.path("monthly_tokens_limit").asLong()).isEqualTo(5000);
        assertThat(shown.path("monthly_cost_limit").decimalValue()).isEqualByComparingTo("12.5");
        assertThat(shown.path("limits").size()).isEqualTo(3);
        assertThat(shown.path("status").asString()).isEqualTo("active");
    }

    @Test
    void nullAndZeroLiftAMonthlyLimitAndWhatIsAbsentStays() {
        Reply made =
                create(
                        """
                        {"name":"Acme","monthly_requests_limit":10,"monthly_tokens_limit":5000,
                         "monthly_cost_limit":"12.5"}\
                        """);

        Reply after =
                gateway.put(
                        "/admin/organizations/" + made.id(),
                        "{\"monthly_requests_limit\":null,\"monthly_cost_limit\":0}");

        assertThat(after.status()).isEqualTo(200);
        assertThat(limits(made)).containsExactly(Limit.budget(Measure.TOKENS, Period.MONTH, 5000));
        assertThat(after.body().path("monthly_requests_limit").isNull()).isTrue();
    }

    @Test
    void furtherLimitsStandBesideTheMonthlyOnes() {
        Reply made = create("{\"name\":\"Acme\",\"monthly_tokens_limit\":5000}");

        gateway.put(
                "/admin/organizations/" + made.id(),
                """
                {"monthly_requests_limit":7,
                 "limits":[{"kind":"requests","period":"minute","amount":60},
                           {"kind":"tokens","period":"month","amount":9,"zone":"Europe/Berlin"}]}\
                """);

        assertThat(limits(made))
                .extracting(Limit::name)
                .containsExactlyInAnyOrder(
                        "requests per minute", "tokens per month", "requests per month");
        JsonNode shown = gateway.get("/admin/organizations/" + made.id()).body();
        assertThat(shown.path("monthly_tokens_limit").isNull())
                .as("a month of another zone is no month of UTC")
                .isTrue();
    }

    @Test
    void whatContradictsItselfIsRefusedByName() {
        Reply made = create("{\"name\":\"Acme\"}");
        String path = "/admin/organizations/" + made.id();

        assertThat(gateway.put(path, "{\"is_active\":true,\"status\":\"inactive\"}").status())
                .isEqualTo(400);
        assertThat(gateway.put(path, "{\"status\":\"closed\"}").param()).isEqualTo("status");
        assertThat(gateway.put(path, "{\"admin\":true}").param()).isEqualTo("admin");
        assertThat(gateway.post("/admin/organizations", "{}").param()).isEqualTo("name");
        assertThat(gateway.post("/admin/organizations", "{\"name\":\"Acme\"}").status())
                .isEqualTo(400);
    }

    @Test
    void switchingOffKeepsItInTheListAndTellsTheCatalog() {
        Reply made = create("{\"name\":\"Acme\",\"monthly_requests_limit\":10}");

        assertThat(gateway.delete("/admin/organizations/" + made.id()).status()).isEqualTo(204);

        Catalog catalog = gateway.catalogs.current();
        UUID id = UUID.fromString(made.id());
        assertThat(catalog.governance().areActive(null, id)).isFalse();
        assertThat(names("status=inactive")).containsExactly("Acme");
        assertThat(names("status=active")).isEmpty();
        assertThat(limits(made)).hasSize(1);

        gateway.put("/admin/organizations/" + made.id(), "{\"status\":\"active\"}");
        assertThat(gateway.catalogs.current().governance().areActive(null, id)).isTrue();
    }

    @Test
    void aListIsSearchedFilteredAndPagedNewestFirst() {
        create("{\"name\":\"Alpha\"}");
        create("{\"name\":\"Beta 100%\",\"description\":\"alphabet\"}");
        create("{\"name\":\"Gamma\",\"status\":\"inactive\"}");

        assertThat(names("")).containsExactly("Gamma", "Beta 100%", "Alpha");
        assertThat(names("search=ALPHA")).containsExactly("Beta 100%", "Alpha");
        assertThat(names("search=%25")).containsExactly("Beta 100%");
        assertThat(names("status=active&page=2&page_size=1")).containsExactly("Alpha");
        JsonNode page = gateway.get("/admin/organizations?page_size=2").body();
        assertThat(page.path("total").asLong()).isEqualTo(3);
        assertThat(page.path("total_pages").asLong()).isEqualTo(2);
    }

    @Test
    void membersSeeTheirOwnOrganizationAndNoOther() {
        Reply own = create("{\"name\":\"Own\"}");
        Reply other = create("{\"name\":\"Other\"}");
        gateway.actor =
                new Actor(
                        Actor.Kind.USER,
                        UUID.randomUUID(),
                        "ann",
                        Role.ADMIN,
                        UUID.fromString(own.id()),
                        "127.0.0.1");

        assertThat(names("")).containsExactly("Own");
        assertThat(gateway.get("/admin/organizations/" + own.id()).status()).isEqualTo(200);
        assertThat(gateway.get("/admin/organizations/" + other.id()).status()).isEqualTo(404);
    }

    @Test
    void amountsOutOfReasonAreRefused() {
        for (String field :
                List.of("monthly_requests_limit", "monthly_tokens_limit", "monthly_cost_limit")) {
            for (String amount :
                    List.of(
                            "-1",
                            "9223372036854775807",
                            "9223372036854775808",
                            "1e308",
                            "\"NaN\"",
                            "\"Infinity\"",
                            "-0.5",
                            "0.00000000001",
                            "true",
                            "\"\"")) {
                Reply reply =
                        gateway.post(
                                "/admin/organizations",
                                "{\"name\":\"x\",\"%s\":%s}".formatted(field, amount));
                assertThat(reply.status()).as("%s %s %s", field, amount, reply).isEqualTo(422);
                assertThat(reply.param()).as("%s %s", field, amount).isEqualTo(field);
            }
        }
    }
}
