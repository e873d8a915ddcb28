package dev.sluice;

import static dev.sluice.FormCaller.END;
import static dev.sluice.FormCaller.answer;
import static dev.sluice.FormCaller.awaitStandstill;
import static dev.sluice.FormCaller.field;
import static dev.sluice.FormCaller.file;
import static dev.sluice.FormCaller.fileHead;
import static dev.sluice.FormCaller.writeAsFarAsItGoes;
import static dev.sluice.FormCaller.writeZeros;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Forms with large files on their way: held, streamed, cut and refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormUploadsTest {
    private static final long MIB = 1L << 20;

    private FormCaller forms;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        forms = FormCaller.in(folder);
    }

    @AfterAll
    void stop() {
        forms.close();
    }

    @BeforeEach
    void forget() {
        forms.gateway().simulator().sightings().reset();
    }

    @Test
    void aFormThatIsHeldIsTriedAtTheNextUpstream() throws Exception {
        String model = "held!status=503,fail-first=1,tag=held";
        for (int i = 1; i <= 2; i++) {
            forms.upstream("held-" + i, forms.gateway().simulatorUrl(), i, model);
        }
        HttpResponse<String> answer =
                forms.post(
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
        forms.upstream("closed", "http://127.0.0.1:" + closed, 1, "reachable");
        forms.upstream("open", forms.gateway().simulatorUrl(), 2, "reachable");
        HttpResponse<String> answer =
                forms.post(
                        "audio/transcriptions",
                        field("model", "reachable") + file("file", "x".repeat(3_000_000)) + END);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("3000000 bytes");
        assertThat(answer.headers().firstValue("x-sluice-upstream")).hasValue("open");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhereverThatIsFound() throws Exception {
        try (Socket socket = forms.connect()) {
            socket.getOutputStream().write(forms.head(513 * MIB));
            assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("body_too_large");
        }
    }

    @Test
    void anUpstreamThatFailsAmidTheUploadIsToldAsItIsAndNotRepeated() throws Exception {
        try (StalledUpstream broken = new StalledUpstream()) {
            forms.upstream("breaks", broken.url(), 1, "breaker");
            forms.upstream("well", forms.gateway().simulatorUrl(), 2, "breaker");
            broken.breakAfter(2 * MIB);
            broken.readOn();
            HttpResponse<String> answer =
                    forms.post(
                            "audio/transcriptions",
                            field("model", "breaker")
                                    + file("file", "x".repeat((int) (20 * MIB)))
                                    + END);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
            JsonNode record = forms.record(answer);
            assertThat(record.path("attempt_count").asInt()).isEqualTo(1);
            assertThat(record.path("fault").asString()).isEqualTo("upstream");
        }
    }

    @Test
    void moreThanCanBeHeldBeforeTheModelIsRefusedSayingSo() throws Exception {
        byte[] file = file("file", "x".repeat((int) (33 * MIB))).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = forms.connect()) {
            socket.getOutputStream().write(forms.head(file.length + 1000));
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
                Socket socket = forms.connect()) {
            forms.upstream("stalled", stalled.url(), 1, "slow-reader");
            byte[] front =
                    (field("model", "slow-reader") + fileHead("file"))
                            .getBytes(StandardCharsets.UTF_8);
            byte[] back = ("\r\n" + END).getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(forms.head(front.length + size + back.length));
            socket.getOutputStream().write(front);
            AtomicLong written = new AtomicLong();
            Thread client = Thread.ofVirtual().start(() -> writeZeros(socket, size, back, written));
            RunningGateway.await("the upload to begin", () -> written.get() > 0);
            awaitStandstill(written);

            assertThat(written.get()).isLessThan(40 * MIB);
            assertThat(forms.gauge("sluice_http_buffered_bytes")).isLessThan(MIB);

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
            forms.upstream("left", stalled.url(), 1, "leaver");
            stalled.readOn();
            try (Socket socket = forms.connect()) {
                socket.getOutputStream().write(forms.head(10 * MIB));
                socket.getOutputStream()
                        .write(
                                (field("model", "leaver") + fileHead("file") + "x".repeat(500_000))
                                        .getBytes(StandardCharsets.UTF_8));
                RunningGateway.await("the upload", () -> stalled.received() > 400_000);
            }
            RunningGateway.await("the cut", stalled::isCut);
            RunningGateway.await("the record", () -> !forms.recordsOf("leaver").isEmpty());

            assertThat(forms.recordsOf("leaver"))
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.path("ending").asString()).isEqualTo("client_left");
                        assertThat(record.path("status_code").asInt()).isEqualTo(499);
                    });
        }
    }

    @Test
    void aClientThatLeavesBeforeTheModelLeavesOneRecord() throws Exception {
        int before = forms.gateway().admin("GET", "/admin/logs", null).path("total").asInt();
        try (Socket socket = forms.connect()) {
            socket.getOutputStream().write(forms.head(10 * MIB));
            socket.getOutputStream().write(fileHead("file").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
        forms.gateway().records(before + 1);
        RunningGateway.await(
                "the record",
                () ->
                        forms.recordsOf("").stream()
                                .anyMatch(record ->
                                        record.path("ending").asString().equals("client_left")));
    }
}
