package dev.sluice.admin.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.catalog.price.Price;
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
class PricesTest {
    private final TestGateway gateway;

    PricesTest(Vendor vendor) {
        this.gateway = new TestGateway(vendor);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Reply create(String json) {
        gateway.advance(Duration.ofSeconds(1));
        Reply reply = gateway.post("/admin/prices", json);
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply;
    }

    private List<String> models(String path) {
        JsonNode body = gateway.get(path).body();
        return body.path("items").valueStream().map(item -> item.path("model").asString()).toList();
    }

    private Price inForce(String model) {
        return gateway.catalogs
                .current()
                .governance()
                .prices()
                .find(UUID.randomUUID(), "openai", model, TestGateway.START.plusSeconds(3600))
                .orElseThrow();
    }

    @Test
    void aPriceIsExactAndInForceAtOnce() {
        Reply made =
                create(
                        """
                        {"model":"house-*","provider":"openai","input":"0.123456789","output":2,
                         "cached_input":0.1,"max_output_tokens":4096,
                         "long_input":{"more_than":200000,"input":"1","output":"3"}}\
                        """);

        assertThat(inForce("house-7b").rates().input()).isEqualByComparingTo("0.123456789");
        JsonNode shown = gateway.get("/admin/prices/" + made.id()).body();
        assertThat(shown.path("input").asString()).isEqualTo("0.123456789");
        assertThat(shown.path("cached_input").asString()).isEqualTo("0.1");
        assertThat(shown.path("currency").asString()).isEqualTo("USD");
        assertThat(shown.path("source").asString()).isEqualTo("operator");
        assertThat(shown.path("long_input").path("more_than").asLong()).isEqualTo(200_000);
        assertThat(shown.path("valid_from").asString()).isEqualTo("2026-05-01T10:00:01Z");
    }

    @Test
    void changingKeepsWhatIsAbsentAndNullClears() {
        Reply made =
                create(
                        """
                        {"model":"m","input":"1","output":"2","reasoning":"9",
                         "valid_from":"2026-01-01T00:00:00+01:00"}\
                        """);

        Reply after =
                gateway.put("/admin/prices/" + made.id(), "{\"output\":\"3\",\"reasoning\":null}");

        assertThat(after.status()).isEqualTo(200);
        assertThat(after.body().path("valid_from").asString()).isEqualTo("2025-12-31T23:00:00Z");
        assertThat(inForce("m").rates().output()).isEqualByComparingTo("3");
        assertThat(inForce("m").rates().reasoning()).isNull();
        assertThat(gateway.put("/admin/prices/" + made.id(), "{\"input\":null}").param())
                .isEqualTo("input");
    }

    @Test
    void aDeletedPriceIsNoLongerInForce() {
        Reply made = create("{\"model\":\"m\",\"input\":\"1\",\"output\":\"2\"}");

        assertThat(gateway.delete("/admin/prices/" + made.id()).status()).isEqualTo(204);

        assertThat(gateway.catalogs.current().governance().prices().all()).isEmpty();
        assertThat(gateway.get("/admin/prices/" + made.id()).status()).isEqualTo(404);
        assertThat(gateway.delete("/admin/prices/" + made.id()).status()).isEqualTo(404);
        assertThat(gateway.put("/admin/prices/" + made.id(), "{}").status()).isEqualTo(404);
    }

    @Test
    void aListIsSearchedFilteredAndPagedNewestFirst() {
        UUID upstream = UUID.randomUUID();
        create("{\"model\":\"alpha-1\",\"provider\":\"openai\",\"input\":1,\"output\":1}");
        create(
                "{\"model\":\"ALPHA-2\",\"upstream_id\":\"%s\",\"input\":1,\"output\":1}"
                        .formatted(upstream));
        create("{\"model\":\"beta\",\"input\":1,\"output\":1}");

        assertThat(models("/admin/prices")).containsExactly("beta", "ALPHA-2", "alpha-1");
        assertThat(models("/admin/prices?search=Alpha")).containsExactly("ALPHA-2", "alpha-1");
        assertThat(models("/admin/prices?provider=OpenAI")).containsExactly("alpha-1");
        assertThat(models("/admin/prices?upstream_id=" + upstream)).containsExactly("ALPHA-2");
        assertThat(models("/admin/prices?page=2&page_size=2")).containsExactly("alpha-1");
    }

    @Test
    void shippedPricesAreShownWithDatesAndSources() {
        JsonNode page =
                gateway.get("/admin/prices/shipped?provider=anthropic&page_size=100").body();

        assertThat(page.path("total").asInt()).isGreaterThan(5);
        assertThat(page.path("items").valueStream())
                .allSatisfy(price -> {
                    assertThat(price.path("source").asString()).contains("as of 20");
                    assertThat(price.path("valid_from").asString()).startsWith("20");
                });
    }

    @Test
    void modelsThatNothingPricesAreFlagged() {
        gateway.post(
                "/admin/upstreams",
                """
                {"name":"u","provider":"openai","api_key":"sk-12345678",
                 "models":["gpt-5","house-model","other"]}\
                """);
        create("{\"model\":\"house-*\",\"input\":1,\"output\":1}");

        assertThat(models("/admin/prices/unpriced")).containsExactly("other");
    }

    @Test
    void numbersOutOfReasonAreRefusedInEveryField() {
        List<String> amounts =
                List.of(
                        "-1",
                        "-0.000000001",
                        "1e308",
                        "9007199254740993e6",
                        "9223372036854775808",
                        "\"NaN\"",
                        "\"-Infinity\"",
                        "1e-10",
                        "\"1e999999999\"",
                        "\"\"",
                        "true");
        for (String field :
                List.of(
                        "input",
                        "output",
                        "cached_input",
                        "cache_write",
                        "cache_write_long",
                        "reasoning",
                        "request",
                        "image",
                        "second")) {
            amounts.forEach(amount -> refused(field, amount));
        }
        for (String amount : List.of("0", "-1", "2147483648", "9007199254740993", "1e308", "1.5")) {
            refused("max_output_tokens", amount);
        }
    }

    private void refused(String field, String amount) {
        String rest =
                field.equals("input")
                        ? "\"output\":1"
                        : field.equals("output") ? "\"input\":1" : "\"input\":1,\"output\":1";
        Reply reply =
                gateway.post(
                        "/admin/prices",
                        "{\"model\":\"m\",%s,\"%s\":%s}".formatted(rest, field, amount));
        assertThat(reply.status()).as("%s %s %s", field, amount, reply).isEqualTo(422);
        assertThat(reply.param()).as("%s %s", field, amount).isEqualTo(field);
    }
}
