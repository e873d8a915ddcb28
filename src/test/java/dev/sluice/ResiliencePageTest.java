package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every way in which an upstream can fail, over real sockets, and what becomes of the call: the
 * table in {@code docs/resilience.md}. {@code -Dresilience.update} writes it anew.
 */
class ResiliencePageTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path PAGE = Path.of("docs/resilience.md");
    private static final String BEGIN = "<!-- The rest of this page is made by its test. -->\n";
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** What is simulated, and how that is called. */
    private record Fault(String name, String directives) {}

    private static final List<Fault> FAULTS =
            List.of(
                    new Fault("400, the caller's fault", "status=400"),
                    new Fault("401, the gateway's own key", "status=401"),
                    new Fault("402, no money left", "status=402"),
                    new Fault("403", "status=403"),
                    new Fault("404", "status=404"),
                    new Fault("408", "status=408"),
                    new Fault("409", "status=409"),
                    new Fault("413", "status=413"),
                    new Fault("422", "status=422"),
                    new Fault("429 without `Retry-After`", "status=429"),
                    new Fault("429, `Retry-After: 0`", "status=429,retry-after=0"),
                    new Fault("429, `Retry-After: 30`", "status=429,retry-after=30"),
                    new Fault("429, `Retry-After` as a date", "status=429,retry-after=date:30"),
                    new Fault("429, `Retry-After: soon`", "status=429,retry-after=soon"),
                    new Fault("429 once, then well", "status=429,retry-after=1,fail-first=1"),
                    new Fault("500", "status=500"),
                    new Fault("500 once, then well", "status=500,fail-first=1"),
                    new Fault("500 with HTML", "status=500,body=html"),
                    new Fault("500 without a body", "status=500,body=empty"),
                    new Fault("500 with plain text", "status=500,body=text"),
                    new Fault("500 with an array", "status=500,body=array"),
                    new Fault("502", "status=502"),
                    new Fault("503", "status=503"),
                    new Fault("529", "status=529"),
                    new Fault("accepts, never answers", "hang"),
                    new Fault("a head, then silence", "stall=0"),
                    new Fault("slow head", "delay=15s"),
                    new Fault("one byte a second", "drip=1/1s"),
                    new Fault("cut before any output", "cut-after=preamble"),
                    new Fault("cut amid the output", "cut-after=preamble+2"),
                    new Fault("silence amid the output", "stall=preamble+2"),
                    new Fault("ends before any output", "end-after=preamble"),
                    new Fault("ends amid the output", "end-after=preamble+2"),
                    new Fault("ends without terminator", "unfinished"),
                    new Fault("an error before any output", "error-after=preamble"),
                    new Fault("an error amid the output", "error-after=preamble+2"),
                    new Fault("an error in a 200", "error-200"),
                    new Fault("a rate limit in a 200", "error-200,error=429"),
                    new Fault("a login page with 200", "html"),
                    new Fault("an empty body with 200", "empty"),
                    new Fault("no event at all", "empty-stream"),
                    new Fault("JSON that breaks off", "bad-json"),
                    new Fault("compressed, and says so", "gzip"),
                    new Fault("10 MB in one line", "chunks=1,chunk-bytes=10MB"),
                    new Fault("split within characters", "drip=7/1ms"));

    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of("SLUICE_COMMIT_AFTER", "30s"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    @Timeout(240)
    void everyFaultEndsAsThePageSays() throws Exception {
        upstream("spare", "{\"label\":\"1\",\"key\":\"" + RunningGateway.UPSTREAM_KEY + "\"}");
        for (int i = 0; i < 20; i++) {
            gateway.chat("{\"model\":\"sim-1\",\"messages\":[]}");
        }
        StringBuilder table =
                new StringBuilder(
                        "| an upstream that … | plain, alone | stream, alone | plain, with another |"
                                + " stream, with another |\n|---|---|---|---|---|\n");
        for (String row : rows()) {
            table.append(row);
        }
        compare(table.append(rudeRows()).toString());
    }

    /** A few at a time: most of it is waiting. */
    private List<String> rows() throws Exception {
        try (ExecutorService few = Executors.newFixedThreadPool(8)) {
            List<Future<String>> rows = new ArrayList<>();
            for (int i = 0; i < FAULTS.size(); i++) {
                int number = i;
                rows.add(few.submit(() -> row(FAULTS.get(number), number)));
            }
            List<String> written = new ArrayList<>();
            for (Future<String> row : rows) {
                written.add(row.get());
            }
            return written;
        }
    }

    private static void compare(String table) throws Exception {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String expected = head + "\n" + table;
        if (System.getProperty("resilience.update") != null) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(page)
                .as("run the test with -Dresilience.update to write the page anew")
                .isEqualTo(expected);
    }

    private String row(Fault fault, int number) throws Exception {
        String key = "{\"label\":\"1\",\"key\":\"" + RunningGateway.UPSTREAM_KEY + "\"}";
        StringBuilder row = new StringBuilder("| ").append(fault.name());
        for (String kind : List.of("plain", "stream", "plain-spare", "stream-spare")) {
            String name = "f" + number + "-" + kind;
            upstream(name, key);
            String model = "sim-1!" + fault.directives() + ",tag=" + name;
            row.append(" | ").append(cell(name, name, model, kind));
        }
        return row.append(" |\n").toString();
    }

    /** What no simulator does, because it is no HTTP. */
    private String rudeRows() throws Exception {
        StringBuilder rows = new StringBuilder();
        rows.append(rudeRow("refuses the connection", RoutedGateway.deadUrl()));
        try (RudeServer hole = RudeServer.blackHole();
                RudeServer hangsUp = RudeServer.hangingUp();
                RudeServer mail = RudeServer.speakingNoHttp();
                RudeServer chunk = RudeServer.breakingOffInAChunk();
                RudeServer half = RudeServer.closingItsHalf()) {
            rows.append(rudeRow("leaves the connection unanswered", hole.url()));
            rows.append(rudeRow("accepts and hangs up", hangsUp.url()));
            rows.append(rudeRow("does not speak HTTP", mail.url()));
            rows.append(rudeRow("breaks off in a chunk", chunk.url()));
            rows.append(rudeRow("closes its half amid the body", half.url()));
        }
        return rows.toString();
    }

    private String rudeRow(String what, String url) throws Exception {
        StringBuilder row = new StringBuilder("| ").append(what);
        for (String kind : List.of("plain", "stream", "plain-spare", "stream-spare")) {
            String name = what.replace(' ', '-') + "-" + kind;
            create(name, url, "{\"label\":\"1\",\"key\":\"sk-12345678\"}");
            row.append(" | ").append(cell(name, name, "sim-1", kind));
        }
        return row.append(" |\n").toString();
    }

    private void upstream(String name, String key) throws Exception {
        create(name, gateway.simulatorUrl(), key);
    }

    private void create(String name, String url, String key) throws Exception {
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"%s","provider":"simulator","base_url":"%s","keys":[%s],
                         "timeout":4,"connect_timeout":1,"first_byte_timeout":4,"idle_timeout":4}\
                        """
                                .formatted(name, url, key));
        assertThat(made.has("id")).as("%s", made).isTrue();
    }

    private String cell(String id, String upstream, String model, String kind) throws Exception {
        boolean hasSpare = kind.endsWith("spare");
        boolean streams = kind.startsWith("stream");
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/models",
                        """
                        {"id":"%s","strategy":"priority","targets":[{"upstream":"%s","model":"%s"}%s]}\
                        """
                                .formatted(
                                        id,
                                        upstream,
                                        model,
                                        hasSpare
                                                ? ",{\"upstream\":\"spare\",\"model\":\"sim-1\",\"priority\":1}"
                                                : ""));
        assertThat(made.has("id")).as("%s", made).isTrue();
        long began = System.nanoTime();
        HttpResponse<String> answer =
                gateway.chat(
                        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Tell me of the sea, slowly and at some length.\"}]}"
                                .formatted(id, streams));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(id).isLessThan(LONGEST);
        return said(id, answer, streams);
    }

    private static String said(String id, HttpResponse<String> answer, boolean streams) {
        int calls =
                answer.headers().firstValue("x-sluice-attempts").map(Integer::parseInt).orElse(0);
        String by = answer.headers().firstValue("x-sluice-upstream").orElse("");
        String whose = by.equals("spare") ? " by the other" : "";
        assertThat(calls).as(id + ": never more than three attempts").isLessThanOrEqualTo(3);
        String often = calls > 1 && whose.isEmpty() ? ", " + calls + " attempts" : "";
        if (answer.statusCode() != 200) {
            JsonNode error = JSON.readTree(answer.body()).path("error");
            assertThat(error.path("message").asString("")).as(id).isNotBlank();
            return "**" + answer.statusCode() + "**" + often;
        }
        if (!streams) {
            boolean isWhole = isWhole(answer.body());
            return isWhole ? "200" + whose + often : "200" + whose + ", as it came" + often;
        }
        boolean ended = answer.body().endsWith("data: [DONE]\n\n");
        boolean hasError = answer.body().contains("\"error\"");
        assertThat(ended || hasError).as(id + ": never ends in silence: " + answer.body()).isTrue();
        return "200" + whose + (hasError ? ", then an error event" : "") + often;
    }

    private static boolean isWhole(String body) {
        return !JSON.readTree(body).path("choices").path(0).path("finish_reason").isMissingNode();
    }
}
