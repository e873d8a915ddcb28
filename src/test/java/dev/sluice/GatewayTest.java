package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.simulator.delivery.Sighting;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole gateway from outside: a client, the gateway, the simulator, real sockets between them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HELLO =
            "{\"model\":\"sim-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String HELLO_STREAM =
            HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");

    private Path data;
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        data = folder;
        gateway =
                RunningGateway.in(
                        data,
                        Map.of("SLUICE_COMMIT_AFTER", "500ms", "SLUICE_PING_INTERVAL", "200ms"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    @Test
    void aPlainAnswerIsTheUpstreamsToTheByte() throws Exception {
        HttpResponse<String> through = gateway.chat(HELLO);
        HttpResponse<String> direct = direct(HELLO);

        assertThat(through.statusCode()).isEqualTo(200);
        assertThat(withoutTime(through.body())).isEqualTo(withoutTime(direct.body()));
        assertThat(through.headers().firstValue("x-sluice-upstream")).hasValue("simulator");
        assertThat(through.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void aStreamIsTheUpstreamsToTheByteButForTheUsageThatOnlyTheGatewayAskedFor() throws Exception {
        String asking =
                HELLO_STREAM.replace(
                        "{\"stream\"", "{\"stream_options\":{\"include_usage\":true},\"stream\"");

        assertThat(withoutTime(gateway.chat(asking).body()))
                .isEqualTo(withoutTime(direct(asking).body()))
                .contains("\"choices\":[],\"usage\":{");
        assertThat(gateway.chat(HELLO_STREAM).body())
                .doesNotContain("\"choices\":[]")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void theRequestGoesOnAsItWasButForWhatMustChange() throws Exception {
        String odd =
                "{ \"messages\" : [{\"role\":\"user\",\"content\":\"caf\\u00e9 1.0\"}],\n \"temperature\":1.0,"
                        + " \"x_unknown\":{\"b\":1,\"a\":2}, \"model\" : \"simulator/sim-1\" }";
        gateway.chat(odd);

        assertThat(seen().bodyText()).isEqualTo(odd.replace("simulator/sim-1", "sim-1"));
    }

    @Test
    void noCredentialOfAClientEverReachesAnUpstream() throws Exception {
        gateway.send(
                "POST",
                "/v1/chat/completions?key=" + gateway.apiKey(),
                HELLO,
                Map.of(
                        "x-api-key",
                        gateway.apiKey(),
                        "cookie",
                        "session=secret",
                        "x-forwarded-for",
                        "1.2.3.4"));
        Sighting seen = seen();

        assertThat(seen.headers().get("authorization"))
                .isEqualTo("Bearer " + RunningGateway.UPSTREAM_KEY);
        assertThat(seen.headers()).noneMatch(header -> header.value().contains(gateway.apiKey()));
        assertThat(seen.headers().get("cookie")).isNull();
        assertThat(seen.headers().get("x-forwarded-for")).isNull();
        assertThat(seen.target()).doesNotContain("key=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                        | 400 | invalid_request",
                "[]                                       | 400 | invalid_request",
                "{\"messages\":[]}                        | 400 | missing_model",
                "{\"model\":\"no-such\",\"messages\":[]}  | 404 | model_not_found",
                "{\"model\":\"a\",\"model\":\"b\"}        | 400 | invalid_request",
                "{\"model\":\"sim-1\",\"Model\":\"b\"}    | 400 | invalid_request",
                "{\"model\":\"sim-1\",\"stream\":\"yes\"} | 400 | invalid_request"
            })
    void badInputIsRefusedInTheClientsOwnWords(String body, int status, String code)
            throws Exception {
        // Only the models listed exist for a key without the default upstream.
        HttpResponse<String> answer = gateway.chat(body.strip());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").path("code").asString(""))
                .isEqualTo(code.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer nope", "Bearer ", "Basic abc"})
    void aWrongKeyIs401AndLeavesNoRecord(String authorization) throws Exception {
        HttpResponse<String> answer = gateway.chat(HELLO, "authorization", authorization);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(gateway.simulator().sightings().all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "status=429 retry-after=7, 429",
        "status=500, 500",
        "status=503, 503",
        "status=400, 400",
        "status=401, 502",
        "error-200, 502",
        "html, 502",
        "empty, 502",
        "bad-json, 502"
    })
    void whatTheUpstreamAnswersBecomesATrueStatus(String fault, int status) throws Exception {
        HttpResponse<String> answer = gateway.chat(HELLO, "x-simulate", fault.replace(' ', ','));
        HttpResponse<String> inModel =
                gateway.chat(HELLO.replace("sim-1", "simulator/sim-1!" + fault.replace(' ', ',')));

        assertThat(inModel.statusCode()).as(inModel.body()).isEqualTo(status);
        assertThat(JSON.readTree(inModel.body()).path("error").path("message").asString(""))
                .isNotBlank();
        assertThat(answer.statusCode()).as("a client's own header does not pass").isEqualTo(200);
        if (status == 429) {
            assertThat(inModel.headers().firstValue("retry-after")).hasValue("7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut-after=1",
                "cut-after=3",
                "end-after=2",
                "error-after=2",
                "unfinished,no-terminator"
            })
    void aStreamThatBreaksAmidItsAnswerEndsWithATypedError(String fault) throws Exception {
        HttpResponse<String> answer =
                gateway.chat(HELLO_STREAM.replace("sim-1", "simulator/sim-1!chunks=8," + fault));

        assertThat(answer.body()).as(answer.body()).contains("\"error\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-after=0", "empty-stream", "error-after=0"})
    void aStreamThatFailsBeforeAnyOutputIsAnHttpError(String fault) throws Exception {
        HttpResponse<String> answer =
                gateway.chat(HELLO_STREAM.replace("sim-1", "simulator/sim-1!" + fault));

        assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(500);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void aLongSilenceIsCommittedAndPinged() throws Exception {
        HttpResponse<String> answer =
                gateway.chat(HELLO_STREAM.replace("sim-1", "simulator/sim-1!first=2s"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(": ping").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aClientThatLeavesBeforeTheFirstTokenStopsTheUpstreamAtOnce() throws Exception {
        try (Socket socket = open(HELLO_STREAM.replace("sim-1", "simulator/sim-1!hang"))) {
            RunningGateway.await(
                    "the call", () -> !gateway.simulator().sightings().all().isEmpty());
            assertThat(seen().outcome()).isEqualTo(Sighting.Outcome.OPEN);
            assertThat(socket.isConnected()).isTrue();
        }
        cutIsSeenAndRecordedOnce("simulator/sim-1!hang");
    }

    @Test
    void aClientThatLeavesAfterTheThirdEventStopsTheUpstreamAtOnce() throws Exception {
        try (Socket socket =
                open(HELLO_STREAM.replace("sim-1", "simulator/sim-1!chunks=500,pace=50ms"))) {
            InputStream in = socket.getInputStream();
            StringBuilder read = new StringBuilder();
            byte[] piece = new byte[1024];
            while (read.toString().split("data: ", -1).length < 4) {
                read.append(new String(piece, 0, in.read(piece), StandardCharsets.UTF_8));
            }
        }
        cutIsSeenAndRecordedOnce("simulator/sim-1!chunks=500,pace=50ms");
    }

    private void cutIsSeenAndRecordedOnce(String model) throws Exception {
        RunningGateway.await("the cut", () -> seen().outcome() == Sighting.Outcome.CLIENT_LEFT);
        RunningGateway.await("a record", () -> !recordsOf(model).isEmpty());

        assertThat(recordsOf(model))
                .singleElement()
                .extracting(record -> record.path("ending").asString())
                .isEqualTo("client_left");
    }

    private List<JsonNode> recordsOf(String model) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode record : records()) {
            if (record.path("model").asString("").equals(model)) {
                found.add(record);
            }
        }
        return found;
    }

    private JsonNode records() {
        try {
            return gateway.records(0);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void everyCallOfAKnownKeyLeavesOneRecordWithItsUsage() throws Exception {
        String id = gateway.chat(HELLO).headers().firstValue("x-request-id").orElseThrow();
        JsonNode[] record = new JsonNode[1];
        RunningGateway.await(
                "the record",
                () -> {
                    for (JsonNode item : records()) {
                        if (item.path("id").asString("").equals(id)) {
                            record[0] = item;
                        }
                    }
                    return record[0] != null;
                });

        assertThat(record[0].path("status_code").asInt()).isEqualTo(200);
        assertThat(record[0].path("ending").asString()).isEqualTo("completed");
        assertThat(record[0].path("usage").path("origin").asString()).isEqualTo("provider");
        assertThat(record[0].path("prompt_tokens").asInt()).isPositive();
        assertThat(record[0].path("completion_tokens").asInt()).isPositive();
    }

    @Test
    void noSecretStandsAnywhereButWhereItMust() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        root.setLevel(Level.DEBUG);
        StringBuilder told = new StringBuilder();
        told.append(gateway.chat(HELLO).body());
        for (String fault : List.of("status=401", "status=500", "cut-after=0", "html")) {
            told.append(gateway.chat(HELLO.replace("sim-1", "simulator/sim-1!" + fault)).body());
        }
        told.append(gateway.chat("{").body());
        told.append(gateway.send("GET", "/nowhere?key=" + gateway.apiKey(), null, Map.of()).body());
        root.setLevel(Level.WARN);
        root.detachAppender(logged);
        List.copyOf(logged.list).forEach(event -> told.append(event.getFormattedMessage()));
        assertThat(told.toString())
                .doesNotContain(gateway.apiKey())
                .doesNotContain(RunningGateway.UPSTREAM_KEY)
                .doesNotContain(RunningGateway.ADMIN_TOKEN);
        gateway.records(1);
        String shown =
                gateway.admin("GET", "/admin/upstreams", null).toString()
                        + gateway.admin("GET", "/admin/keys", null)
                        + gateway.admin("GET", "/admin/logs", null)
                        + gateway.send("GET", "/metrics", null, Map.of()).body();
        assertThat(shown)
                .doesNotContain(gateway.apiKey())
                .doesNotContain(RunningGateway.UPSTREAM_KEY)
                .doesNotContain(RunningGateway.ADMIN_TOKEN);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(gateway.apiKey())
                        .doesNotContain(RunningGateway.UPSTREAM_KEY)
                        .doesNotContain(RunningGateway.ADMIN_TOKEN);
            }
        }
    }

    private Sighting seen() {
        return gateway.simulator().sightings().all().getLast();
    }

    private Socket open(String body) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.gateway().port());
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private HttpResponse<String> direct(String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(gateway.simulatorUrl() + "/v1/chat/completions"))
                                .header("authorization", "Bearer " + RunningGateway.UPSTREAM_KEY)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String withoutTime(String body) {
        return body.replaceAll("\"created\":\\d+", "\"created\":0");
    }
}
