package dev.sluice.http.address;

import dev.sluice.http.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * The proxies in front of us whose {@code X-Forwarded-For} is believed. Each appends the address it
 * saw, so the client is the last address of the list that is not itself a trusted proxy; what
 * stands before it, the client may have made up.
 */
public final class TrustedProxies {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<AddressRange> ranges;

    /**
     * @param ranges such as {@code 10.0.0.0/8}
     */
    public TrustedProxies(List<String> ranges) {
        this.ranges = ranges.stream().map(AddressRange::parse).toList();
    }

    /** {@return the client's address, where that peer sent that request} */
    public String clientAddress(String peer, Headers headers) {
        if (ranges.isEmpty() || !isTrusted(peer)) {
            return peer;
        }
        String client = peer;
        for (String field : headers.all("x-forwarded-for").reversed()) {
            for (String hop : List.of(field.split(",", -1)).reversed()) {
                String address = hop.trim();
                if (!isAddress(address)) {
                    return client;
                }
                client = address;
                if (!isTrusted(address)) {
                    return client;
                }
            }
        }
        return client;
    }

    /** {@return whether that peer is one of them and had the request by TLS} */
    public boolean sayHttps(String peer, Headers headers) {
        String said = headers.get("x-forwarded-proto");
        return said != null
                && !ranges.isEmpty()
                && isTrusted(peer)
                && said.strip().toLowerCase(Locale.ROOT).matches("https(\\s*,.*)?");
    }

    private boolean isTrusted(String address) {
        InetAddress parsed = InetAddress.ofLiteral(withoutZone(address));
        return ranges.stream().anyMatch(range -> range.contains(parsed));
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return !text.isEmpty();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
