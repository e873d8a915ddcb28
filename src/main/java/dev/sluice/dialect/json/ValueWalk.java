package dev.sluice.dialect.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Walks through the value at which a parser stands, to its end, and keeps nothing of it. A value
 * that is neither an array nor an object has nothing within. For one value.
 */
public final class ValueWalk {
    private final JsonParser parser;
    private int depth;

    public ValueWalk(JsonParser parser) {
        this.parser = parser;
        this.depth = parser.currentToken().isStructStart() ? 1 : 0;
    }

    /** {@return the next token within, the ends of arrays and objects left out; null at the end} */
    public @Nullable JsonToken next() {
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return null;
            }
            if (!token.isStructEnd()) {
                depth += token.isStructStart() ? 1 : 0;
                return token;
            }
            depth--;
        }
        return null;
    }

    /** {@return whether the parser stands at a further string within, at whatever depth} */
    public boolean nextString() {
        for (JsonToken token = next(); token != null; token = next()) {
            if (token == JsonToken.VALUE_STRING) {
                return true;
            }
        }
        return false;
    }

    /** {@return how many arrays and objects are open, the value itself counted} */
    public int depth() {
        return depth;
    }
}
