package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.delivery.Sighting;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
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

/** Anthropic's models at Amazon Bedrock, streams in AWS's own framing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BedrockTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String VERSION = "\"anthropic_version\":\"bedrock-2023-05-31\"";
    private static final String HELLO =
            "\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]";

    private RunningGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        gateway = RunningGateway.in(data, Map.of());
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        """
                        {"name":"b","provider":"bedrock-anthropic","base_url":"%s","api_key":"%s"}
                        """
                                .formatted(gateway.simulatorUrl(), RunningGateway.UPSTREAM_KEY));
        assertThat(made.has("id")).as(made.toString()).isTrue();
        gateway.addUpstream("own", "anthropic", "");
        addSigning("signed", RunningGateway.UPSTREAM_KEY);
        addSigning("forged", "another-secret");
    }

    private void addSigning(String name, String secret) throws Exception {
        String key =
                JSON.createObjectNode()
                        .put("access_key_id", "AKIDEXAMPLE")
                        .put("secret_access_key", secret)
                        .put("region", "us-east-1")
                        .toString();
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"%s\",\"provider\":\"bedrock-anthropic\",\"base_url\":\"%s\",\"api_key\":%s}"
                                .formatted(
                                        name,
                                        gateway.simulatorUrl(),
                                        JSON.writeValueAsString(key)));
        assertThat(made.path("api_key_masked").asString()).isEqualTo("AKIDEXAMPLE");
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
    void aMessagesBodyKeepsEveryByteButModelAndStream() throws Exception {
        HttpResponse<String> answer =
                messages("{ \"stream\" : false, \"model\":\"b/m:0\" ,  " + HELLO + " }");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/content/0/text").asString())
                .isEqualTo("You wrote: Hello there");
        assertThat(seen().target()).isEqualTo("/model/m%3A0/invoke");
        assertThat(seen().bodyText()).isEqualTo("{ " + VERSION + " ,  " + HELLO + " }");
        assertThat(seen().headers().get("authorization"))
                .isEqualTo("Bearer " + RunningGateway.UPSTREAM_KEY);
        assertThat(seen().headers().get("anthropic-version")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"''", "'!drip=7/1ms'", "'!chunks=500'", "'!reasoning=3'"})
    void aStreamIsTheSameAsAnthropicsOwn(String directives) throws Exception {
        String body = "{\"model\":\"%s/m" + directives + "\",\"stream\":true," + HELLO + "}";

        HttpResponse<String> here = messages(body.formatted("b"));
        assertThat(seen().target()).endsWith("/invoke-with-response-stream");
        HttpResponse<String> own = messages(body.formatted("own"));

        assertThat(here.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(withoutIds(here.body())).isEqualTo(withoutIds(own.body()));
        assertThat(here.body()).contains("event: message_stop");
    }

    private static String withoutIds(String stream) {
        return stream.replaceAll("\"(id|signature)\":\"[^\"]+\"", "");
    }

    @Test
    void otherProtocolsAreTranslatedToIt() throws Exception {
        String chat =
                "{\"model\":\"b/m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}";

        HttpResponse<String> plain = gateway.chat(chat.formatted(""));
        assertThat(JSON.readTree(plain.body()).at("/choices/0/message/content").asString())
                .isEqualTo("You wrote: Hello");

        HttpResponse<String> streamed = gateway.chat(chat.formatted(",\"stream\":true"));
        assertThat(streamed.body()).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
        assertThat(seen().target()).isEqualTo("/model/m/invoke-with-response-stream");
        assertThat(JSON.readTree(seen().bodyText()).has("stream")).isFalse();
    }

    @Test
    void betasStandInTheBodyAlone() throws Exception {
        messages(
                "{\"model\":\"b/m\"," + HELLO + "}",
                "anthropic-beta",
                "compact-2026-01-12,made-up-2020-01-01");

        assertThat(seen().bodyText())
                .startsWith("{" + VERSION + ",\"anthropic_beta\":[\"compact-2026-01-12\"],");
        assertThat(seen().headers().get("anthropic-beta")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "status=429,                429, rate_limit_error",
        "status=400,                400, invalid_request_error",
        "error-after=0;error=429,   429, rate_limit_error",
    })
    void errorsAreSaidInAnthropicsWords(String fault, int status, String type) throws Exception {
        HttpResponse<String> answer =
                messages(
                        "{\"model\":\"b/m!%s\",\"stream\":true,%s}"
                                .formatted(fault.replace(';', ','), HELLO));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).at("/error/type").asString()).isEqualTo(type);
    }

    @Test
    void anExceptionAmidTheStreamIsAnEventOfAnError() throws Exception {
        HttpResponse<String> answer =
                messages(
                        "{\"model\":\"b/m!error-after=5,error=529\",\"stream\":true,"
                                + HELLO
                                + "}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("event: error").contains("overloaded_error");
    }

    @Test
    void aStreamThatIsCutIsNotTakenForWhole() throws Exception {
        HttpResponse<String> answer =
                messages("{\"model\":\"b/m!end-after=5\",\"stream\":true," + HELLO + "}");

        assertThat(answer.body()).contains("event: error").doesNotContain("message_stop");
    }

    @ParameterizedTest
    @CsvSource({"false, 10", "true, 10", "false, 200000"})
    void anAccessKeySignsEveryRequest(boolean stream, int length) throws Exception {
        HttpResponse<String> answer =
                messages(
                        """
                        {"model":"signed/m:0 é","max_tokens":5,"stream":%s,
                         "messages":[{"role":"user","content":"%s"}]}
                        """
                                .formatted(stream, "é".repeat(length)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(seen().headers().get("authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                .contains("/us-east-1/bedrock/aws4_request");
        assertThat(seen().headers().get("authorization"))
                .doesNotContain(RunningGateway.UPSTREAM_KEY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openAisModelsAreBelowOpenAisPath(boolean signs) throws Exception {
        String key =
                signs
                        ? JSON.createObjectNode()
                                .put("access_key_id", "AKIDEXAMPLE")
                                .put("secret_access_key", RunningGateway.UPSTREAM_KEY)
                                .put("region", "us-east-1")
                                .toString()
                        : RunningGateway.UPSTREAM_KEY;
        JsonNode made =
                gateway.admin(
                        "POST",
                        "/admin/upstreams",
                        "{\"name\":\"o-%s\",\"provider\":\"bedrock\",\"base_url\":\"%s\",\"api_key\":%s}"
                                .formatted(
                                        signs,
                                        gateway.simulatorUrl() + "/openai/v1",
                                        JSON.writeValueAsString(key)));
        assertThat(made.has("id")).as(made.toString()).isTrue();

        HttpResponse<String> answer =
                gateway.chat(
                        "{\"model\":\"o-%s/openai.gpt-oss-20b-1:0\",\"stream\":true,%s}"
                                .formatted(signs, HELLO));

        assertThat(answer.body()).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
        assertThat(seen().target()).isEqualTo("/openai/v1/chat/completions");
        assertThat(seen().headers().get("authorization"))
                .startsWith(signs ? "AWS4-HMAC-SHA256 " : "Bearer ");
    }

    @Test
    void aWrongSecretIsTheOperatorsFault() throws Exception {
        HttpResponse<String> answer = messages("{\"model\":\"forged/m\"," + HELLO + "}");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("own account");
    }

    @Test
    void tokensAreCountedOfWhatWouldBeInvoked() throws Exception {
        HttpResponse<String> count =
                gateway.post(
                        "/v1/messages/count_tokens",
                        """
                        {"model":"b/m","messages":[{"role":"user","content":"Hello there"}]}
                        """);

        assertThat(count.body()).isEqualTo("{\"input_tokens\":3}");
        assertThat(count.headers().firstValue("x-sluice-warnings")).isEmpty();
        assertThat(seen().target()).isEqualTo("/model/m/count-tokens");
    }

    private Sighting seen() {
        return gateway.simulator().sightings().all().getLast();
    }

    private HttpResponse<String> messages(String body, String... headers) throws Exception {
        return gateway.post("/v1/messages", body, headers);
    }
}
