package dev.sluice.http.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.Headers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    10.0.0.1    | 1.2.3.4                     | 1.2.3.4
                    10.0.0.1    | 9.9.9.9, 1.2.3.4            | 1.2.3.4
                    10.0.0.1    | 1.2.3.4, 10.0.0.7           | 1.2.3.4
                    10.0.0.1    | 10.0.0.8, 10.0.0.7          | 10.0.0.8
                    10.0.0.1    | evil, 10.0.0.7              | 10.0.0.7
                    10.0.0.1    | 1.2.3.4, evil               | 10.0.0.1
                    fd00::1     | 2606:4700::1                | 2606:4700::1
                    8.8.8.8     | 1.2.3.4                     | 8.8.8.8
                    127.0.0.1   | 1.2.3.4                     | 127.0.0.1
                    """)
    void theClientIsTheLastThatIsNoTrustedProxy(String peer, String forwarded, String client) {
        TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "fd00::/8"));
        Headers headers = Headers.of("X-Forwarded-For", forwarded);
        assertThat(proxies.clientAddress(peer, headers)).isEqualTo(client);
        assertThat(TrustedProxies.NONE.clientAddress(peer, headers)).isEqualTo(peer);
        assertThat(proxies.clientAddress(peer, Headers.EMPTY)).isEqualTo(peer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0/8", "ten", "10.0.0.0/x", "::/129", ""})
    void aRangeThatIsNoneIsRefused(String range) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(range)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }
}
