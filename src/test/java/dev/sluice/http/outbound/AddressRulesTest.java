package dev.sluice.http.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.address.AddressRules;
import dev.sluice.http.client.OutboundFailure;
import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    @ParameterizedTest
    @CsvSource({
        // address, an operator's upstream, a public URL
        "93.184.216.34, true, true",
        "1.1.1.1, true, true",
        "2606:4700::1111, true, true",
        "127.0.0.1, true, false",
        "127.255.255.254, true, false",
        "::1, true, false",
        "10.1.2.3, true, false",
        "172.16.0.1, true, false",
        "172.31.255.255, true, false",
        "172.32.0.1, true, true",
        "192.168.1.1, true, false",
        "100.64.0.1, true, false",
        "100.128.0.1, true, true",
        "198.18.0.1, true, false",
        "192.0.2.1, true, false",
        "203.0.113.9, true, false",
        "240.0.0.1, true, false",
        "fc00::1, true, false",
        "fd12:3456::1, true, false",
        "2001:db8::1, true, false",
        "2001::1, true, false",
        "169.254.169.254, false, false",
        "169.254.0.1, false, false",
        "100.100.100.200, false, false",
        "168.63.129.16, false, false",
        "192.0.0.192, false, false",
        "fd00:ec2::254, false, false",
        "fe80::1, false, false",
        "febf::1, false, false",
        "fec0::1, true, false",
        "0.0.0.0, false, false",
        "0.1.2.3, false, false",
        "::, false, false",
        "224.0.0.1, false, false",
        "239.255.255.255, false, false",
        "255.255.255.255, false, false",
        "ff02::1, false, false",
        // an IPv4 address in an IPv6 coat
        "::ffff:169.254.169.254, false, false",
        "::ffff:127.0.0.1, true, false",
        "::ffff:1.1.1.1, true, true",
        "::169.254.169.254, false, false",
        "::127.0.0.1, true, false",
        "2002:a9fe:a9fe::1, false, false",
        "2002:7f00:1::1, true, false",
        "2002:101:101::1, true, true",
        "64:ff9b::169.254.169.254, false, false",
        "64:ff9b::10.0.0.1, true, false",
        "64:ff9b::1.1.1.1, true, true",
        "64:ff9b:1::1.1.1.1, false, false"
    })
    void aPolicyJudgesTheAddressItself(String address, boolean operator, boolean everybody) {
        InetAddress literal = InetAddress.ofLiteral(address);
        assertThat(AddressRules.allows(AddressPolicy.OPERATOR, literal)).isEqualTo(operator);
        assertThat(AddressRules.allows(AddressPolicy.PUBLIC, literal)).isEqualTo(everybody);
        assertThat(AddressRules.allows(AddressPolicy.ANYTHING, literal)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433", "0x7f000001", "0x7f.1", "127.1", "127.0.1", "0177.0.0.1",
                "127.0.0.01", "1.2.3.4.5", "1.2.3.256", "example.1", "fe80::1%eth0", "127.0.0.1."
            })
    void anOddSpellingOfAnAddressIsRefused(String host) {
        assertThat(AddressGuard.isLiteral(host)).isTrue();
        assertThatThrownBy(() -> AddressGuard.literal(host))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.com", "a1.b2c", "1e100.net", "ollama", "x0x.ab", "example.com."})
    void aNameIsNoAddress(String host) {
        assertThat(AddressGuard.isLiteral(host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://API.Example.com/v1?a=b, api.example.com, 443, /v1?a=b",
        "http://my_service:8080, my_service, 8080, /",
        "http://[2606:4700::1111]:81/x, 2606:4700::1111, 81, /x",
        "http://a?x=y, a, 80, /?x=y",
        "http://a/%2e%2e/b%0d%0a#frag, a, 80, /%2e%2e/b%0d%0a"
    })
    void aUriLeadsToItsHost(URI uri, String host, int port, String target) {
        Destination destination = Destination.of(uri);
        assertThat(destination.host()).isEqualTo(host);
        assertThat(destination.port()).isEqualTo(port);
        assertThat(destination.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a@b/",
                "http://a:b@c/",
                "file:///etc/passwd",
                "http:///x",
                "//a/x",
                "x",
                "http://a:0/",
                "http://a:65536/",
                "http://a。b/",
                "http://a/é",
                "jar:http://a!/b"
            })
    void aUriThatLeadsNowhereIsRefused(URI uri) {
        assertThatThrownBy(() -> Destination.of(uri)).isInstanceOf(OutboundFailure.class);
    }

    @Test
    void theMessageOfARefusalHoldsNothingOfTheUri() {
        assertThatThrownBy(() -> Destination.of(URI.create("http://user:secret@host/?key=hidden")))
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("hidden");
    }
}
