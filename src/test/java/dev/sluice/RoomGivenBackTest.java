package dev.sluice;

import static dev.sluice.RoutedGateway.GOOD_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** An upstream that takes one call at a time takes the next one when a client leaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomGivenBackTest {
    private RoutedGateway gateway;
    private String name;
    private String id;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = new RoutedGateway(data);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @BeforeEach
    void connect() throws Exception {
        name = gateway.fresh("single");
        id =
                gateway.upstream(
                        name,
                        gateway.running.simulatorUrl(),
                        GOOD_KEY,
                        ",\"max_concurrency\":1,\"discover_models\":false");
    }

    /** A client that has sent its request and can hang up. */
    private final class Caller implements AutoCloseable {
        private final Socket socket;

        Caller(String path, String model, boolean stream) throws IOException {
            socket =
                    new Socket(
                            InetAddress.getLoopbackAddress(),
                            URI.create(gateway.running.url()).getPort());
            socket.setSoTimeout(30_000);
            socket.setSoLinger(true, 0);
            String body = body(model, stream);
            socket.getOutputStream()
                    .write(
                            "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nX-Upstream-Name: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(
                                            path,
                                            gateway.running.apiKey(),
                                            name,
                                            body.length(),
                                            body)
                                    .getBytes(StandardCharsets.US_ASCII));
        }

        void awaitSome(String text) throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(text) < 0) {
                int next = in.read();
                assertThat(next).as("more after %s", seen).isNotNegative();
                seen.append((char) next);
            }
        }

        boolean isThere() {
            return !socket.isClosed();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String body(String model, boolean stream) {
        return "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}"
                .formatted(model, stream);
    }

    private JsonNode health() {
        return gateway.upstream(id, "health");
    }

    private void await(String what, String field, int value) throws InterruptedException {
        RunningGateway.await(what, () -> health().path(field).asInt() == value);
    }

    private void assertThereIsRoom() throws Exception {
        await("nothing to run", "in_flight", 0);
        await("nobody to wait", "waiting", 0);
        long began = System.nanoTime();
        HttpResponse<String> next = gateway.ask(name + "/sim-1", false);
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("it need not wait for room")
                .isLessThan(Duration.ofSeconds(2));
        HttpResponse<String> raw = raw("sim-1");
        assertThat(raw.statusCode()).as(raw.body()).isEqualTo(200);
        await("nothing to run", "in_flight", 0);
    }

    private HttpResponse<String> raw(String model) throws Exception {
        return gateway.running.send(
                "POST",
                "/proxy/v1/chat/completions",
                body(model, false),
                Map.of(
                        "authorization",
                        "Bearer " + gateway.running.apiKey(),
                        "x-upstream-name",
                        name));
    }

    static List<Arguments> stages() {
        List<Arguments> stages = new ArrayList<>();
        for (boolean isRaw : new boolean[] {false, true}) {
            for (boolean isStream : new boolean[] {false, true}) {
                for (String stage : List.of("hang", "first=60s", "stall=3")) {
                    stages.add(Arguments.of(stage, isStream, isRaw));
                }
            }
        }
        return stages;
    }

    @ParameterizedTest(name = "{0} stream {1} raw {2}")
    @MethodSource("stages")
    void aClientThatLeavesAmidTheAnswerMakesRoom(String stage, boolean isStream, boolean isRaw)
            throws Exception {
        String model = "sim-1!" + stage;
        try (Caller caller =
                new Caller(
                        isRaw ? "/proxy/v1/chat/completions" : "/v1/chat/completions",
                        isRaw ? model : name + "/" + model,
                        isStream)) {
            await("the call to run", "in_flight", 1);
            if (stage.startsWith("stall") && isStream) {
                caller.awaitSome("You");
            }
        }
        assertThereIsRoom();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatLeavesWhileItWaitsForRoomTakesNone(boolean isStream) throws Exception {
        try (Caller first = new Caller("/v1/chat/completions", name + "/sim-1!hang", isStream)) {
            await("the first call to run", "in_flight", 1);
            for (int i = 0; i < 3; i++) {
                Caller second = new Caller("/v1/chat/completions", name + "/sim-1", isStream);
                await("the second call to wait", "waiting", 1);
                second.close();
                await("nobody to wait", "waiting", 0);
            }
            assertThat(health().path("in_flight").asInt()).isOne();
            assertThat(first.isThere()).isTrue();
        }
        assertThereIsRoom();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatLeavesInAPauseIsNotAskedForAgain(boolean isStream) throws Exception {
        String model = "sim-1!status=429,retry-after=1,fail-first=1,tag=" + name;
        try (Caller caller = new Caller("/v1/chat/completions", name + "/" + model, isStream)) {
            RunningGateway.await("the refusal", () -> asked("tag=" + name) == 1);
            await("the pause", "in_flight", 0);
            assertThat(caller.isThere()).isTrue();
        }
        RunningGateway.await(
                "the record of a client that left",
                () -> gateway.running.metric("sluice_calls_running") == 0);
        assertThereIsRoom();
        assertThat(asked("tag=" + name)).isOne();
    }

    private long asked(String words) {
        return gateway.running.simulator().sightings().all().stream()
                .filter(one -> new String(one.body(), StandardCharsets.UTF_8).contains(words))
                .count();
    }

    @Test
    void aRawCallToAFullUpstreamIsToldAndWaitsForNothing() throws Exception {
        try (Caller caller = new Caller("/proxy/v1/chat/completions", "sim-1!hang", false)) {
            await("the call to run", "in_flight", 1);
            long began = System.nanoTime();
            HttpResponse<String> refused = raw("sim-1");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("upstream_busy");
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(caller.isThere()).isTrue();
        }
        assertThereIsRoom();
    }
}
