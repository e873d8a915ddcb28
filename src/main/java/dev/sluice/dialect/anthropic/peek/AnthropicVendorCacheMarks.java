package dev.sluice.dialect.anthropic.peek;

import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
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
 * Takes out of a body that passes through what its upstream refuses of cache marks: their time to
 * live, or all of them (wire-contract §2.1). Every other byte stays.
 */
final class AnthropicVendorCacheMarks {
    private static final String MARK = "cache_control";

    /** What is the client's own JSON and may use the same word for something else. */
    private static final Set<String> CLIENTS_OWN = Set.of("input", "input_schema", "schema");

    private final JsonParser parser;
    private final boolean timeToLiveAlone;
    private final List<Span> cuts = new ArrayList<>();

    private AnthropicVendorCacheMarks(JsonParser parser, boolean timeToLiveAlone) {
        this.parser = parser;
        this.timeToLiveAlone = timeToLiveAlone;
    }

    /**
     * Edits what the upstream would refuse.
     *
     * @param gone what is taken out for another reason already
     */
    static void edit(byte[] body, List<Span> gone, UpstreamTraits traits, Splice splice) {
        String way = traits.word(Trait.CACHE_TTL);
        if (way.equals("true")) {
            return;
        }
        try (JsonParser parser = Json.parser(body)) {
            AnthropicVendorCacheMarks marks = new AnthropicVendorCacheMarks(parser, !way.isEmpty());
            parser.nextToken();
            marks.value();
            ArrayCuts.outside(marks.cuts, gone).forEach(cut -> splice.replace(cut, ""));
        } catch (JacksonException e) {
            // What is no JSON goes on as it is: the upstream says so better.
        }
    }

    /** Reads the value that the parser stands at, to its end; {@code Json} bounds the depth. */
    private void value() {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            object();
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                value();
            }
        }
    }

    private void object() {
        List<ArrayCuts.Element> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Json.start(parser);
            String name = parser.currentName();
            parser.nextToken();
            boolean mark = name.equals(MARK);
            if (mark && timeToLiveAlone) {
                mark();
            } else if (mark || CLIENTS_OWN.contains(name)) {
                parser.skipChildren();
            } else {
                value();
            }
            members.add(
                    new ArrayCuts.Element(
                            new Span(start, Json.end(parser)), mark && !timeToLiveAlone));
        }
        cuts.addAll(ArrayCuts.of(members));
    }

    private void mark() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        List<ArrayCuts.Element> members = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Json.start(parser);
            boolean time = parser.currentName().equals("ttl");
            parser.nextToken();
            parser.skipChildren();
            members.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), time));
        }
        cuts.addAll(ArrayCuts.of(members));
    }
}
