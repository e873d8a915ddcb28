package dev.sluice.proxy.cloud;

import dev.sluice.catalog.cloud.AwsAccessKey;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS's signature of a request, version 4: over method, path, query, host, time, content type and
 * the whole body.
 *
 * @param region such as {@code us-east-1}
 * @param service such as {@code bedrock}
 */
record AwsSignature(AwsAccessKey key, String region, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** {@return the request with its signature} */
    OutboundRequest signed(OutboundRequest request, Instant now) {
        String time = TIME.format(now);
        Headers headers = request.headers().with("x-amz-date", time);
        String token = key.sessionToken();
        if (token != null) {
            headers = headers.with("x-amz-security-token", token);
        }
        Map<String, String> signed = signedHeaders(request.uri(), headers);
        String names = String.join(";", signed.keySet());
        String day = time.substring(0, 8);
        String scope = String.join("/", day, region, service, "aws4_request");
        String canonical = canonical(request, signed, names);
        String text = String.join("\n", ALGORITHM, time, scope, hash(utf8(canonical)));
        String signature = HexFormat.of().formatHex(mac(signingKey(day), text));
        return request.with(
                headers.with(
                        "authorization",
                        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                .formatted(ALGORITHM, key.name(), scope, names, signature)));
    }

    private static Map<String, String> signedHeaders(URI uri, Headers headers) {
        Map<String, String> signed = new TreeMap<>();
        signed.put("host", uri.getRawAuthority());
        for (String name : new String[] {"content-type", "x-amz-date", "x-amz-security-token"}) {
            String value = headers.get(name);
            if (value != null) {
                signed.put(name, value.strip().replaceAll(" +", " "));
            }
        }
        return signed;
    }

    private static String canonical(
            OutboundRequest request, Map<String, String> headers, String names) {
        String lines =
                headers.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining());
        return String.join(
                "\n",
                request.method(),
                path(request.uri()),
                query(request.uri()),
                lines,
                names,
                hash(request.body().getBytes()));
    }

    /** Every segment as it is sent, encoded once more. */
    private static String path(URI uri) {
        String path = uri.getRawPath();
        if (path == null || path.isEmpty()) {
            return "/";
        }
        return Arrays.stream(path.split("/", -1))
                .map(AwsSignature::encoded)
                .collect(Collectors.joining("/"));
    }

    private static String query(URI uri) {
        String query = uri.getRawQuery();
        if (query == null || query.isEmpty()) {
            return "";
        }
        return Arrays.stream(query.split("&", -1))
                .map(field -> field.indexOf('=') < 0 ? field + "=" : field)
                .sorted()
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private byte[] signingKey(String day) {
        byte[] made = utf8("AWS4" + key.secret());
        for (String part : new String[] {day, region, service, "aws4_request"}) {
            made = mac(made, part);
        }
        return made;
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
