package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Certificates;
import dev.sluice.http.engine.connection.TlsFiles;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a browser's cookie must never be sent without TLS, over real sockets. */
class SecureCookiesTest {
    private static final String SIGN_IN =
            "{\"username\":\"ada\",\"password\":\"%s\",\"browser\":true}"
                    .formatted(People.PASSWORD);

    @TempDir Path folder;

    private RunningGateway gateway(Map<String, String> environment) throws Exception {
        RunningGateway gateway = RunningGateway.in(folder, environment);
        new People(gateway).person("ada", "member", null);
        return gateway;
    }

    private Map<String, String> tls() throws Exception {
        TlsFiles files = Certificates.selfSigned(folder);
        return Map.of(
                "SLUICE_TLS_CERTIFICATE",
                files.certificateChain().toString(),
                "SLUICE_TLS_KEY",
                files.privateKey().toString());
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("set-cookie").orElseThrow();
    }

    private static String cookie(RunningGateway gateway, Map<String, String> headers)
            throws Exception {
        return cookie(gateway.send("POST", "/auth/login", SIGN_IN, headers));
    }

    @Test
    void aCookieIsSecureWhereTheGatewayServesTlsItselfWhateverIsSaid() throws Exception {
        try (RunningGateway gateway = gateway(tls())) {
            assertThat(gateway.url()).startsWith("https://");
            HttpResponse<String> answer =
                    gateway.send(
                            "POST", "/auth/login", SIGN_IN, Map.of("x-forwarded-proto", "http"));
            String cookie = cookie(answer);
            assertThat(cookie)
                    .contains("; HttpOnly")
                    .contains("; SameSite=Strict")
                    .endsWith("; Secure");

            Map<String, String> headers = new HashMap<>();
            headers.put("cookie", cookie.substring(0, cookie.indexOf(';')));
            HttpResponse<String> me = gateway.send("GET", "/auth/me", null, headers);
            assertThat(me.statusCode()).isEqualTo(200);
            assertThat(gateway.send("POST", "/auth/logout", null, headers).statusCode())
                    .isEqualTo(403);
            headers.put(
                    "x-csrf-token",
                    me.body().replaceAll("(?s).*\"csrf_token\"\\s*:\\s*\"([^\"]+)\".*", "$1"));
            HttpResponse<String> out = gateway.send("POST", "/auth/logout", null, headers);
            assertThat(out.statusCode()).isEqualTo(200);
            assertThat(cookie(out)).contains("Max-Age=0").endsWith("; Secure");
            assertThat(gateway.send("GET", "/auth/me", null, headers).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aCookieIsSecureWhereATrustedProxySaysThatItWasHttps() throws Exception {
        try (RunningGateway gateway = gateway(Map.of("SLUICE_TRUSTED_PROXIES", "127.0.0.0/8"))) {
            for (String https : new String[] {"https", "HTTPS", "https, http"}) {
                assertThat(cookie(gateway, Map.of("x-forwarded-proto", https)))
                        .as(https)
                        .endsWith("; Secure");
            }
            for (String http : new String[] {"http", "http, https", "httpsx", ""}) {
                assertThat(cookie(gateway, Map.of("x-forwarded-proto", http)))
                        .as(http)
                        .doesNotContain("Secure");
            }
            assertThat(cookie(gateway, Map.of())).doesNotContain("Secure");
        }
    }

    @Test
    void nobodyElseIsBelieved() throws Exception {
        for (String proxies : new String[] {"10.0.0.0/8", ""}) {
            Path own = folder.resolve("trusting" + proxies.length());
            Map<String, String> environment =
                    proxies.isEmpty() ? Map.of() : Map.of("SLUICE_TRUSTED_PROXIES", proxies);
            try (RunningGateway gateway = RunningGateway.in(own, environment)) {
                new People(gateway).person("ada", "member", null);
                assertThat(cookie(gateway, Map.of("x-forwarded-proto", "https")))
                        .doesNotContain("Secure");
            }
        }
    }
}
