package dev.sluice.http.engine.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.HttpFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/a, /a, -, -",
                "/a?, /a, '', -",
                "/a?b=c, /a, b=c, -",
                "/a?key=secret, /a, -, secret",
                "/a?b=c&key=s%2Fe+t&d, /a, b=c&d, s/e t",
                "/a?%6bey=secret&b=%20c, /a, b=%20c, secret",
                "/a?key=one&key=two&b, /a, b, one",
                "/a?key&b, /a, b, ''",
                "/a?monkey=1&keys=2, /a, monkey=1&keys=2, -",
                "/a%2Fb?c?d, /a%2Fb, c?d, -",
                "http://host:80/a?b, /a, b, -",
                "HTTPS://host, /, -, -",
                "http://host?b, /, b, -",
                "/a.b/..c/...?d=../e, /a.b/..c/..., d=../e, -"
            })
    void theCredentialIsTakenOutOfTheQuery(
            String uri, String path, String query, String credential) {
        assertThat(RequestTarget.parse("GET", uri))
                .isEqualTo(new RequestTarget(path, query, credential));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "?",
                "host:443",
                "ftp://a/",
                "http://",
                "http:///a",
                "/a b",
                "/a#b",
                "/a\\b",
                "/\u00e9",
                "/a/../b",
                "/..",
                "/.",
                "/a/%2e%2e/b",
                "/a/.%2E",
                "/a%2f..%2fb",
                "/a/%2e%5c",
                "/a%00",
                "/a?%zz"
            })
    void whatIsNoTargetIsRefused(String uri) {
        assertThatThrownBy(() -> RequestTarget.parse("GET", uri))
                .isInstanceOfSatisfying(
                        HttpFailure.class, failure -> assertThat(failure.status()).isEqualTo(400));
    }

    @Test
    void aParameterIsDecoded() {
        RequestTarget target = RequestTarget.parse("GET", "/a?b=1%202+3&b=no&c&d%3D=e");
        assertThat(target.parameter("b")).isEqualTo("1 2 3");
        assertThat(target.parameter("c")).isEmpty();
        assertThat(target.parameter("d=")).isEqualTo("e");
        assertThat(target.parameter("x")).isNull();
        assertThat(RequestTarget.parse("OPTIONS", "*").path()).isEqualTo("*");
    }
}
