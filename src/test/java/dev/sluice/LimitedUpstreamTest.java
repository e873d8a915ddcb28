package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static dev.sluice.RoutedGateway.header;
import static dev.sluice.RoutedGateway.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream says of when it takes calls again is kept to, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitedUpstreamTest {
    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private int calls(String upstreamId) {
        return gateway.upstream(upstreamId, "metrics")
                .path("metrics")
                .path(0)
                .path("calls")
                .asInt();
    }

    private static int retryAfter(HttpResponse<String> answer) {
        return Integer.parseInt(header(answer, "retry-after"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callersAreToldToWaitAndTheUpstreamIsNotAsked(boolean hasKey) throws Exception {
        String name = gateway.fresh("limited");
        String header =
                ",\"headers\":{\"authorization\":\"Bearer " + RunningGateway.UPSTREAM_KEY + "\"}";
        String id =
                gateway.upstream(
                        name,
                        gateway.running.simulatorUrl(),
                        hasKey ? GOOD_KEY : "[]",
                        hasKey ? "" : header);
        String model = gateway.model("", name + " sim-1!status=429,retry-after=30");
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(gateway.ask(model, i % 2 == 1));
        }
        assertThat(answers)
                .allMatch(answer -> answer.statusCode() == 429, "429")
                .allMatch(answer -> answer.body().contains("\"error\""), "an error's shape")
                .extracting(LimitedUpstreamTest::retryAfter)
                .allMatch(isBetween(15, 30));
        gateway.awaitCalls(id, 1);
        assertThat(calls(id)).as("the first, and perhaps a look").isBetween(1, 3);
    }

    private static Predicate<Integer> isBetween(int least, int most) {
        return number -> number >= least && number <= most;
    }

    @Test
    void ofTwoThatAreLimitedTheLesserWaitIsTold() throws Exception {
        String slow = gateway.simulated("limited");
        String quick = gateway.simulated("limited");
        String model =
                gateway.model(
                        "",
                        slow + " sim-1!status=429,retry-after=200",
                        quick + " sim-1!status=429,retry-after=40");
        gateway.ask(model, false);
        HttpResponse<String> answer = gateway.ask(model, false);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(retryAfter(answer)).isBetween(20, 40);
    }

    @Test
    void whoeverIsNotLimitedIsAskedInstead() throws Exception {
        String limited = gateway.simulated("limited");
        String model =
                gateway.model("", limited + " sim-1!status=429,retry-after=60", "spare sim-1");
        for (int i = 0; i < 3; i++) {
            assertThat(servedBy(gateway.ask(model, false))).isEqualTo("spare");
        }
    }

    @Test
    void rawCallsAreKeptFromALimitedUpstreamToo() throws Exception {
        String name = gateway.fresh("limited");
        String id = gateway.upstream(name, gateway.running.simulatorUrl(), GOOD_KEY, "");
        String body =
                "{\"model\":\"sim-1!status=429,retry-after=60\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Map<String, String> headers =
                Map.of(
                        "authorization",
                        "Bearer " + gateway.running.apiKey(),
                        "x-upstream-name",
                        name);
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer =
                    gateway.running.send("POST", "/proxy/v1/chat/completions", body, headers);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
            assertThat(retryAfter(answer)).isBetween(40, 60);
        }
        gateway.awaitCalls(id, 1);
        assertThat(calls(id)).as("the first, and perhaps a look").isBetween(1, 2);
    }

    @Test
    void anthropicsClientsAreToldInTheirOwnWords() throws Exception {
        String model =
                gateway.model(
                        "", gateway.simulated("limited") + " sim-1!status=429,retry-after=60");
        String body =
                "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model);
        Map<String, String> headers =
                Map.of("x-api-key", gateway.running.apiKey(), "anthropic-version", "2023-06-01");
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer =
                    gateway.running.send("POST", "/v1/messages", body, headers);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).contains("rate_limit_error");
            assertThat(retryAfter(answer)).isBetween(40, 60);
        }
    }
}
