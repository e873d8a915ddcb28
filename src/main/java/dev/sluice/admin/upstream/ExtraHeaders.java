package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.catalog.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The rules of an upstream's further headers; values of some are credentials. */
final class ExtraHeaders {
    /** They belong to the connection or to the framing of each call. */
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "accept-encoding",
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private static final Pattern CREDENTIAL =
            Pattern.compile("auth|key|token|secret|cookie|password|credential");

    private ExtraHeaders() {}

    /**
     * {@return the headers of the body} A masked value stands for the one that it masks.
     *
     * @param before where masked values are looked up; empty if they must not be
     */
    static Map<String, String> read(JsonNode node, Map<String, String> before) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = field.getKey();
            if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) {
                throw wrong(name, "cannot be set: it belongs to each connection");
            }
            headers.put(name, value(name, field.getValue().stringValue(), before));
        }
        return headers;
    }

    private static String value(String name, String value, Map<String, String> before) {
        if (!isCredential(name) || !value.contains("***")) {
            return value;
        }
        String kept = before.get(name);
        if (kept == null || !masked(name, kept).equals(value)) {
            throw wrong(name, "is masked; send its real value");
        }
        return kept;
    }

    static boolean isCredential(String name) {
        return CREDENTIAL.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    static boolean haveCredentials(Map<String, String> headers) {
        return headers.keySet().stream().anyMatch(ExtraHeaders::isCredential);
    }

    /** {@return what may be shown of a header's value} */
    static String masked(String name, String value) {
        return isCredential(name) ? new Secret(value).masked() : value;
    }

    private static AdminException wrong(String name, String message) {
        return AdminException.invalidFields(
                List.of(
                        new FieldProblem(
                                "invalid_header", List.of("body", "headers", name), message)));
    }
}
