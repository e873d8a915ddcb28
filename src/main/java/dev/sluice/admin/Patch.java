package dev.sluice.admin;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A body that changes something: what is absent stays as it was, null clears. Creating is changing
 * the defaults. The contract has already seen to the types.
 */
public final class Patch {
    private final JsonNode body;

    public Patch(JsonNode body) {
        this.body = body;
    }

    public boolean has(String field) {
        return body.has(field);
    }

    /** {@return a field that is never null} */
    public <T> T value(String field, T before, Function<JsonNode, T> reader) {
        JsonNode node = body.get(field);
        return node == null ? before : reader.apply(node);
    }

    /** {@return a field that null clears} */
    public <T> @Nullable T optional(
            String field, @Nullable T before, Function<JsonNode, T> reader) {
        JsonNode node = body.get(field);
        if (node == null) {
            return before;
        }
        return node.isNull() ? null : reader.apply(node);
    }

    public String text(String field, String before) {
        return value(field, before, node -> text(field, node));
    }

    public @Nullable String optionalText(String field, @Nullable String before) {
        return optional(field, before, node -> text(field, node));
    }

    private static String text(String field, JsonNode node) {
        String text = node.stringValue();
        // PostgreSQL's text cannot hold it.
        if (text.indexOf('\0') >= 0) {
            throw AdminException.invalidField(
                    field, "string_pattern_mismatch", "must not contain the character U+0000");
        }
        return text;
    }
}
