package dev.sluice.proxy.dispatch.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.proxy.Fixtures;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassifierTest {
    private final FailureClassifier classifier = new FailureClassifier();

    /** What providers have been seen to answer, or say that they do. */
    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    OpenAI, no quota          | 429 | {"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}} | QUOTA
                    OpenAI, rate              | 429 | {"error":{"message":"Rate limit reached for gpt-4o in organization org-1 on tokens per min (TPM)","type":"tokens","param":null,"code":"rate_limit_exceeded"}} | LIMITED
                    OpenAI, key               | 401 | {"error":{"message":"Incorrect API key provided: sk-a***. ","type":"invalid_request_error","param":null,"code":"invalid_api_key"}} | CREDENTIAL
                    OpenAI, country           | 403 | {"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported","param":null,"type":"request_forbidden"}} | REGION
                    OpenAI, no such model     | 404 | {"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}} | MODEL_GONE
                    OpenAI, no access         | 403 | {"error":{"message":"Project `p` does not have access to model `o3`","type":"invalid_request_error","param":null,"code":"model_not_found"}} | MODEL_GONE
                    OpenAI, too long          | 400 | {"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}} | CONTEXT_OVERFLOW
                    OpenAI, policy            | 400 | {"error":{"code":"content_policy_violation","message":"Your request was rejected as a result of our safety system.","param":null,"type":"invalid_request_error"}} | CONTENT_REFUSED
                    OpenAI, bad value         | 400 | {"error":{"message":"Invalid value for 'temperature'","type":"invalid_request_error","param":"temperature","code":null}} | CALLER
                    OpenAI, earlier response  | 404 | {"error":{"message":"Previous response with id 'resp_1' not found.","type":"invalid_request_error","param":"previous_response_id","code":"previous_response_not_found"}} | CALLER
                    OpenAI, server            | 500 | {"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}} | TRANSIENT
                    Azure, filter             | 400 | {"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","type":null,"param":"prompt","code":"content_filter","status":400}} | CONTENT_REFUSED
                    Vertex, model             | 404 | {"error":{"code":404,"message":"Publisher Model `projects/p/locations/l/publishers/anthropic/models/m` was not found or your project does not have access to it.","status":"NOT_FOUND"}} | MODEL_GONE
                    Azure, deployment         | 404 | {"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}} | MODEL_GONE
                    Anthropic, overloaded     | 529 | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}} | TRANSIENT
                    Anthropic, in the stream  | 0   | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}} | TRANSIENT
                    Anthropic, credit         | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}} | QUOTA
                    Anthropic, too long       | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}} | CONTEXT_OVERFLOW
                    Anthropic, key            | 401 | {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}} | CREDENTIAL
                    Anthropic, not allowed    | 403 | {"type":"error","error":{"type":"permission_error","message":"Your API key does not have permission"}} | FORBIDDEN
                    OpenRouter, moderation    | 403 | {"error":{"code":403,"message":"This model requires moderation on OpenRouter. Your input was flagged."}} | CONTENT_REFUSED
                    Anthropic, model          | 404 | {"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}} | MODEL_GONE
                    Gemini, key               | 400 | {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}} | CREDENTIAL
                    Gemini, rate              | 429 | [{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"36s"}]}}] | LIMITED
                    Gemini, too long          | 400 | {"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}} | CONTEXT_OVERFLOW
                    Gemini, place             | 400 | {"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}} | REGION
                    Gemini, overloaded        | 503 | {"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}} | TRANSIENT
                    DeepSeek, money           | 402 | {"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}} | QUOTA
                    DeepSeek, content         | 400 | {"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}} | CONTENT_REFUSED
                    Groq, gone                | 400 | {"error":{"message":"The model `x` has been decommissioned","type":"invalid_request_error","code":"model_decommissioned"}} | MODEL_GONE
                    Groq, flex                | 498 | {"error":{"message":"capacity exceeded"}} | TRANSIENT
                    OpenRouter, no endpoint   | 404 | {"error":{"message":"No endpoints found for a/b.","code":404}} | MODEL_GONE
                    DashScope, arrears        | 400 | {"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing.","type":"Arrearage"}} | QUOTA
                    Moonshot, quota           | 429 | {"error":{"type":"exceeded_current_quota_error","message":"Your account is not active"}} | QUOTA
                    vLLM, too long            | 400 | {"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400} | CONTEXT_OVERFLOW
                    llama.cpp, too long       | 400 | {"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}} | CONTEXT_OVERFLOW
                    a wrong base_url          | 404 | <html><title>404 Not Found</title></html> | UNKNOWN
                    a gateway before it       | 502 | <html><title>Bad Gateway</title></html> | TRANSIENT
                    Cloudflare                | 524 | error code: 524 | TRANSIENT
                    a redirect                | 302 | `` | UNKNOWN
                    nothing at all            | 0   | `` | TRANSIENT
                    too large                 | 413 | {"error":{"message":"Request too large"}} | CALLER
                    """)
    void whatProvidersSayIsUnderstood(String who, int status, String body, FailureClass expected) {
        UpstreamError read =
                ErrorReader.read(
                        status, body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
        UpstreamError said =
                new UpstreamError(
                        status == 0 ? read.status() : status,
                        read.type(),
                        read.code(),
                        read.message(),
                        read.param(),
                        read.retryAfterMillis());
        assertThat(classifier.classify(said, Echo.NONE)).as(who).isEqualTo(expected);
    }

    @Test
    void everyEntryHasItsSourceAndNoneIsHiddenByAnEarlierOne() {
        Set<String> words = new HashSet<>();
        for (FailureClassifier.Entry entry : FailureClassifier.ENTRIES) {
            assertThat(entry.source()).isNotBlank();
            assertThat(entry.words())
                    .allSatisfy(word -> {
                        assertThat(word).isEqualTo(word.toLowerCase(Locale.ROOT));
                        assertThat(words.add(word)).as(word + " stands once").isTrue();
                    });
            int status = entry.statuses().stream().sorted().findFirst().orElse(400);
            String word = entry.words().isEmpty() ? "" : entry.words().getFirst();
            assertThat(classifier.classify(error(status, word), Echo.NONE))
                    .as("%s", entry)
                    .isEqualTo(entry.means());
        }
    }

    @Test
    void anOperatorsListOfStatusesStandsInPlaceOfTheBuiltInOne() {
        Upstream upstream = Fixtures.retrying(Fixtures.upstream("u", "m"), Set.of(400, 429));
        assertThat(classifier.classify(error(400, "odd"), upstream, Echo.NONE))
                .isEqualTo(FailureClass.TRANSIENT);
        assertThat(classifier.classify(error(429, "slow down"), upstream, Echo.NONE))
                .isEqualTo(FailureClass.LIMITED);
        assertThat(classifier.classify(error(500, "broken"), upstream, Echo.NONE))
                .isEqualTo(FailureClass.CALLER);
        assertThat(classifier.classify(error(401, "key"), upstream, Echo.NONE))
                .isEqualTo(FailureClass.CREDENTIAL);
    }

    private static UpstreamError error(int status, String message) {
        return new UpstreamError(status, null, null, message, null, null);
    }
}
