package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** A gateway with room for large forms, and what sends them to it. */
final class FormCaller implements AutoCloseable {
    static final String TYPE = "multipart/form-data; boundary=B-o-U";
    static final String END = "--B-o-U--\r\n";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RunningGateway gateway;

    private FormCaller(RunningGateway gateway) {
        this.gateway = gateway;
    }

    static FormCaller in(Path folder) throws Exception {
        return new FormCaller(RunningGateway.in(folder, Map.of("SLUICE_MAX_BODY_BYTES", "512MiB")));
    }

    RunningGateway gateway() {
        return gateway;
    }

    List<JsonNode> recordsOf(String model) {
        try {
            return gateway.records(0)
                    .valueStream()
                    .filter(record -> record.path("model").asString("").equals(model))
                    .toList();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    double gauge(String name) throws Exception {
        return gateway.send("GET", "/metrics", null, Map.of())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    void upstream(String name, String url, int priority, String model) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"openai-compatible","base_url":"%s","api_key":"%s",
                         "priority":%d,"models":[{"id":"%s"}]}
                        """
                                .formatted(
                                        name, url, RunningGateway.UPSTREAM_KEY, priority, model));
        assertThat(made.has("id")).as("%s", made).isTrue();
    }

    HttpResponse<String> post(String path, String form) throws Exception {
        return http.send(
                request(path, gateway.apiKey())
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/" + path))
                .header("authorization", "Bearer " + key)
                .header("content-type", TYPE);
    }

    JsonNode record(HttpResponse<?> answer) throws Exception {
        return gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    Sighting seen() {
        return gateway.simulator().sightings().all().getFirst();
    }

    Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    byte[] head(long length) {
        return ("POST /v1/audio/transcriptions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\ncontent-type: "
                        + TYPE
                        + "\r\ncontent-length: "
                        + length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static void writeAsFarAsItGoes(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException refusedInBetween) {
            // The answer says why.
        }
    }

    static void writeZeros(Socket socket, long size, byte[] back, AtomicLong written) {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] zeros = new byte[64 * 1024];
            while (written.get() < size) {
                out.write(zeros);
                written.addAndGet(zeros.length);
            }
            out.write(back);
        } catch (IOException cut) {
            written.set(-1);
        }
    }

    static void awaitStandstill(AtomicLong written) throws InterruptedException {
        long[] last = {-1, System.nanoTime()};
        RunningGateway.await(
                "the upload to stand still",
                () -> {
                    if (written.get() != last[0]) {
                        last[0] = written.get();
                        last[1] = System.nanoTime();
                    }
                    return System.nanoTime() - last[1] > 1_000_000_000L;
                });
    }

    static String answer(Socket socket) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        InputStream in = socket.getInputStream();
        try {
            for (int n = in.read(piece); n > 0; n = in.read(piece)) {
                answer.write(piece, 0, n);
                if (answer.toString(StandardCharsets.UTF_8).endsWith("}")
                        || answer.toString(StandardCharsets.UTF_8).endsWith("0\r\n\r\n")) {
                    break;
                }
            }
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("no answer, but " + answer, silence);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    static String field(String name, String value) {
        return "--B-o-U\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n";
    }

    static String file(String name, String content) {
        return fileHead(name) + content + "\r\n";
    }

    static String fileHead(String name) {
        return "--B-o-U\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"; filename=\"sound.wav\"\r\nContent-Type: audio/wav\r\n\r\n";
    }

    @Override
    public void close() {
        gateway.close();
        http.close();
    }
}
