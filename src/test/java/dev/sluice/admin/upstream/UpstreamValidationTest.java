package dev.sluice.admin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.store.Vendor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bad bodies; each answer names the field. Every case is a field beside a good name and provider.
 */
class UpstreamValidationTest {
    private static final TestGateway GATEWAY = new TestGateway(Vendor.SQLITE);

    @AfterAll
    static void close() {
        GATEWAY.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "base_url":"api.example.com"                         | base_url
                    "base_url":"ftp://api.example.com"                   | base_url
                    "base_url":"https://"                                | base_url
                    "base_url":"https://user:pw@api.example.com"         | base_url
                    "base_url":"https://api.example.com?x=1"             | base_url
                    "base_url":"https://api.example.com#x"               | base_url
                    "base_url":"https://api.example.com:99999"           | base_url
                    "base_url":"https://api.example.com/a/../b"          | base_url
                    "base_url":"https://api .example.com"                | base_url
                    "base_url":null                                      | base_url
                    "api_key":""                                         | api_key
                    "api_key":"with space"                               | api_key
                    "api_key":"a","keys":[]                              | keys
                    "keys":[{"weight":1}]                                | keys[0].key
                    "keys":[{"key":"a","weight":0}]                      | keys[0].weight
                    "keys":[{"key":"a","kee":"b"}]                       | keys[0].kee
                    "keys":[{"key":"a","label":"x"},{"key":"b","label":"x"}] | keys[1].label
                    "protocols":[]                                       | protocols
                    "protocols":["openai"]                               | protocols[0]
                    "timeout":0                                          | timeout
                    "timeout":301                                        | timeout
                    "timeout":"60"                                       | timeout
                    "timeout":1.5                                        | timeout
                    "idle_timeout":0                                     | idle_timeout
                    "weight":0                                           | weight
                    "weight":null                                        | weight
                    "priority":-1                                        | priority
                    "max_qps":0                                          | max_qps
                    "max_concurrency":"5"                                | max_concurrency
                    "region":""                                          | region
                    "is_default":"yes"                                   | is_default
                    "headers":{"Bad Name":"x"}                           | headers.Bad Name
                    "headers":{"X-A":"two\\r\\nX-B: lines"}              | headers.X-A
                    "headers":{"Host":"other.example"}                   | headers.Host
                    "headers":{"Transfer-Encoding":"chunked"}            | headers.Transfer-Encoding
                    "retryable_status_codes":[200]                       | retryable_status_codes[0]
                    "models":[""]                                        | models[0]
                    "models":[{"name":"x"}]                              | models[0].id
                    "paths":{"chat":"//evil.example/x"}                  | paths.chat
                    "paths":{"chat":"https://evil.example/x"}            | paths.chat
                    "paths":{"chat":"/a/../../b"}                        | paths.chat
                    "paths":{"chat":"/a?b=c"}                            | paths.chat
                    "paths":{"chat":"/100%"}                             | paths.chat
                    "paths":{"embeddings":"/x"}                          | paths.embeddings
                    "capabilities":{"telepathy":true}                    | capabilities.telepathy
                    "capabilities":{"streamOptions":"no"}                | capabilities.streamOptions
                    "config":{}                                          | config
                    "baseurl":"https://x"                                | baseurl
                    """)
    void aBadFieldIsRefusedAndNamed(String field, String param) {
        Reply reply =
                GATEWAY.post(
                        "/admin/upstreams",
                        "{\"name\":\"n\",\"provider\":\"openai\"," + field + "}");
        assertThat(reply.status()).as("%s", reply).isEqualTo(422);
        assertThat(reply.param()).isEqualTo(param);
        assertThat(reply.body().path("error").path("message").stringValue())
                .startsWith(param + " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"provider":"openai"}                    | name
                    {"name":"n"}                             | provider
                    {"name":"n","provider":"a b"}            | provider
                    {"name":"n","provider":"my-own"}         | base_url
                    {"name":"n","provider":"simulator"}      | base_url
                    """)
    void whatANewUpstreamNeedsIsSaid(String body, String param) {
        Reply reply = GATEWAY.post("/admin/upstreams", body);
        assertThat(reply.status()).as("%s", reply).isEqualTo(422);
        assertThat(reply.param()).isEqualTo(param);
    }
}
