package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.Protocol;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokens that are counted without generating, for every client at every upstream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenCountsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private RunningGateway gateway;

    /** Who asks, in which words, and where the number stands. */
    enum Client {
        ANTHROPIC("/v1/messages/count_tokens", "/input_tokens", "/error/type"),
        RESPONSES("/v1/responses/input_tokens", "/input_tokens", "/error/code"),
        GEMINI("/v1beta/models/%s:countTokens", "/totalTokens", "/error/status");

        private final String path;
        private final String number;
        private final String errorCode;

        Client(String path, String number, String errorCode) {
            this.path = path;
            this.number = number;
            this.errorCode = errorCode;
        }

        String body(String model, String text) {
            return switch (this) {
                case ANTHROPIC ->
                        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                .formatted(model, text);
                case RESPONSES -> "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(model, text);
                case GEMINI ->
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]}"
                                .formatted(text);
            };
        }
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        for (Protocol protocol : Protocol.values()) {
            gateway.addUpstream(protocol.wireName(), protocol.wireName(), "");
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    static List<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Client client : Client.values()) {
            for (Protocol upstream : Protocol.values()) {
                pairs.add(Arguments.of(client, upstream));
            }
        }
        return pairs;
    }

    private HttpResponse<String> count(Client client, String model, String body) throws Exception {
        return gateway.send(
                "POST",
                client.path.formatted(model.replace("%", "%25")),
                body,
                Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whoCanCountIsAskedAndForOthersItIsEstimated(Client client, Protocol upstream)
            throws Exception {
        String model = upstream.wireName() + "/sim-1";
        HttpResponse<String> few = count(client, model, client.body(model, "one two three"));
        HttpResponse<String> many =
                count(client, model, client.body(model, "one two three ".repeat(50)));

        assertThat(few.statusCode()).as(few.body()).isEqualTo(200);
        long number = JSON.readTree(few.body()).at(client.number).asLong();
        assertThat(number).isBetween(1L, 50L);
        assertThat(JSON.readTree(many.body()).at(client.number).asLong())
                .isGreaterThan(20 * number / 2);
        boolean estimates = upstream == Protocol.OPENAI_CHAT;
        assertThat(few.headers().firstValue("x-sluice-warnings").isPresent()).isEqualTo(estimates);
        assertThat(gateway.simulator().sightings().all()).hasSize(estimates ? 0 : 2);
        assertThat(gateway.simulator().sightings().all())
                .allSatisfy(seen -> assertThat(seen.target()).contains("oken"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anUpstreamThatFailsToCountIsMadeUpForByAnEstimate(Client client, Protocol upstream)
            throws Exception {
        String model = upstream.wireName() + "/sim-1!status=404";
        HttpResponse<String> answer = count(client, model, client.body(model, "one two three"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at(client.number).asLong()).isPositive();
        assertThat(answer.headers().firstValue("x-sluice-warnings"))
                .contains("estimated:input_tokens");
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatMeansNothingIsRefusedInTheClientsShape(Client client) throws Exception {
        String model = "anthropic/sim-1";
        String broken =
                switch (client) {
                    case ANTHROPIC -> "{\"model\":\"%s\",\"messages\":7}".formatted(model);
                    case RESPONSES -> "{\"model\":\"%s\",\"input\":7}".formatted(model);
                    case GEMINI -> "{\"contents\":7}";
                };
        HttpResponse<String> refused = count(client, model, broken);

        assertThat(refused.statusCode()).isEqualTo(400);
        JsonNode body = JSON.readTree(refused.body());
        assertThat(body.at(client.errorCode).asString("")).isNotBlank();
        assertThat(body.at("/error/message").asString())
                .containsAnyOf("messages", "input", "contents");
        assertThat(gateway.simulator().sightings().all()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatNobodyServesIsNotFound(Client client) throws Exception {
        HttpResponse<String> refused =
                count(client, "nobody/nothing", client.body("nobody/nothing", "x"));

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(refused.body()).at(client.errorCode).asString(""))
                .isIn("not_found_error", "model_not_found", "NOT_FOUND");
    }
}
