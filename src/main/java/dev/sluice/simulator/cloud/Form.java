package dev.sluice.simulator.cloud;

import dev.sluice.simulator.endpoint.Incoming;
import dev.sluice.simulator.endpoint.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of a form in a request's body. */
record Form(Map<String, String> fields) {

    static Form of(Incoming incoming) throws Refusal {
        String type = String.valueOf(incoming.headers().get("content-type"));
        if (!type.startsWith("application/x-www-form-urlencoded")) {
            throw OAuthErrors.refusal("invalid_request", "The body has to be a form.");
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : new String(incoming.body(), StandardCharsets.UTF_8).split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(
                        decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
            }
        }
        return new Form(fields);
    }

    String text(String name) throws Refusal {
        String value = fields.get(name);
        if (value == null || value.isEmpty()) {
            throw OAuthErrors.refusal("invalid_request", "Missing required parameter: " + name);
        }
        return value;
    }

    void requireGrant(String grant) throws Refusal {
        if (!text("grant_type").equals(grant)) {
            throw OAuthErrors.refusal("unsupported_grant_type", "Invalid grant_type.");
        }
    }

    private static String decoded(String text) throws Refusal {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw OAuthErrors.refusal("invalid_request", "The form cannot be read.");
        }
    }
}
