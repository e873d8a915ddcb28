package dev.sluice.admin.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.store.Vendor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad bodies and parameters; each answer names what is wrong. */
class KeyValidationTest {
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
                    {}                                                   | name              | missing
                    {"name":""}                                          | name              | string_too_short
                    {"name":5}                                           | name              | type
                    {"name":null}                                        | name              | type
                    {"name":"a","upstream_ids":[]}                       | upstream_ids      | too_short
                    {"name":"a","upstream_ids":["x"]}                    | upstream_ids[0]   | uuid_parsing
                    {"name":"a","upstream_ids":"x"}                      | upstream_ids      | type
                    {"name":"a","expires_at":"tomorrow"}                 | expires_at        | datetime_parsing
                    {"name":"a","expires_at":"2026-05-01T10:00:00Z"}     | expires_at        | not_in_future
                    {"name":"a","expires_at":"2026-05-01T11:00:00+02:00"}| expires_at        | not_in_future
                    {"name":"a","permissions":[]}                        | permissions       | too_short
                    {"name":"a","permissions":["write","root"]}          | permissions[1]    | enum
                    {"name":"a","key":"short"}                           | key               | string_too_short
                    {"name":"a","key":"with space 0123456"}              | key               | string_pattern_mismatch
                    {"name":"a","nmae":"b"}                              | nmae              | extra_forbidden
                    {"name":"a","is_active":false}                       | is_active         | extra_forbidden
                    {"name":"a\\u0000b"}                                 | name              | string_pattern_mismatch
                    []                                                   | ''                | type
                    """)
    void aBadBodyIsRefusedAndTheFieldIsNamed(String body, String param, String type) {
        Reply reply = GATEWAY.post("/admin/keys", body);
        assertThat(reply.status()).as("%s", reply).isEqualTo(422);
        assertThat(reply.param()).isEqualTo(param);
        assertThat(reply.body().path("detail").path(0).path("type").stringValue()).isEqualTo(type);
        assertThat(reply.body().path("detail").path(0).path("loc").path(0).stringValue())
                .isEqualTo("body");
        assertThat(reply.body().path("error").path("message").stringValue())
                .startsWith(param.isEmpty() ? "the body must" : param + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/keys?page=0, page",
        "/admin/keys?page=x, page",
        "/admin/keys?page=99999999999, page",
        "/admin/keys?page_size=101, page_size",
        "/admin/keys?page_size=0, page_size",
        "/admin/keys/not-a-uuid, id",
    })
    void aBadParameterIsRefusedAndNamed(String path, String param) {
        Reply reply = GATEWAY.get(path);
        assertThat(reply.status()).as("%s", reply).isEqualTo(422);
        assertThat(reply.param()).isEqualTo(param);
    }
}
