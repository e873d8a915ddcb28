package dev.sluice.simulator.cloud;

import dev.sluice.http.Exchange;
import dev.sluice.simulator.delivery.Entrance;
import dev.sluice.simulator.endpoint.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Asks for AWS's signature, version 4, of access keys of any id; without one, for what the other
 * asks for.
 *
 * @param secret the keys' secret; null takes any
 */
public record AwsEntrance(@Nullable String secret, Clock clock, Entrance other)
        implements Entrance {
    private static final Pattern SIGNED =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=[^/]+/(\\d{8})/([^/]+)/([^/]+)/aws4_request,"
                            + " SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(5);

    @Override
    public void check(Exchange exchange, byte[] body) throws Refusal {
        String header = String.valueOf(exchange.headers().get("authorization"));
        if (!header.startsWith("AWS4")) {
            other.check(exchange, body);
            return;
        }
        Matcher signed = SIGNED.matcher(header);
        String time = String.valueOf(exchange.headers().get("x-amz-date"));
        if (!signed.matches() || !isNow(time) || !time.startsWith(signed.group(1))) {
            throw refused("Signature expired or incomplete.");
        }
        if (secret != null && !signature(exchange, body, signed, time).equals(signed.group(5))) {
            throw refused("The request signature we calculated does not match.");
        }
    }

    private String signature(Exchange exchange, byte[] body, Matcher signed, String time) {
        StringBuilder canonical = new StringBuilder();
        canonical.append(exchange.method()).append('\n');
        canonical.append(exchange.path().replace("%", "%25")).append('\n');
        canonical.append(exchange.query() == null ? "" : exchange.query()).append('\n');
        for (String name : signed.group(4).split(";", -1)) {
            canonical.append(name).append(':').append(exchange.headers().get(name)).append('\n');
        }
        canonical.append('\n').append(signed.group(4)).append('\n').append(hash(body));
        String scope =
                signed.group(1) + '/' + signed.group(2) + '/' + signed.group(3) + "/aws4_request";
        byte[] key = utf8("AWS4" + secret);
        for (String part : scope.split("/", -1)) {
            key = mac(key, part);
        }
        String text = "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n';
        return HexFormat.of().formatHex(mac(key, text + hash(utf8(canonical.toString()))));
    }

    private boolean isNow(String time) {
        try {
            Instant said = TIME.parse(time, Instant::from);
            return Duration.between(said, clock.instant()).abs().compareTo(SKEW) < 0;
        } catch (DateTimeParseException unreadable) {
            return false;
        }
    }

    private static Refusal refused(String message) {
        return new Refusal(403, null, message, null);
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every JDK knows HMAC with SHA-256", impossible);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every JDK knows SHA-256", impossible);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
