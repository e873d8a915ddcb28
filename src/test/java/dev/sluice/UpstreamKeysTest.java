package dev.sluice;

import static dev.sluice.RoutedGateway.attempts;
import static dev.sluice.RoutedGateway.header;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Which of an upstream's keys a call uses, and what becomes of those that are refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamKeysTest {
    private static final String TWO =
            "[{\"label\":\"one\",\"key\":\"%1$s\"},{\"label\":\"two\",\"key\":\"%1$s\"}]"
                    .formatted(RunningGateway.UPSTREAM_KEY);
    private static final String BAD_AND_GOOD =
            "[{\"label\":\"bad\",\"key\":\"sk-wrong-123456\",\"weight\":1000},{\"label\":\"good\",\"key\":\"%s\",\"weight\":0.001}]"
                    .formatted(RunningGateway.UPSTREAM_KEY);

    private RoutedGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aRefusedKeyMakesRoomForTheNextOneAndRests() throws Exception {
        String name = gateway.fresh("keys");
        String id = gateway.upstream(name, gateway.running.simulatorUrl(), BAD_AND_GOOD, "");
        String model = gateway.model("", name + " sim-1");

        HttpResponse<String> first = gateway.ask(model, false);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(attempts(first)).isEqualTo(2);
        HttpResponse<String> second = gateway.ask(model, true);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(attempts(second)).isOne();
        JsonNode resting = gateway.upstream(id, "health").path("resting_keys");
        assertThat(resting.path(0).path("label").asString()).isEqualTo("bad");
    }

    @ParameterizedTest
    @ValueSource(ints = {402, 403, 429})
    void aKeyWithoutMoneyOrRightsOrPatienceMakesRoomToo(int status) throws Exception {
        String name = gateway.fresh("keys");
        String id = gateway.upstream(name, gateway.running.simulatorUrl(), TWO, "");
        String model =
                gateway.model("", name + " sim-1!status=" + status + ",fail-first=1,tag=" + name);

        HttpResponse<String> first = gateway.ask(model, false);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(attempts(first)).isEqualTo(2);
        JsonNode record = gateway.running.record(header(first, "x-request-id"));
        assertThat(
                        record.path("attempts")
                                .valueStream()
                                .map(one -> one.path("key_label").asString()))
                .as("%s", record)
                .containsExactlyInAnyOrder("one", "two");
        assertThat(gateway.upstream(id, "health").path("resting_keys")).hasSize(1);
    }

    @Test
    void noMoreKeysAreTriedThanThereAre() throws Exception {
        String name = gateway.fresh("keys");
        gateway.upstream(
                name,
                gateway.running.simulatorUrl(),
                "[{\"label\":\"a\",\"key\":\"sk-wrong-1\"},{\"label\":\"b\",\"key\":\"sk-wrong-2\"}]",
                "");
        HttpResponse<String> answer = gateway.ask(gateway.model("", name + " sim-1"), false);
        assertThat(answer.statusCode()).as("it is not the client's key").isEqualTo(502);
        assertThat(attempts(answer)).isEqualTo(2);
    }

    @Test
    void aRawCallUsesTheKeyThatDoesNotRest() throws Exception {
        String name = gateway.fresh("keys");
        gateway.upstream(name, gateway.running.simulatorUrl(), BAD_AND_GOOD, "");
        Map<String, String> headers =
                Map.of(
                        "authorization",
                        "Bearer " + gateway.running.apiKey(),
                        "x-upstream-name",
                        name);
        assertThat(gateway.running.send("GET", "/proxy/v1/models", null, headers).statusCode())
                .isEqualTo(502);
        assertThat(gateway.running.send("GET", "/proxy/v1/models", null, headers).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aKeyThatIsRefusedWhereTokensAreCountedRestsAsWell() throws Exception {
        String name = gateway.fresh("keys");
        String id =
                gateway.upstream(
                        name,
                        gateway.running.simulatorUrl(),
                        BAD_AND_GOOD,
                        ",\"protocols\":[\"anthropic\"]");
        String model = gateway.model("", name + " sim-1");
        for (int i = 0; i < 8; i++) {
            HttpResponse<String> counted =
                    gateway.running.send(
                            "POST",
                            "/v1/messages/count_tokens",
                            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                                    .formatted(model),
                            Map.of(
                                    "x-api-key",
                                    gateway.running.apiKey(),
                                    "anthropic-version",
                                    "2023-06-01"));
            assertThat(counted.statusCode()).as(counted.body()).isEqualTo(200);
        }
        assertThat(gateway.upstream(id, "health").path("resting_keys")).hasSize(1);
    }
}
