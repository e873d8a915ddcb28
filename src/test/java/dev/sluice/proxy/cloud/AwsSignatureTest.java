package dev.sluice.proxy.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Secret;
import dev.sluice.catalog.cloud.AwsAccessKey;
import dev.sluice.catalog.cloud.CloudAccount;
import dev.sluice.http.Headers;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWS's own examples of its signature, and where region and time come from. */
class AwsSignatureTest {
    private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");

    @Test
    void theEmptyRequestOfTheTestSuite() throws Exception {
        AwsSignature signature = new AwsSignature(key(""), "us-east-1", "service");

        String header = header(signature, request("https://example.amazonaws.com/", Headers.EMPTY));

        assertThat(header)
                .isEqualTo(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                                + " SignedHeaders=host;x-amz-date, Signature="
                                + "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void theListOfUsersOfTheManual() throws Exception {
        AwsSignature signature = new AwsSignature(key(""), "us-east-1", "iam");
        Headers headers =
                Headers.of("content-type", "application/x-www-form-urlencoded; charset=utf-8");

        String header =
                header(
                        signature,
                        request(
                                "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                                headers));

        assertThat(header)
                .contains("SignedHeaders=content-type;host;x-amz-date")
                .endsWith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    @ParameterizedTest
    @CsvSource({
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/invoke, '',          eu-west-1",
        "https://bedrock-mantle.us-east-2.api.aws/v1/chat/completions,   '',          us-east-2",
        "https://vpce-1.example/model/m/invoke,                          us-west-2,   us-west-2",
    })
    void theRegionIsTheKeysOrTheHosts(String url, String own, String region) throws Exception {
        String more = own.isEmpty() ? "" : ",\"region\":\"" + own + "\"";
        AwsSigning signing = new AwsSigning(key(more), clock(), Runnable::run);

        OutboundRequest signed = signing.authorized(request(url, Headers.EMPTY)).result();

        assertThat(signed.headers().get("authorization"))
                .contains("/20150830/" + region + "/bedrock/aws4_request");
    }

    @Test
    void withoutARegionNothingIsSent() throws Exception {
        AwsSigning signing = new AwsSigning(key(""), clock(), Runnable::run);
        assertThat(signing.authorized(request("https://vpce-1.example/", Headers.EMPTY)).cause())
                .isInstanceOf(NoAccessToken.class)
                .hasMessageContaining("names a region");
    }

    @Test
    void aTemporaryKeysTokenIsSignedToo() throws Exception {
        AwsSignature signature =
                new AwsSignature(key(",\"session_token\":\"t/1+2=\""), "us-east-1", "bedrock");

        OutboundRequest signed =
                signature.signed(request("https://example.amazonaws.com/", Headers.EMPTY), NOW);

        assertThat(signed.headers().get("x-amz-security-token")).isEqualTo("t/1+2=");
        assertThat(signed.headers().get("authorization"))
                .contains("SignedHeaders=host;x-amz-date;x-amz-security-token");
    }

    private static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    private static AwsAccessKey key(String more) throws Exception {
        String example =
                "{\"access_key_id\":\"AKIDEXAMPLE\","
                        + "\"secret_access_key\":\"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\""
                        + more
                        + "}";
        return (AwsAccessKey) CloudAccount.read(new Secret(example));
    }

    private static String header(AwsSignature signature, OutboundRequest request) {
        return String.valueOf(signature.signed(request, NOW).headers().get("authorization"));
    }

    private static OutboundRequest request(String url, Headers headers) {
        Duration second = Duration.ofSeconds(1);
        return OutboundRequest.whole(
                "GET",
                URI.create(url),
                headers,
                Buffer.buffer(),
                new OutboundRequest.Timeouts(second, second, second),
                AddressPolicy.PUBLIC);
    }
}
