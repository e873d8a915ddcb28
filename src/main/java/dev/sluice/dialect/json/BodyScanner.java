package dev.sluice.dialect.json;

import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.peek.RequestPeek.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Walks the fields of one JSON object of a request and knows where their values stand. The fields
 * that decide anything must not be doubled, nor spelled in another case: the gateway and the
 * upstream could otherwise each believe another value. What the parser throws is turned into a
 * {@link MalformedRequest} by the caller.
 */
public final class BodyScanner {
    private final JsonParser parser;
    private final List<String> deciding;
    private long seen;

    private BodyScanner(JsonParser parser, List<String> deciding) {
        this.parser = parser;
        this.deciding = deciding;
    }

    /** {@return a scanner that stands before the first field of the body} */
    public static BodyScanner over(JsonParser parser, byte[] body, List<String> deciding)
            throws MalformedRequest {
        refuseOtherEncodings(body);
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new MalformedRequest("The body is empty; send a JSON object.", null);
        }
        if (token != JsonToken.START_OBJECT) {
            throw new MalformedRequest("The body must be a JSON object.", null);
        }
        return new BodyScanner(parser, deciding);
    }

    /** {@return a scanner of the object that is the current value} */
    public BodyScanner nested(List<String> decidingThere) {
        return new BodyScanner(parser, decidingThere);
    }

    /**
     * Moves to the next field's value, of which nothing is read yet.
     *
     * @return its name, or null at the object's end
     */
    public @Nullable String next() throws MalformedRequest {
        String name = parser.nextName();
        if (name == null) {
            return null;
        }
        for (int i = 0; i < deciding.size(); i++) {
            String known = deciding.get(i);
            if (known.equals(name)) {
                note(i, known);
            } else if (known.equalsIgnoreCase(name)) {
                throw new MalformedRequest(
                        "A field differs from \"" + known + "\" only in letter case.", known);
            }
        }
        parser.nextToken();
        return name;
    }

    public boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    public boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    public boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /** {@return the current string, or null for a null} */
    public @Nullable String string(String param) throws MalformedRequest {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NULL -> null;
            default -> throw wrongType(param, "a string");
        };
    }

    /** {@return the current boolean; null counts as false} */
    public boolean flag(String param) throws MalformedRequest {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw wrongType(param, "true or false");
        };
    }

    /** {@return the current whole number of at least the given one, or null for a null} */
    public @Nullable Long count(String param, long atLeast) throws MalformedRequest {
        if (isNull()) {
            return null;
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < atLeast) {
            throw wrongType(param, "a whole number of at least " + atLeast);
        }
        return parser.getLongValue();
    }

    /** {@return where the current value stands, to whose end this moves} */
    public Span span() {
        int start = start();
        parser.skipChildren();
        return new Span(start, end());
    }

    /** {@return where the current value begins} */
    public int start() {
        return Json.start(parser);
    }

    /** {@return where the current token ends} */
    public int end() {
        return Json.end(parser);
    }

    public void skip() {
        parser.skipChildren();
    }

    /** Refuses anything but white space after the body's object. */
    public void finish() throws MalformedRequest {
        if (parser.nextToken() != null) {
            throw new MalformedRequest("There is more after the body's JSON object.", null);
        }
    }

    private void note(int field, String name) throws MalformedRequest {
        long bit = 1L << field;
        if ((seen & bit) != 0) {
            throw new MalformedRequest("\"" + name + "\" is given twice.", name);
        }
        seen |= bit;
    }

    private static MalformedRequest wrongType(String param, String expected) {
        return new MalformedRequest("\"" + param + "\" must be " + expected + ".", param);
    }

    /** A parser would accept UTF-16 and UTF-32, whose offsets and splices would be wrong. */
    private static void refuseOtherEncodings(byte[] body) throws MalformedRequest {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0 || body[i] == (byte) 0xFE || body[i] == (byte) 0xFF) {
                throw new MalformedRequest("The body must be UTF-8.", null);
            }
        }
    }
}
