package dev.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.http.CrossOrigin;
import dev.sluice.http.HttpLimits;
import dev.sluice.http.address.TrustedProxies;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.engine.ServerSetup;
import dev.sluice.http.outbound.UpstreamProtocol;
import dev.sluice.simulator.delivery.Sighting;
import dev.sluice.simulator.delivery.Sightings;
import dev.sluice.simulator.script.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/** A simulator on a port of its own, and a client for it. */
final class Upstream implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final HttpEngine engine;
    private final Simulator simulator;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Upstream(SimulatorSettings settings) throws Exception {
        engine =
                new HttpEngine(
                        HttpLimits.standard(),
                        UpstreamProtocol.HTTP_1_1,
                        System::nanoTime,
                        InetAddress::getAllByName);
        simulator = new Simulator(settings, Clock.fixed(NOW, ZoneOffset.UTC));
        ServerSetup setup =
                new ServerSetup(
                        simulator.routes(),
                        simulator.renderer(),
                        CrossOrigin.NONE,
                        TrustedProxies.NONE,
                        UUID::randomUUID);
        port =
                engine.server(setup)
                        .start("127.0.0.1", 0, null)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
    }

    static Upstream start() throws Exception {
        return start(SimulatorSettings.DEFAULT.withSightings(1_000));
    }

    static Upstream start(SimulatorSettings settings) throws Exception {
        return new Upstream(settings);
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    Sightings sightings() {
        return simulator.sightings();
    }

    Sighting lastSighting() {
        return sightings().all().getLast();
    }

    HttpClient client() {
        return client;
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url(path))).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(
                request(path, headers)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    static ObjectNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static ObjectNode json(String text) {
        return Json.read(text).orElseThrow(() -> new AssertionError("No JSON object: " + text));
    }

    static List<SseEvent> events(String body) {
        List<SseEvent> events = new ArrayList<>();
        SseReader reader = new SseReader(64 << 20);
        reader.read(
                body.getBytes(UTF_8),
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        if (event.hasData()) {
                            events.add(event);
                        }
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("An event was too large");
                    }
                });
        return events;
    }

    static void await(String expectation, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Did not come true: " + expectation);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        client.close();
        engine.close();
    }
}
