package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static dev.sluice.RoutedGateway.atOnce;
import static dev.sluice.RoutedGateway.attempts;
import static dev.sluice.RoutedGateway.header;
import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How calls find their way around upstreams that fail, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-after", "error-after", "end-after", "stall"})
    void aBreakAtEveryEventEndsInSuccessOrATypedError(String how) throws Exception {
        String name = gateway.fresh("breaks");
        gateway.upstream(name, gateway.running.simulatorUrl(), GOOD_KEY, ",\"idle_timeout\":1");
        int rescued = 0;
        for (int at = 0; at < 12; at++) {
            String model =
                    gateway.model(
                            "",
                            name + " sim-1!chunks=8," + how + "=" + at + ",tag=" + name + at,
                            "spare sim-1");
            HttpResponse<String> answer = gateway.ask(model, true);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            boolean whole = answer.body().contains("\"finish_reason\":\"stop\"");
            assertThat(whole || answer.body().contains("\"error\""))
                    .as("%s=%d: %s", how, at, answer.body())
                    .isTrue();
            rescued += servedBy(answer).equals("spare") ? 1 : 0;
        }
        assertThat(rescued).as("a break before any output is rescued").isBetween(1, 3);
    }

    @Test
    void anOutageOfEverythingIsNotMadeWorseByRetries() throws Exception {
        String name = gateway.simulated("out");
        String model = gateway.model("", name + " sim-1!status=503", name + " sim-2!status=503");
        long before = gateway.running.simulator().sightings().count();
        long began = System.nanoTime();
        int calls = 600;

        List<HttpResponse<String>> answers = atOnce(calls, () -> gateway.ask(model, false));

        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
        long made = gateway.running.simulator().sightings().count() - before;
        assertThat(answers).allMatch(answer -> answer.statusCode() == 503);
        assertThat(made - calls)
                .as("a tenth of the calls, and who went on before it was known that all fail")
                .isLessThanOrEqualTo(calls / 10 + seconds + 100);
    }

    @Test
    void aTargetThatIsShutTakesNothingFromOneThatRecovers() throws Exception {
        String shut = gateway.simulated("shut");
        String broken = gateway.model("", shut + " sim-1!status=500");
        for (int i = 0; i < 5; i++) {
            gateway.ask(broken, false);
        }
        String name = gateway.simulated("blinks");
        String model =
                gateway.model(
                        "",
                        name + " sim-1!status=500,fail-first=1,tag=" + name,
                        shut + " sim-1!status=500");
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(servedBy(answer)).isEqualTo(name);
        assertThat(attempts(answer)).isEqualTo(2);
    }

    @Test
    void whereAnotherFailsOneWhoseBreakerIsOpenIsTriedAllTheSame() throws Exception {
        String well = gateway.simulated("well");
        String flaky = well + " sim-1!status=500,fail-first=5,tag=" + well;
        String alone = gateway.model("", flaky);
        for (int i = 0; i < 2; i++) {
            gateway.ask(alone, false);
        }
        String refused = gateway.fresh("refused");
        gateway.upstream(
                refused,
                gateway.running.simulatorUrl(),
                "[{\"label\":\"1\",\"key\":\"sk-wrong-12345\"}]",
                "");
        HttpResponse<String> answer =
                gateway.ask(gateway.model("", refused + " sim-1", flaky), false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(servedBy(answer)).isEqualTo(well);
    }

    @Test
    void theSameTargetIsAskedAgainAfterThePauseThatItWishesFor() throws Exception {
        String name = gateway.simulated("limited");
        String model =
                gateway.model(
                        "", name + " sim-1!status=429,retry-after=1,fail-first=1,tag=" + name);
        long began = System.nanoTime();
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(attempts(answer)).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aPauseThatIsTooLongIsLeftToTheClient() throws Exception {
        String model =
                gateway.model(
                        "", gateway.simulated("limited") + " sim-1!status=429,retry-after=30");
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(attempts(answer)).isOne();
        assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(25, 30);
    }

    @Test
    void thereAreAtMostThreeAttempts() throws Exception {
        String name = gateway.simulated("ill");
        String model =
                gateway.model(
                        "",
                        name + " a!status=500",
                        name + " b!status=500",
                        name + " c!status=500",
                        "spare sim-1");
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        assertThat(attempts(answer)).isEqualTo(3);
    }

    @Test
    void whatIsTooLongGoesToTheFallbackForThat() throws Exception {
        try (RefusingUpstream tooLong =
                RefusingUpstream.saying(
                        400, "context_length_exceeded", "maximum context length is 8 tokens")) {
            assertStepsIn(tooLong, "context_overflow_fallbacks", "context_length_exceeded");
        }
    }

    @Test
    void contentThatIsRefusedGoesToTheFallbackForThat() throws Exception {
        try (RefusingUpstream prim =
                RefusingUpstream.saying(
                        400, "content_policy_violation", "rejected by our safety system")) {
            assertStepsIn(prim, "content_refusal_fallbacks", "content_policy_violation");
        }
    }

    private void assertStepsIn(RefusingUpstream refusing, String fallbacks, String code)
            throws Exception {
        String name = gateway.fresh("refusing");
        gateway.upstream(name, refusing.url(), GOOD_KEY, "");
        String spare = gateway.model("", "spare sim-1");
        String alone = gateway.model("", name + " m", name + " m2");
        HttpResponse<String> refused = gateway.ask(alone, false);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(refused.body()).path("error").path("code").asString())
                .isEqualTo(code);
        assertThat(refusing.calls()).as("nobody else is asked in vain").isOne();

        String withFallback =
                gateway.model(
                        ",\"" + fallbacks + "\":[\"" + spare + "\"]", name + " m", name + " m2");
        assertThat(servedBy(gateway.ask(withFallback, true))).isEqualTo("spare");
        assertThat(servedBy(gateway.ask(withFallback, false))).isEqualTo("spare");
    }

    @Test
    void aModelsFallbacksStepInAfterAllItsTargets() throws Exception {
        String spare = gateway.model("", "spare sim-1");
        String name = gateway.simulated("ill");
        String model = gateway.model(",\"fallbacks\":[\"" + spare + "\"]", name + " a!status=500");
        assertThat(servedBy(gateway.ask(model, false))).isEqualTo("spare");
        assertThat(servedBy(gateway.ask(model, true))).isEqualTo("spare");
    }

    @Test
    void aDeadlineEndsAllAttemptsTogether() throws Exception {
        String name = gateway.simulated("silent");
        String model =
                gateway.model(
                        ",\"attempt_timeout\":0.5,\"deadline\":1.2",
                        name + " sim-1!hang",
                        name + " sim-mini!hang",
                        name + " sim-2!hang",
                        name + " sim-3!hang");
        long began = System.nanoTime();
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    @Test
    void theTrailIsInTheRecordAndTheAnswerNamesWhoServedIt() throws Exception {
        String name = gateway.simulated("ill");
        String model = gateway.model("", name + " sim-1!status=503", "spare sim-1");
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(servedBy(answer)).isEqualTo("spare");
        assertThat(header(answer, "x-sluice-model")).isEqualTo("sim-1");
        assertThat(attempts(answer)).isEqualTo(2);
        JsonNode record = gateway.running.record(header(answer, "x-request-id"));
        assertThat(record.toString()).contains(name + "=target > spare=target");
        JsonNode decided =
                gateway.running.admin(
                        "POST", "/admin/routing/decide", "{\"logical_model\":\"" + model + "\"}");
        assertThat(decided.path("trail").asString()).contains(name + "=target > spare=target");
    }
}
