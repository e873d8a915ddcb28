package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every unit that is billed, priced at the endpoints whose answers carry it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnitPricesTest {
    private static final String PRICES =
            """
            [{"model":"img","input":0,"output":0,"image":"0.04"},
             {"model":"snd","input":0,"output":0,"second":"0.0001"},
             {"model":"pic","input":0,"output":0,"image":"0.04","images":[
               {"quality":"hd","price":"0.08"},{"size":"1792x1024","price":"0.09"},
               {"size":"1792x1024","quality":"hd","price":"0.12"}]},
             {"model":"dear","input":0,"output":0,"images":[
               {"size":"256x256","price":"0.016"},{"size":"512x512","price":"0.018"}]},
             {"model":"say","input":0,"output":0,"characters":"15"},
             {"model":"each","input":0,"output":0,"request":"0.005"},
             {"model":"sim-1*","input":"3","cached_input":"0.3","cache_write":"3.75",
              "cache_write_long":"6","output":"15","reasoning":"20"}]\
            """;
    private static final String CHAT =
            "{\"model\":\"%s\",\"max_tokens\":4000,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private RunningGateway gateway;
    private String key = "";

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = RunningGateway.in(folder, Map.of("SLUICE_PRICES", PRICES));
        key = gateway.admin("GET", "/admin/keys", null).path("items").path(0).path("id").asString();
        gateway.addUpstream("tasks", "openai-chat", "");
        gateway.addUpstream("claude", "anthropic", "");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void liftLimits() throws Exception {
        limit("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "images/generations | {\"model\":\"tasks/img\",\"prompt\":\"a house\",\"n\":3} | 3 | 0 | 120000000 | image_price | 0.04",
                "images/generations | {\"model\":\"tasks/img\",\"prompt\":\"a house\",\"stream\":true,\"partial_images\":2} | 1 | 0 | 40000000 | image_price | 0.04",
                "images/generations | {\"model\":\"tasks/pic\",\"prompt\":\"a house\",\"n\":2} | 2 | 0 | 80000000 | image_price | 0.04",
                "images/generations | {\"model\":\"tasks/pic\",\"prompt\":\"a house\",\"size\":\"1024x1024\",\"quality\":\"standard\"} | 1 | 0 | 40000000 | image_price | 0.04",
                "images/generations | {\"model\":\"tasks/pic\",\"prompt\":\"a house\",\"quality\":\"HD\"} | 1 | 0 | 80000000 | image_price | 0.08",
                "images/generations | {\"model\":\"tasks/pic\",\"prompt\":\"a house\",\"size\":\"1792x1024\",\"n\":2} | 2 | 0 | 180000000 | image_price | 0.09",
                "images/generations | {\"model\":\"tasks/pic\",\"prompt\":\"a house\",\"size\":\"1792x1024\",\"quality\":\"hd\"} | 1 | 0 | 120000000 | image_price | 0.12",
                "images/generations | {\"model\":\"tasks/pic\",\"prompt\":\"a house\",\"size\":\"1792x1024\",\"quality\":\"hd\",\"stream\":true} | 1 | 0 | 120000000 | image_price | 0.12",
                "images/generations | {\"model\":\"tasks/dear\",\"prompt\":\"a house\",\"size\":\"256x256\"} | 1 | 0 | 16000000 | image_price | 0.016",
                "images/generations | {\"model\":\"tasks/dear\",\"prompt\":\"a house\",\"size\":\"auto\"} | 1 | 0 | 18000000 | image_price | 0.018",
                "audio/speech | {\"model\":\"tasks/say\",\"voice\":\"alloy\",\"input\":\"fifteen letters\"} | 0 | 1.0 | 225000 | character_price | 15",
                "audio/speech | {\"model\":\"tasks/say\",\"voice\":\"alloy\",\"input\":\"fünfzehn Zeiche\",\"speed\":4} | 0 | 0.25 | 225000 | character_price | 15",
                "audio/speech | {\"model\":\"tasks/snd\",\"voice\":\"alloy\",\"input\":\"fifteen letters\"} | 0 | 1.0 | 100000 | second_price | 0.0001",
                "audio/speech | {\"model\":\"tasks/snd\",\"voice\":\"alloy\",\"input\":\"fifteen letters\",\"speed\":0.5} | 0 | 2.0 | 200000 | second_price | 0.0001",
                "embeddings | {\"model\":\"tasks/each\",\"input\":\"some words\"} | 0 | 0 | 5000000 | request_price | 0.005",
                "moderations | {\"model\":\"tasks/each\",\"input\":\"some words\"} | 0 | 0 | 5000000 | request_price | 0.005",
                "rerank | {\"model\":\"tasks/each\",\"query\":\"a\",\"documents\":[\"b\"]} | 0 | 0 | 5000000 | request_price | 0.005"
            })
    void whatIsNoTokenHasItsOwnPrice(
            String path,
            String body,
            long images,
            double seconds,
            long nanos,
            String unitPrice,
            String price)
            throws Exception {
        limit("[{\"kind\":\"money\",\"period\":\"total\",\"amount\":\"1000\"}]");
        JsonNode record = record(post("/v1/" + path, body));

        assertThat(record.path("usage").path("images").asLong()).isEqualTo(images);
        assertThat(record.path("usage").path("audio_seconds").asDouble()).isEqualTo(seconds);
        assertThat(record.path("cost").path("nanos").asLong()).as("%s", record).isEqualTo(nanos);
        assertThat(record.path("cost").path(unitPrice).asString()).isEqualTo(price);
        assertThat(standing().path("reserved").asString()).isEqualTo("0.00");
    }

    @ParameterizedTest
    @CsvSource({
        "audio/transcriptions, verbose_json, 4000,  100000, provider",
        "audio/transcriptions, text,         40000, 1000000, estimated",
        "audio/translations,   srt,          40000, 1000000, estimated"
    })
    void heardSoundIsBilledByTheSecond(
            String path, String format, int bytes, long nanos, String origin) throws Exception {
        JsonNode record = record(form(path, "snd", format, bytes));

        assertThat(record.path("cost").path("nanos").asLong())
                .as("%s", record)
                .isBetween(nanos, nanos + 100_000);
        assertThat(record.path("usage").path("origin").asString()).isEqualTo(origin);
    }

    @Test
    void imagesOfAFormAreCountedInTheAnswer() throws Exception {
        JsonNode record = record(form("images/edits", "img", "b64_json", 100));

        assertThat(record.path("usage").path("images").asLong()).isOne();
        assertThat(record.path("cost").path("nanos").asLong()).isEqualTo(40_000_000);
    }

    @Test
    void spokenCharactersAreThoseThatPeopleCount() throws Exception {
        String text = "A\\u00e9\uD83D\uDE00\\n!";
        JsonNode record =
                record(
                        post(
                                "/v1/audio/speech",
                                "{\"model\":\"tasks/say\",\"voice\":\"alloy\",\"input\":\"%s\"}"
                                        .formatted(text)));
        assertThat(record.at("/usage/characters").asLong()).isEqualTo(5);
        assertThat(record.at("/cost/nanos").asLong()).isEqualTo(75_000);
    }

    @Test
    void theRecordSaysWhichImagesWereMade() throws Exception {
        JsonNode record =
                record(
                        post(
                                "/v1/images/generations",
                                "{\"model\":\"tasks/pic\",\"prompt\":\"a\",\"size\":\"1792x1024\",\"quality\":\"hd\"}"));
        assertThat(record.at("/usage/image_size").asString("")).isEqualTo("1792x1024");
        assertThat(record.at("/usage/image_quality").asString("")).isEqualTo("hd");
    }

    @Test
    void imagesOfAFormOfWhichNothingIsKnownAreReservedAsTheDearestAndBilledAsTheUsual()
            throws Exception {
        JsonNode record = record(form("images/edits", "pic", "b64_json", 100));
        assertThat(record.at("/cost/nanos").asLong()).isEqualTo(40_000_000);
        limit("[{\"kind\":\"money\",\"period\":\"total\",\"amount\":\"0.0001\"}]");
        HttpResponse<String> refused = form("images/edits", "pic", "b64_json", 100);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("1.2");
    }

    @Test
    void moreImagesThanTheBudgetPaysAreRefusedBeforeTheyAreMade() throws Exception {
        long spent = standing("[{\"kind\":\"money\",\"period\":\"total\",\"amount\":\"1000\"}]");
        limit(
                "[{\"kind\":\"money\",\"period\":\"total\",\"amount\":\"%s\"}]"
                        .formatted(BigDecimal.valueOf(spent + 100_000_000, 9)));
        String three = "{\"model\":\"tasks/img\",\"prompt\":\"a house\",\"n\":3}";
        gateway.simulator().sightings().reset();

        HttpResponse<String> refused = post("/v1/images/generations", three);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("insufficient_quota", "0.12");
        assertThat(gateway.simulator().sightings().all()).isEmpty();
        assertThat(post("/v1/images/generations", three.replace("3", "2")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void everyKindOfTokenHasItsOwnPrice() throws Exception {
        String openAi =
                "tasks/sim-1!input-tokens=1000,cached-tokens=400,output-tokens=200,reasoning-tokens=50";
        String anthropic =
                "claude/sim-1!input-tokens=1000,cached-tokens=400,cache-write-tokens=300,output-tokens=200";

        JsonNode read = record(post("/v1/chat/completions", CHAT.formatted(openAi)));
        JsonNode written = record(post("/v1/messages", CHAT.formatted(anthropic)));

        assertThat(read.path("cost").path("nanos").asLong())
                .as("%s", read)
                .isEqualTo((600 * 3 + 120 + 150 * 15 + 50 * 20) * 1_000L);
        assertThat(read.path("cost").path("reasoning_price").asString()).isEqualTo("20");
        assertThat(read.path("cost").path("cached_input_price").asString()).isEqualTo("0.3");
        JsonNode usage = written.path("usage");
        long plain =
                usage.path("input_tokens").asLong()
                        - usage.path("cache_read_tokens").asLong()
                        - usage.path("cache_write_tokens").asLong();
        assertThat(usage.path("cache_write_tokens").asLong()).isEqualTo(300);
        assertThat(written.path("cost").path("nanos").asLong())
                .as("%s", written)
                .isEqualTo((plain * 3 + 120 + 1_125 + 200 * 15) * 1_000L);
        assertThat(written.path("cost").path("cache_write_long_price").asString()).isEqualTo("6");
    }

    @Test
    void rawProxyingCountsWhatATaskUsed() throws Exception {
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/proxy/v1/embeddings",
                        "{\"model\":\"each\",\"input\":\"some words\"}",
                        Map.of(
                                "authorization",
                                "Bearer " + gateway.apiKey(),
                                "x-upstream-name",
                                "tasks"));

        JsonNode usage = record(answer).path("usage");
        assertThat(usage.path("origin").asString()).isEqualTo("provider");
        assertThat(usage.path("input_tokens").asLong()).isPositive();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return gateway.send(
                "POST", path, body, Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    private HttpResponse<String> form(String path, String model, String format, int bytes)
            throws Exception {
        String form =
                part("name=\"model\"", "tasks/" + model)
                        + part("name=\"response_format\"", format)
                        + part("name=\"prompt\"", "red")
                        + part(
                                "name=\"%s\"; filename=\"f\""
                                        .formatted(path.startsWith("images") ? "image" : "file"),
                                "x".repeat(bytes))
                        + "--b--\r\n";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/" + path))
                        .header("authorization", "Bearer " + gateway.apiKey())
                        .header("content-type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String part(String disposition, String content) {
        return "--b\r\ncontent-disposition: form-data; "
                + disposition
                + "\r\n\r\n"
                + content
                + "\r\n";
    }

    private JsonNode record(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.record(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private void limit(String limits) throws Exception {
        JsonNode answer =
                gateway.admin(
                        "PUT",
                        "/admin/limits",
                        "{\"scope\":\"key\",\"subject_id\":\"%s\",\"limits\":%s}"
                                .formatted(key, limits));
        assertThat(answer.has("limits")).as("%s", answer).isTrue();
    }

    /** {@return what was spent of that budget, in nano-units} */
    private long standing(String limits) throws Exception {
        limit(limits);
        return new BigDecimal(standing().path("used").asString())
                .movePointRight(9)
                .longValueExact();
    }

    private JsonNode standing() throws Exception {
        return gateway.admin("GET", "/admin/limits/explain?key=" + key, null).path("items").path(0);
    }
}
