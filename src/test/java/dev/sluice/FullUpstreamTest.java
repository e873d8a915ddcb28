package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static dev.sluice.RoutedGateway.atOnce;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls to an upstream that has as many as it may have. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FullUpstreamTest {
    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String small() throws Exception {
        String name = gateway.fresh("small");
        gateway.upstream(name, gateway.running.simulatorUrl(), GOOD_KEY, ",\"max_concurrency\":1");
        return name;
    }

    @Test
    void callsWaitForRoomAndAreToldWhenThereIsNone() throws Exception {
        String name = small();
        String quick = gateway.model("", name + " sim-1!delay=100ms");
        assertThat(atOnce(8, () -> gateway.ask(quick, false)))
                .allMatch(answer -> answer.statusCode() == 200);

        String slow = gateway.model("", name + " sim-1!delay=6s");
        List<HttpResponse<String>> answers = atOnce(2, () -> gateway.ask(slow, false));
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnlyOnce(200, 503);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 503)
                .allMatch(answer -> answer.headers().firstValue("retry-after").isPresent());
    }

    @Test
    void anthropicsClientsAreTold529() throws Exception {
        String slow = gateway.model("", small() + " sim-1!delay=6s");
        String body =
                "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(slow);
        Map<String, String> headers =
                Map.of("x-api-key", gateway.running.apiKey(), "anthropic-version", "2023-06-01");
        List<HttpResponse<String>> answers =
                atOnce(2, () -> gateway.running.send("POST", "/v1/messages", body, headers));
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnlyOnce(200, 529);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 529)
                .allMatch(answer -> answer.headers().firstValue("retry-after").isPresent())
                .allMatch(answer -> answer.body().contains("overloaded_error"));
    }

    @Test
    void aKeyCarriesNoMoreThanItsCallsASecondThoughThereIsNoOther() throws Exception {
        String name = gateway.fresh("slow");
        String keys = GOOD_KEY.replace("}]", ",\"max_qps\":1}]");
        String id = gateway.upstream(name, gateway.running.simulatorUrl(), keys, "");
        String model = gateway.model("", name + " sim-1");
        long began = System.nanoTime();
        List<HttpResponse<String>> answers = atOnce(16, () -> gateway.ask(model, false));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        List<HttpResponse<String>> good =
                answers.stream().filter(answer -> answer.statusCode() == 200).toList();
        assertThat(good).hasSizeBetween(2, (int) seconds + 2);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() != 200)
                .allMatch(answer -> answer.statusCode() == 503)
                .extracting(answer -> RoutedGateway.header(answer, "retry-after"))
                .containsOnly("1");
        gateway.awaitCalls(id, good.size());
        assertThat(gateway.upstream(id, "metrics").path("metrics").path(0).path("calls").asInt())
                .isEqualTo(good.size());
    }

    @Test
    void aFullUpstreamIsPassedByWhereAnotherHasRoom() throws Exception {
        String model = gateway.model("", small() + " sim-1!delay=1s", "spare sim-1");
        List<HttpResponse<String>> answers = atOnce(6, () -> gateway.ask(model, false));
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers)
                .extracting(RoutedGateway::servedBy)
                .contains("spare")
                .filteredOn(by -> by.equals("spare"))
                .hasSizeBetween(4, 5);
    }

    @Test
    void whereAllOthersFailACallWaitsForRoom() throws Exception {
        String full = small();
        String slow = gateway.model("", full + " sim-1!delay=1s");
        String model =
                gateway.model(
                        "", full + " sim-1", gateway.simulated("broken") + " sim-1!status=500");
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            Future<HttpResponse<String>> holding = one.submit(() -> gateway.ask(slow, false));
            long before = gateway.running.simulator().sightings().count();
            RunningGateway.await(
                    "the room to be taken",
                    () -> gateway.running.simulator().sightings().count() > before);
            HttpResponse<String> answer = gateway.ask(model, false);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(RoutedGateway.servedBy(answer)).isEqualTo(full);
            assertThat(holding.get().statusCode()).isEqualTo(200);
        }
    }
}
