package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.upstream.PresetsTest;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each flag of each vendor's preset (wire-contract §1.5), by what it does to a call. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VendorPresetsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String TOOL =
            "\"tools\":[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\"}}]";

    /** What older names of OpenAI's protocol mean, for vendors whose entry names no protocol. */
    private static final Map<String, String> OLDER_NAMES =
            Map.of("developerRole", "false", "maxTokensField", "max_tokens");

    private RunningGateway gateway;

    /** Calls a vendor's upstream, and looks at what it was sent or what it answered. */
    private interface Effect {
        void isSeen(String vendor, String value) throws Exception;
    }

    private final Map<String, Effect> effects = new HashMap<>();

    VendorPresetsTest() {
        effects.put("developerRole", this::developers);
        effects.put("maxTokensField", this::limits);
        effects.put("credential", this::credentials);
        effects.put("openAiFields", this::openAiFields);
        effects.put("customTools", this::customTools);
        effects.put("topK", this::topK);
        effects.put("cacheMarks", this::cacheMarks);
        effects.put("reasoningIn", this::reasoningIn);
        effects.put("jsonSchema", this::jsonSchema);
        effects.put("imageUrl", this::imageUrl);
        effects.put("streamOptions", this::streamOptions);
        effects.put("toolChoiceRequiredWord", this::requiredWord);
        effects.put("reasoningEffort", this::reasoningEffort);
        effects.put("thinkTags", this::thinkTags);
        effects.put("functionCallId", this::functionCallId);
        effects.put("labels", this::labels);
        effects.put("countWholeRequest", this::countWholeRequest);
        effects.put("platform", this::platform);
        effects.put("outputConfig", this::outputConfig);
        effects.put("betas", this::betas);
    }

    private static JsonNode shipped() throws Exception {
        try (InputStream file = VendorPresetsTest.class.getResourceAsStream("/providers.json")) {
            return JSON.readTree(Objects.requireNonNull(file));
        }
    }

    private static Map<String, String> flags(JsonNode preset) {
        Map<String, String> flags = new HashMap<>();
        if (!preset.has("protocols")) {
            flags.putAll(OLDER_NAMES);
        }
        preset.path("capabilities")
                .forEachEntry((name, value) -> flags.put(name, value.asString()));
        return flags;
    }

    static List<Arguments> presets() throws Exception {
        List<Arguments> presets = new ArrayList<>();
        for (JsonNode preset : shipped()) {
            flags(preset)
                    .forEach((flag, value) ->
                            presets.add(
                                    Arguments.of(preset.path("provider").asString(), flag, value)));
        }
        return presets;
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        for (JsonNode preset : shipped()) {
            String vendor = preset.path("provider").asString();
            String protocol = preset.path("protocols").path(0).asString("openai-chat");
            JsonNode made =
                    gateway.admin(
                            "POST",
                            "/admin/upstreams",
                            """
                            {"name":"at-%1$s","provider":"%1$s","base_url":"%2$s","api_key":"%3$s",
                             "protocols":["%4$s"],"discover_models":false}
                            """
                                    .formatted(
                                            vendor,
                                            url(vendor),
                                            RunningGateway.UPSTREAM_KEY,
                                            protocol));
            assertThat(made.has("id")).as(made.toString()).isTrue();
        }
    }

    private String url(String vendor) {
        return vendor.startsWith("vertex")
                ? gateway.simulatorUrl() + "/v1/projects/p/locations/l"
                : gateway.simulatorUrl();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void everyVendorOfTheTableHasAPreset() throws Exception {
        assertThat(shipped().valueStream())
                .extracting(preset -> preset.path("provider").asString())
                .containsAll(PresetsTest.VENDORS);
    }

    @ParameterizedTest(name = "{0}: {1}={2}")
    @MethodSource("presets")
    void aFlagDoesWhatItSays(String vendor, String flag, String value) throws Exception {
        gateway.simulator().sightings().reset();
        Effect effect = effects.get(flag);
        assertThat(effect).as("an effect of " + flag + " that can be seen").isNotNull();

        Objects.requireNonNull(effect).isSeen(vendor, value);
    }

    private HttpResponse<String> call(String path, String vendor, String model, String rest)
            throws Exception {
        return gateway.send(
                "POST",
                path,
                "{\"model\":\"at-" + vendor + "/" + model + "\"," + rest + "}",
                Map.of("authorization", "Bearer " + gateway.apiKey()));
    }

    /** {@return what the upstream was sent by a client of Chat} */
    private JsonNode chat(String vendor, String rest) throws Exception {
        return sent(call("/v1/chat/completions", vendor, "sim-1", rest));
    }

    private JsonNode message(String vendor, String rest) throws Exception {
        return sent(call("/v1/messages", vendor, "sim-1", "\"max_tokens\":50," + rest));
    }

    private JsonNode response(String vendor, String rest) throws Exception {
        return sent(call("/v1/responses", vendor, "sim-1", rest));
    }

    private JsonNode sent(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(gateway.simulator().sightings().all().getLast().bodyText());
    }

    private void developers(String vendor, String value) throws Exception {
        JsonNode sent =
                chat(vendor, HELLO.replace("[", "[{\"role\":\"developer\",\"content\":\"S\"},"));
        assertThat(sent.at("/messages/0/role").asString())
                .isEqualTo(value.equals("true") ? "developer" : "system");
    }

    private void limits(String vendor, String value) throws Exception {
        JsonNode sent = message(vendor, HELLO);
        assertThat(sent.path(value).asInt()).isEqualTo(50);
        assertThat(sent.has("max_tokens") && sent.has("max_completion_tokens")).isFalse();
    }

    private void credentials(String vendor, String value) throws Exception {
        chat(vendor, HELLO);
        String name = value.equals("bearer") ? "authorization" : value;
        assertThat(gateway.simulator().sightings().all().getLast().headers().get(name))
                .endsWith(RunningGateway.UPSTREAM_KEY);
    }

    private void openAiFields(String vendor, String value) throws Exception {
        JsonNode sent =
                response(
                        vendor,
                        "\"input\":\"Hello\",\"metadata\":{\"a\":\"b\"},"
                                + "\"prompt_cache_key\":\"k\",\"text\":{\"verbosity\":\"low\"}");
        for (String field : List.of("metadata", "prompt_cache_key", "verbosity")) {
            assertThat(sent.has(field)).as(field).isEqualTo(value.equals("true"));
        }
    }

    private void customTools(String vendor, String value) throws Exception {
        JsonNode sent =
                response(
                        vendor,
                        "\"input\":\"Hello\",\"tools\":[{\"type\":\"custom\",\"name\":\"t\"}]");
        assertThat(sent.at("/tools/0/type").asString())
                .isEqualTo(value.equals("true") ? "custom" : "function");
    }

    private void topK(String vendor, String value) throws Exception {
        JsonNode sent = message(vendor, "\"top_k\":5," + HELLO);
        assertThat(sent.has("top_k")).isEqualTo(value.equals("true"));
    }

    private void cacheMarks(String vendor, String value) throws Exception {
        JsonNode sent =
                message(
                        vendor,
                        HELLO.replace(
                                "\"Hello\"",
                                "[{\"type\":\"text\",\"text\":\"Hello\","
                                        + "\"cache_control\":{\"type\":\"ephemeral\"}}]"));
        assertThat(sent.at("/messages/0/content/0").has(value)).isTrue();
    }

    /** A call that was thought about, and its result. */
    private void reasoningIn(String vendor, String value) throws Exception {
        boolean details = value.equals("reasoning_details");
        String model = details ? "anthropic/claude-sonnet-4-6" : "sim-1";
        String field = details ? ",reasoning-field=details" : "";
        String ask = "\"max_tokens\":5000,\"thinking\":{\"type\":\"adaptive\"}," + TOOL + ",";
        HttpResponse<String> first =
                call("/v1/messages", vendor, model + "!reasoning=3,tool" + field, ask + HELLO);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        JsonNode content = JSON.readTree(first.body()).path("content");
        String id = content.path(content.size() - 1).path("id").asString();
        assertThat(content.path(0).path("type").asString()).isEqualTo("thinking");

        String turns =
                """
                "messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":%s},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"%s","content":"1"}]}]
                """
                        .formatted(content, id);
        JsonNode sent = sent(call("/v1/messages", vendor, model, ask + turns));
        assertThat(sent.at("/messages/1").has(value)).as(sent.toString()).isTrue();
    }

    private void jsonSchema(String vendor, String value) throws Exception {
        JsonNode sent =
                response(
                        vendor,
                        """
                        "input":"Say it in JSON","text":{"format":{"type":"json_schema","name":"n",
                         "schema":{"type":"object","properties":{"a":{"type":"string"}}}}}
                        """);
        assertThat(sent.at("/response_format/type").asString())
                .isEqualTo(value.equals("true") ? "json_schema" : "json_object");
    }

    private void imageUrl(String vendor, String value) throws Exception {
        if (vendor.endsWith("-anthropic")) {
            assertThat(imageForChat(vendor).statusCode()).isEqualTo(400);
            assertThat(gateway.simulator().sightings().all()).isEmpty();
            return;
        }
        HttpResponse<String> answer =
                call(
                        "/v1/messages",
                        vendor,
                        "sim-1",
                        """
                        "max_tokens":50,"messages":[{"role":"user","content":[{"type":"image",
                         "source":{"type":"url","url":"https://example.com/a.png"}}]}]
                        """);
        assertThat(answer.statusCode()).isEqualTo(value.equals("true") ? 200 : 400);
        assertThat(gateway.simulator().sightings().all()).hasSize(value.equals("true") ? 1 : 0);
    }

    private HttpResponse<String> imageForChat(String vendor) throws Exception {
        return call(
                "/v1/chat/completions",
                vendor,
                "sim-1",
                """
                "messages":[{"role":"user","content":[{"type":"image_url",
                 "image_url":{"url":"https://example.com/a.png"}}]}]
                """);
    }

    private void platform(String vendor, String value) throws Exception {
        chat(vendor, HELLO);
        String path =
                switch (vendor) {
                    case "azure" -> "/openai/v1/chat/completions";
                    case "vertex" -> "/publishers/google/models/sim-1:generateContent";
                    case "bedrock-anthropic" -> "/model/sim-1/invoke";
                    case "vertex-anthropic" -> "/publishers/anthropic/models/sim-1:rawPredict";
                    default -> throw new AssertionError(vendor + " is at no " + value);
                };
        assertThat(gateway.simulator().sightings().all().getLast().target()).endsWith(path);
    }

    private void outputConfig(String vendor, String value) throws Exception {
        JsonNode sent =
                chat(
                        vendor,
                        """
                        "messages":[{"role":"user","content":"Say it in JSON"}],
                        "response_format":{"type":"json_schema","json_schema":{"name":"n",
                         "schema":{"type":"object","properties":{"a":{"type":"string"}}}}}
                        """);
        assertThat(sent.has("output_config")).isEqualTo(value.equals("true"));
        assertThat(sent.has("tools")).isEqualTo(value.equals("false"));
    }

    private void betas(String vendor, String value) throws Exception {
        String known = value.split(",", -1)[0];
        HttpResponse<String> answer =
                gateway.send(
                        "POST",
                        "/v1/messages",
                        "{\"model\":\"at-" + vendor + "/sim-1\",\"max_tokens\":50," + HELLO + "}",
                        Map.of(
                                "authorization",
                                "Bearer " + gateway.apiKey(),
                                "anthropic-beta",
                                known + ",made-up-2020-01-01"));
        JsonNode sent = sent(answer);
        assertThat(sent.path("anthropic_beta").toString()).isEqualTo("[\"" + known + "\"]");
        assertThat(answer.headers().firstValue("x-sluice-warnings"))
                .hasValue("dropped:anthropic-beta");
    }

    private void streamOptions(String vendor, String value) throws Exception {
        assertThat(chat(vendor, "\"stream\":true," + HELLO).has("stream_options"))
                .isEqualTo(value.equals("true"));
        assertThat(message(vendor, "\"stream\":true," + HELLO).has("stream_options"))
                .isEqualTo(value.equals("true"));
    }

    private void requiredWord(String vendor, String value) throws Exception {
        JsonNode sent = message(vendor, TOOL + ",\"tool_choice\":{\"type\":\"any\"}," + HELLO);
        assertThat(sent.path("tool_choice").asString()).isEqualTo(value);
    }

    private void reasoningEffort(String vendor, String value) throws Exception {
        JsonNode sent = response(vendor, "\"input\":\"Hello\",\"reasoning\":{\"effort\":\"high\"}");
        assertThat(sent.has("reasoning_effort")).isEqualTo(value.equals("true"));
    }

    private void thinkTags(String vendor, String value) throws Exception {
        HttpResponse<String> answer =
                call(
                        "/v1/messages",
                        vendor,
                        "sim-1!reasoning=3,reasoning-field=think",
                        "\"max_tokens\":500,\"thinking\":{\"type\":\"adaptive\"}," + HELLO);
        assertThat(answer.body().contains("<think>")).isNotEqualTo(value.equals("true"));
        assertThat(JSON.readTree(answer.body()).at("/content/0/type").asString())
                .isEqualTo("thinking");
    }

    private void functionCallId(String vendor, String value) throws Exception {
        JsonNode sent =
                chat(
                        vendor,
                        """
                        "messages":[{"role":"user","content":"Hello"},{"role":"assistant",
                         "tool_calls":[{"id":"c1","type":"function","function":{"name":"weather",
                          "arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}]
                        """);
        assertThat(sent.at("/contents/1/parts/0/functionCall").has("id"))
                .isEqualTo(value.equals("true"));
        assertThat(sent.at("/contents/1/parts/0/functionCall/name").asString())
                .isEqualTo("weather");
    }

    private void labels(String vendor, String value) throws Exception {
        JsonNode sent = chat(vendor, "\"metadata\":{\"team\":\"a\"}," + HELLO);
        assertThat(sent.at("/labels/team").asString("").equals("a"))
                .isEqualTo(value.equals("true"));
    }

    private void countWholeRequest(String vendor, String value) throws Exception {
        JsonNode sent =
                sent(
                        call(
                                "/v1/messages/count_tokens",
                                vendor,
                                "sim-1",
                                "\"system\":\"S\"," + HELLO));
        assertThat(sent.has("generateContentRequest")).isEqualTo(value.equals("true"));
        assertThat(sent.toString()).contains("Hello");
    }
}
