package dev.sluice.dialect.rules;

import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests for a number of tokens, and the answers, whose protocols differ in names only. */
public final class TokenCounts {
    private TokenCounts() {}

    /** {@return the non-negative whole number of that name in the answer, or null for none} */
    public static @Nullable Long read(byte[] body, String name) {
        try {
            JsonNode count = Json.tree(body).path(name);
            return count.isIntegralNumber() && count.canConvertToLong() && count.asLong() >= 0
                    ? (Long) count.asLong()
                    : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * {@return the request with only those fields, sent to another path} Counting endpoints refuse
     * what only matters to an answer.
     */
    public static Written only(Written written, String path, Set<String> fields) {
        ObjectNode body = (ObjectNode) Json.tree(written.body());
        body.retain(fields);
        return new Written(
                Json.bytes(body), path, written.headers(), written.losses(), written.memory());
    }
}
