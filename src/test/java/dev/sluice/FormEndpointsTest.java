package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Forms with files on their way through the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormEndpointsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TYPE = "multipart/form-data; boundary=B-o-U";
    private static final String END = "--B-o-U--\r\n";
    private static final long MIB = 1L << 20;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of("SLUICE_MAX_BODY_BYTES", "512MiB"));
    }

    @AfterAll
    void stop() {
        gateway.close();
        http.close();
    }

    @BeforeEach
    void forget() {
        gateway.simulator().sightings().reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFormGoesOnAsItWasButForTheModel(boolean modelFirst) throws Exception {
        String model = field("model", "simulator/sim-1");
        String file = file("file", "x".repeat(200_000));
        String form =
                modelFirst ? model + file + END : file + model + field("language", "en") + END;
        HttpResponse<String> answer = post("audio/transcriptions", form);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("text").asString())
                .isEqualTo("A sound of 200000 bytes.");
        assertThat(seen().bodyText()).isEqualTo(form.replace("simulator/sim-1", "sim-1"));
        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("model").asString()).isEqualTo("simulator/sim-1");
        assertThat(record.path("request_bytes").asLong()).isEqualTo(form.length());
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
        assertThat(record.path("usage").path("input_tokens").asLong()).isEqualTo(196);
        assertThat(record.path("usage").path("audio_tokens").asLong()).isEqualTo(196);
    }

    @Test
    void aFormWithoutAModelGetsTheKeys() throws Exception {
        String key =
                gateway.admin(
                                "POST",
                                "/admin/keys",
                                "{\"name\":\"preset\",\"default_model\":\"sim-1\"}")
                        .path("key_value")
                        .asString();
        HttpResponse<String> answer =
                http.send(
                        request("audio/transcriptions", key)
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                file("file", "RIFF") + END))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(seen().bodyText())
                .isEqualTo(field("model", "sim-1") + file("file", "RIFF") + END);
    }

    @ParameterizedTest
    @CsvSource({
        "audio/transcriptions, file, verbose_json, audio_seconds:1",
        "audio/translations, file, text, A sound of 4 bytes.",
        "images/edits, image, b64_json, b64_json",
        "images/variations, image, b64_json, b64_json"
    })
    void everyFormIsServed(String path, String file, String format, String told) throws Exception {
        String form =
                field("model", "sim-1")
                        + field("response_format", format)
                        + field("prompt", "make it red")
                        + file(file, "RIFF")
                        + END;
        HttpResponse<String> answer = post(path, form);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(record(answer).path("ending").asString()).isEqualTo("completed");
        assertThat((answer.body() + record(answer).path("usage")).replace("\"", "")).contains(told);
    }

    @Test
    void aStreamedTranscriptionReportsItsUsage() throws Exception {
        HttpResponse<String> answer =
                post(
                        "audio/transcriptions",
                        field("model", "sim-1")
                                + field("stream", "true")
                                + file("file", "RIFF")
                                + END);

        assertThat(answer.body())
                .contains("transcript.text.delta")
                .contains("transcript.text.done");
        JsonNode record = record(answer);
        assertThat(record.path("ending").asString()).isEqualTo("completed");
        assertThat(record.path("stream").asBoolean()).isTrue();
        assertThat(record.path("usage").path("origin").asString()).isEqualTo("provider");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "multipart/form-data                  | x                     | boundary",
                "multipart/form-data; boundary=a@b    | x                     | boundary",
                "multipart/form-data; boundary=B-o-U  | hello                 | byte 0",
                "multipart/form-data; boundary=B-o-U  | {model}               | ends before",
                "multipart/form-data; boundary=B-o-U  | {model}{model}{end}   | twice",
                "multipart/form-data; boundary=B-o-U  | {file}{model}         | ends before",
                "multipart/form-data; boundary=B-o-U  | {model}{file}         | ends before",
                "multipart/form-data; boundary=B-o-U  | {model}{file}{model}{end} | twice",
                "multipart/form-data; boundary=B-o-U  | {model}{file}--B-o-Ux | line end",
            })
    void aMalformedFormIsRefusedNamingThePlace(String type, String body, String told)
            throws Exception {
        String form =
                body.replace("{model}", field("model", "sim-1"))
                        .replace("{file}", file("file", "x".repeat(300_000)))
                        .replace("{end}", END);
        HttpResponse<String> answer =
                http.send(
                        request("audio/transcriptions", gateway.apiKey())
                                .setHeader("content-type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asString()).isEqualTo("invalid_multipart");
        assertThat(error.path("message").asString()).contains(told);
        assertThat(record(answer).path("fault").asString()).isEqualTo("client");
        assertThat(gateway.simulator().sightings().all())
                .noneMatch(sighting -> sighting.status() == 200);
    }

    @Test
    void aFormWhereJsonBelongsIsRefused() throws Exception {
        HttpResponse<String> answer = post("embeddings", field("model", "sim-1") + END);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("application/json");
    }

    @Test
    void aFormThatIsHeldIsTriedAtTheNextUpstream() throws Exception {
        String model = "held!status=503,fail-first=1,tag=held";
        for (int i = 1; i <= 2; i++) {
            upstream("held-" + i, gateway.simulatorUrl(), i, model);
        }
        HttpResponse<String> answer =
                post(
                        "audio/transcriptions",
                        file("file", "x".repeat(100_000)) + field("model", model) + END);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-sluice-attempts")).hasValue("2");
        assertThat(answer.body()).contains("100000 bytes");
    }

    @Test
    void anUpstreamThatCannotBeReachedLosesNothingOfAStreamedForm() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        upstream("closed", "http://127.0.0.1:" + closed, 1, "reachable");
        upstream("open", gateway.simulatorUrl(), 2, "reachable");
        HttpResponse<String> answer =
                post(
                        "audio/transcriptions",
                        field("model", "reachable") + file("file", "x".repeat(3_000_000)) + END);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("3000000 bytes");
        assertThat(answer.headers().firstValue("x-sluice-upstream")).hasValue("open");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhereverThatIsFound() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(513 * MIB));
            assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("body_too_large");
        }
    }

    @Test
    void anUpstreamThatFailsAmidTheUploadIsToldAsItIsAndNotRepeated() throws Exception {
        try (StalledUpstream broken = new StalledUpstream()) {
            upstream("breaks", broken.url(), 1, "breaker");
            upstream("well", gateway.simulatorUrl(), 2, "breaker");
            broken.breakAfter(2 * MIB);
            broken.readOn();
            HttpResponse<String> answer =
                    post(
                            "audio/transcriptions",
                            field("model", "breaker")
                                    + file("file", "x".repeat((int) (20 * MIB)))
                                    + END);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
            JsonNode record = record(answer);
            assertThat(record.path("attempt_count").asInt()).isEqualTo(1);
            assertThat(record.path("fault").asString()).isEqualTo("upstream");
        }
    }

    @Test
    void moreThanCanBeHeldBeforeTheModelIsRefusedSayingSo() throws Exception {
        byte[] file = file("file", "x".repeat((int) (33 * MIB))).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(file.length + 1000));
            writeAsFarAsItGoes(socket, file);

            assertThat(answer(socket))
                    .startsWith("HTTP/1.1 400")
                    .contains("put it before the files");
        }
    }

    @Test
    void aLargeUploadIsHeldNeitherInTheGatewayNorInItsCount() throws Exception {
        long size = 200 * MIB;
        try (StalledUpstream stalled = new StalledUpstream();
                Socket socket = connect()) {
            upstream("stalled", stalled.url(), 1, "slow-reader");
            byte[] front =
                    (field("model", "slow-reader") + fileHead("file"))
                            .getBytes(StandardCharsets.UTF_8);
            byte[] back = ("\r\n" + END).getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(head(front.length + size + back.length));
            socket.getOutputStream().write(front);
            AtomicLong written = new AtomicLong();
            Thread client = Thread.ofVirtual().start(() -> writeZeros(socket, size, back, written));
            RunningGateway.await("the upload to begin", () -> written.get() > 0);
            awaitStandstill(written);

            assertThat(written.get()).isLessThan(40 * MIB);
            assertThat(gauge("sluice_http_buffered_bytes")).isLessThan(MIB);

            stalled.readOn();
            client.join();
            assertThat(written.get()).isEqualTo(size);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200").contains("\"text\":\"whole\"");
            assertThat(stalled.received()).isEqualTo(front.length + size + back.length);
        }
    }

    @Test
    void aClientThatLeavesAmidTheUploadStopsTheUpstreamAndLeavesOneRecord() throws Exception {
        try (StalledUpstream stalled = new StalledUpstream()) {
            upstream("left", stalled.url(), 1, "leaver");
            stalled.readOn();
            try (Socket socket = connect()) {
                socket.getOutputStream().write(head(10 * MIB));
                socket.getOutputStream()
                        .write(
                                (field("model", "leaver") + fileHead("file") + "x".repeat(500_000))
                                        .getBytes(StandardCharsets.UTF_8));
                RunningGateway.await("the upload", () -> stalled.received() > 400_000);
            }
            RunningGateway.await("the cut", stalled::isCut);
            RunningGateway.await("the record", () -> !recordsOf("leaver").isEmpty());

            assertThat(recordsOf("leaver"))
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.path("ending").asString()).isEqualTo("client_left");
                        assertThat(record.path("status_code").asInt()).isEqualTo(499);
                    });
        }
    }

    @Test
    void aClientThatLeavesBeforeTheModelLeavesOneRecord() throws Exception {
        int before = gateway.admin("GET", "/admin/logs", null).path("total").asInt();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(10 * MIB));
            socket.getOutputStream().write(fileHead("file").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
        gateway.records(before + 1);
        RunningGateway.await(
                "the record",
                () ->
                        recordsOf("").stream()
                                .anyMatch(record ->
                                        record.path("ending").asString().equals("client_left")));
    }

    private List<JsonNode> recordsOf(String model) {
        try {
            return gateway.records(0)
                    .valueStream()
                    .filter(record -> record.path("model").asString("").equals(model))
                    .toList();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private double gauge(String name) throws Exception {
        return gateway.send("GET", "/metrics", null, Map.of())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private void upstream(String name, String url, int priority, String model) throws Exception {
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

    private HttpResponse<String> post(String path, String form) throws Exception {
        return http.send(
                request(path, gateway.apiKey())
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/" + path))
                .header("authorization", "Bearer " + key)
                .header("content-type", TYPE);
    }

    private JsonNode record(HttpResponse<?> answer) throws Exception {
        return gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private Sighting seen() {
        return gateway.simulator().sightings().all().getFirst();
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private byte[] head(long length) {
        return ("POST /v1/audio/transcriptions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + gateway.apiKey()
                        + "\r\ncontent-type: "
                        + TYPE
                        + "\r\ncontent-length: "
                        + length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void writeAsFarAsItGoes(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException refusedInBetween) {
            // The answer says why.
        }
    }

    private static void writeZeros(Socket socket, long size, byte[] back, AtomicLong written) {
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

    private static void awaitStandstill(AtomicLong written) throws InterruptedException {
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

    private static String answer(Socket socket) throws IOException {
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

    private static String field(String name, String value) {
        return "--B-o-U\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n";
    }

    private static String file(String name, String content) {
        return fileHead(name) + content + "\r\n";
    }

    private static String fileHead(String name) {
        return "--B-o-U\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"; filename=\"sound.wav\"\r\nContent-Type: audio/wav\r\n\r\n";
    }

    /** An upstream that reads a request's body only when it is told to. */
    private static final class StalledUpstream implements AutoCloseable {
        private final ServerSocket server =
                new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final AtomicLong received = new AtomicLong();
        private volatile long breaksAfter = Long.MAX_VALUE;
        private volatile boolean reads;
        private volatile boolean cut;

        StalledUpstream() throws IOException {
            Thread.ofVirtual().start(this::serve);
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort();
        }

        void readOn() {
            reads = true;
        }

        void breakAfter(long bytes) {
            breaksAfter = bytes;
        }

        long received() {
            return received.get();
        }

        boolean isCut() {
            return cut;
        }

        private void serve() {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                RunningGateway.await("the word to read on", () -> reads);
                long length =
                        head.toString()
                                .lines()
                                .filter(line ->
                                        line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                                .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                                .sum();
                byte[] piece = new byte[64 * 1024];
                while (received.get() < length) {
                    int n = in.read(piece);
                    if (n < 0) {
                        cut = true;
                        return;
                    }
                    if (received.addAndGet(n) > breaksAfter) {
                        socket.setSoLinger(true, 0);
                        return;
                    }
                }
                String body =
                        "{\"text\":\"whole\",\"usage\":{\"type\":\"duration\",\"seconds\":9}}";
                socket.getOutputStream()
                        .write(
                                ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                                                + body.length()
                                                + "\r\n\r\n"
                                                + body)
                                        .getBytes(StandardCharsets.UTF_8));
                in.read();
            } catch (IOException broken) {
                cut = true;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
