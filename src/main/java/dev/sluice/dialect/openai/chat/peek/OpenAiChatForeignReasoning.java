package dev.sluice.dialect.openai.chat.peek;

import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.rules.Seals;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds in a body that passes through the reasoning that the gateway itself translated from another
 * provider's in an earlier turn: what bears a wrapped seal, and the text beside it. No vendor of
 * this protocol made it, and several refuse a message that holds it (wire-contract §2.6).
 */
final class OpenAiChatForeignReasoning {
    private final JsonParser parser;
    private final List<Span> cuts = new ArrayList<>();

    private OpenAiChatForeignReasoning(JsonParser parser) {
        this.parser = parser;
    }

    /** {@return what is to be taken out of the body} */
    static List<Span> cuts(byte[] body) {
        if (!Seals.mayStandIn(body)) {
            return List.of();
        }
        try (JsonParser parser = Json.parser(body)) {
            OpenAiChatForeignReasoning finder = new OpenAiChatForeignReasoning(parser);
            finder.body();
            return finder.cuts;
        } catch (JacksonException e) {
            return List.of();
        }
    }

    private void body() {
        parser.nextToken();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (parser.nextToken() == JsonToken.START_ARRAY && name.equals("messages")) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    message();
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Of foreign reasoning neither the seals nor the text may stay; of a call its seal goes. */
    private void message() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        List<ArrayCuts.Element> members = new ArrayList<>();
        List<Integer> texts = new ArrayList<>(2);
        List<Span> inside = new ArrayList<>();
        boolean foreign = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Json.start(parser);
            String name = parser.currentName();
            boolean list = parser.nextToken() == JsonToken.START_ARRAY;
            boolean goes = false;
            if (list && name.equals(OpenAiChatReasoning.DETAILS)) {
                List<ArrayCuts.Element> details = details();
                foreign = details.stream().anyMatch(ArrayCuts.Element::goes);
                goes = foreign && details.stream().allMatch(ArrayCuts.Element::goes);
                inside.addAll(goes ? List.of() : ArrayCuts.of(details));
            } else if (list && name.equals("tool_calls")) {
                calls(inside);
            } else if (name.equals("reasoning_content") || name.equals("reasoning")) {
                texts.add(members.size());
            }
            parser.skipChildren();
            members.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), goes));
        }
        if (foreign) {
            texts.forEach(text -> members.set(text, gone(members.get(text))));
        }
        cuts.addAll(inside);
        cuts.addAll(ArrayCuts.of(members));
    }

    private static ArrayCuts.Element gone(ArrayCuts.Element member) {
        return new ArrayCuts.Element(member.span(), true);
    }

    private List<ArrayCuts.Element> details() {
        List<ArrayCuts.Element> details = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = Json.start(parser);
            boolean foreign = Seals.standsIn(parser);
            details.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), foreign));
        }
        return details;
    }

    private void calls(List<Span> found) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            List<ArrayCuts.Element> members = new ArrayList<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int start = Json.start(parser);
                boolean extra = parser.currentName().equals("extra_content");
                parser.nextToken();
                boolean foreign = extra && Seals.standsIn(parser);
                parser.skipChildren();
                members.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), foreign));
            }
            found.addAll(ArrayCuts.of(members));
        }
    }
}
