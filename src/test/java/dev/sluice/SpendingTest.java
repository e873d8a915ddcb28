package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What calls cost, what is reserved for them, and how less is asked where not all fits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpendingTest {
    private static final String HELLO =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private RunningGateway gateway;
    private String key = "";

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway =
                RunningGateway.in(
                        data,
                        Map.of(
                                "SLUICE_PRICES",
                                """
                                [{"model":"sim-1*","provider":"simulator","input":"1","output":"2",
                                  "max_output_tokens":4096},
                                 {"model":"in-euro","currency":"EUR","input":1,"output":1},
                                 {"model":"in-yen","currency":"JPY","input":1,"output":1}]\
                                """,
                                "SLUICE_EXCHANGE_RATES",
                                "EUR=1.1"));
        key = gateway.admin("GET", "/admin/keys", null).path("items").path(0).path("id").asString();
        upstream("old", "openai-chat", "{\"maxTokensField\":\"max_tokens\"}");
        upstream("new", "openai-chat", "{}");
        upstream("responses", "openai-responses", "{}");
        upstream("anthropic", "anthropic", "{}");
        upstream("gemini", "gemini", "{}");
    }

    private void upstream(String name, String protocol, String capabilities) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","api_key":"%s",
                         "protocols":["%s"],"discover_models":false,"capabilities":%s,
                         "models":["other-%s","in-euro","in-yen"]}
                        """
                                .formatted(
                                        name,
                                        gateway.simulatorUrl(),
                                        RunningGateway.UPSTREAM_KEY,
                                        protocol,
                                        capabilities,
                                        name));
        assertThat(made.has("id")).as("%s", made).isTrue();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void liftLimits() throws Exception {
        limit("[]");
    }

    private void limit(String limits) throws Exception {
        JsonNode answer =
                gateway.admin(
                        "PUT",
                        "/admin/limits",
                        "{\"scope\":\"key\",\"subject_id\":\"%s\",\"limits\":%s}"
                                .formatted(key, limits));
        assertThat(answer.has("limits")).as("%s", answer).isTrue();
    }

    private void budget(String kind, long more) throws Exception {
        limit("[{\"kind\":\"%s\",\"period\":\"total\",\"amount\":%d}]".formatted(kind, 0));
        long used = standing().path("used").asLong();
        limit(
                "[{\"kind\":\"%s\",\"period\":\"total\",\"amount\":%d}]"
                        .formatted(kind, used + more));
    }

    private JsonNode standing() throws Exception {
        return gateway.admin("GET", "/admin/limits/explain?key=" + key, null).path("items").path(0);
    }

    private String lastBody() {
        return gateway.simulator().sightings().all().getLast().bodyText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new       | \"max_completion_tokens\":",
                "old       | \"max_tokens\":",
                "responses | \"max_output_tokens\":",
                "anthropic | \"max_tokens\":",
                "gemini    | \"maxOutputTokens\":",
            })
    void aLimitOfOutputThatFitsHasTheUpstreamsOwnName(String upstream, String field)
            throws Exception {
        budget("tokens", 1000);

        HttpResponse<String> answer = gateway.chat(HELLO.formatted(upstream + "/sim-1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(lastBody().replace(" ", "")).containsPattern(field + "\\d{3}\\b");
        assertThat(answer.headers().firstValue("x-sluice-warnings").orElse(""))
                .contains("clamped:max_tokens");
        String id = answer.headers().firstValue("x-request-id").orElseThrow();
        assertThat(gateway.record(id).path("warnings").toString()).contains("clamped:max_tokens");
    }

    @Test
    void costsAreOfThePricesOfTheSettings() throws Exception {
        limit("[{\"kind\":\"money\",\"period\":\"total\",\"amount\":\"10000\"}]");
        BigDecimal spent = new BigDecimal(standing().path("used").asString());
        int before = gateway.records(0).size();

        HttpResponse<String> answer =
                gateway.chat(HELLO.formatted("new/sim-1!input-tokens=1000,output-tokens=500"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode record = gateway.records(before + 1).path(0);
        assertThat(record.path("cost").path("nanos").asLong())
                .as("%s", record)
                .isEqualTo(2_000_000);
        assertThat(new BigDecimal(standing().path("used").asString()).subtract(spent))
                .isEqualByComparingTo("0.002");
        assertThat(standing().path("reserved").asString()).isEqualTo("0.00");
    }

    @Test
    void whatNothingPricesIsRefusedWhereMoneyIsLimitedAndCountedAsNothingElsewhere()
            throws Exception {
        String unpriced = HELLO.formatted("new/other-new");
        assertThat(gateway.chat(unpriced).statusCode()).isEqualTo(200);

        limit("[{\"kind\":\"money\",\"period\":\"month\",\"amount\":10000}]");
        HttpResponse<String> refused = gateway.chat(unpriced);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("model_unpriced", "/admin/prices");
        assertThat(gateway.chat(HELLO.formatted("new/in-euro")).statusCode()).isEqualTo(200);
        assertThat(gateway.chat(HELLO.formatted("new/in-yen")).body()).contains("model_unpriced");

        gateway.admin("POST", "/admin/prices", "{\"model\":\"other-*\",\"input\":1,\"output\":1}");
        assertThat(gateway.chat(unpriced).statusCode()).isEqualTo(200);
    }

    @Test
    void aBudgetThatIsSpentIsToldInEveryProtocol() throws Exception {
        limit("[{\"kind\":\"money\",\"period\":\"month\",\"amount\":\"0.000000001\"}]");
        Map<String, String> headers = Map.of("authorization", "Bearer " + gateway.apiKey());

        HttpResponse<String> chat = gateway.chat(HELLO.formatted("new/sim-1"));
        HttpResponse<String> messages =
                gateway.send(
                        "POST",
                        "/v1/messages",
                        """
                        {"model":"new/sim-1","max_tokens":5,
                         "messages":[{"role":"user","content":"Hello"}]}\
                        """,
                        headers);
        HttpResponse<String> responses =
                gateway.send(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"new/sim-1\",\"input\":\"Hello\"}",
                        headers);

        assertThat(chat.statusCode()).isEqualTo(429);
        assertThat(chat.body()).contains("insufficient_quota", "of this API key");
        assertThat(messages.statusCode()).isEqualTo(402);
        assertThat(messages.body()).contains("billing_error");
        assertThat(responses.statusCode()).isEqualTo(429);
        assertThat(responses.body()).contains("insufficient_quota");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9223372036854775808", "1e308", "\"NaN\"", "1.5"})
    void aLimitOfOutputThatNoRequestCanMeanIsRefused(String limit) throws Exception {
        HttpResponse<String> answer =
                gateway.chat(
                        """
                        {"model":"new/sim-1","max_tokens":%s,
                         "messages":[{"role":"user","content":"Hello"}]}\
                        """
                                .formatted(limit));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void whatAnUpstreamBillsBeyondTheReservationIsDebtAndNeverNegative() throws Exception {
        limit("[{\"kind\":\"tokens\",\"period\":\"month\",\"amount\":1000000}]");
        String greedy = "new/sim-1!input-tokens=9000000,output-tokens=9000000";

        assertThat(gateway.chat(HELLO.formatted(greedy)).statusCode()).isEqualTo(200);

        RunningGateway.await("debt", () -> debt() >= 16_000_000L);
        assertThat(standing().path("left").asLong()).isZero();
        HttpResponse<String> refused = gateway.chat(HELLO.formatted("new/sim-1"));
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("insufficient_quota");
    }

    private long debt() {
        try {
            return standing().path("debt").asLong();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void nothingIsReservedAtRestAndMetricsSaySo() throws Exception {
        limit("[{\"kind\":\"tokens\",\"period\":\"day\",\"amount\":1000000000}]");
        assertThat(gateway.chat(HELLO.formatted("new/sim-1")).statusCode()).isEqualTo(200);

        RunningGateway.await(
                "rest",
                () -> {
                    try {
                        String metrics = gateway.send("GET", "/metrics", null, Map.of()).body();
                        return metrics.contains("sluice_reserved_tokens 0.0")
                                && metrics.contains("sluice_reserved_cost 0.0")
                                && metrics.contains("sluice_leases 0.0");
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
    }
}
