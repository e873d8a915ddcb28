package dev.sluice.dialect.gemini.peek;

import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the ids of calls and responses in a body that passes through, for an upstream that refuses
 * them (wire-contract §2.1, §2.5). A client has them from another upstream, or of the gateway.
 */
final class GeminiVendorIds {
    private static final Set<String> BEARERS =
            Set.of("functionCall", "function_call", "functionResponse", "function_response");

    private final JsonParser parser;
    private final List<Span> cuts = new ArrayList<>();

    private GeminiVendorIds(JsonParser parser) {
        this.parser = parser;
    }

    /** {@return what is to be taken out of the body for that upstream} */
    static List<Span> cuts(byte[] body, UpstreamTraits traits) {
        if (traits.has(Trait.FUNCTION_CALL_ID)) {
            return List.of();
        }
        try (JsonParser parser = Json.parser(body)) {
            GeminiVendorIds finder = new GeminiVendorIds(parser);
            parser.nextToken();
            finder.objectOf("contents");
            return finder.cuts;
        } catch (JacksonException e) {
            return List.of();
        }
    }

    /** Goes into the objects of that list, and of theirs into the parts. */
    private void objectOf(String list) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            if (!array || !name.equals(list)) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    parser.skipChildren();
                } else if (list.equals("contents")) {
                    objectOf("parts");
                } else {
                    part();
                }
            }
        }
    }

    private void part() {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            if (object && BEARERS.contains(name)) {
                bearer();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void bearer() {
        List<ArrayCuts.Element> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Json.start(parser);
            boolean id = parser.currentName().equals("id");
            parser.nextToken();
            parser.skipChildren();
            int end = Json.end(parser);
            members.add(new ArrayCuts.Element(new Span(start, end), id));
        }
        cuts.addAll(ArrayCuts.of(members));
    }
}
