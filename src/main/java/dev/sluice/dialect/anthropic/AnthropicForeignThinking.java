package dev.sluice.dialect.anthropic;

import dev.sluice.dialect.RequestPeek.Span;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes thinking blocks that bear another provider's wrapped seal out of a body that passes
 * through: left over from a turn that failed over, they are nothing Anthropic could verify
 * (wire-contract §2.6). A message of nothing else goes with them.
 */
final class AnthropicForeignThinking {
    private static final byte[] MARK = "\"Z3cxf".getBytes(StandardCharsets.US_ASCII);

    /** An element of an array: where it stands, and whether it goes. */
    private record Element(Span span, boolean foreign) {}

    private final JsonParser parser;

    private AnthropicForeignThinking(JsonParser parser) {
        this.parser = parser;
    }

    static void takeOut(byte[] body, Splice splice) {
        if (!mayHold(body)) {
            return;
        }
        List<Span> cuts;
        try (JsonParser parser = Json.parser(body)) {
            cuts = new AnthropicForeignThinking(parser).body();
        } catch (JacksonException e) {
            return;
        }
        cuts.forEach(cut -> splice.replace(cut, ""));
    }

    private static boolean mayHold(byte[] body) {
        for (int i = 0; i <= body.length - MARK.length; i++) {
            if (body[i] == '"' && body[i + 1] == 'Z' && matches(body, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] body, int at) {
        for (int i = 0; i < MARK.length; i++) {
            if (body[at + i] != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private List<Span> body() {
        List<Span> cuts = new ArrayList<>();
        parser.nextToken();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("messages") && token == JsonToken.START_ARRAY) {
                messages(cuts);
            } else {
                parser.skipChildren();
            }
        }
        return cuts;
    }

    private void messages(List<Span> cuts) {
        List<Element> messages = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = start();
            List<Span> inside = new ArrayList<>();
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && message(inside);
            parser.skipChildren();
            messages.add(new Element(new Span(start, end()), foreign));
            if (!foreign) {
                cuts.addAll(inside);
            }
        }
        cut(messages, cuts);
    }

    /** {@return whether the message consists of nothing but foreign thinking} */
    private boolean message(List<Span> cuts) {
        boolean foreign = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("content") && token == JsonToken.START_ARRAY) {
                List<Element> blocks = blocks();
                foreign = !blocks.isEmpty() && blocks.stream().allMatch(Element::foreign);
                cut(blocks, cuts);
            } else {
                parser.skipChildren();
            }
        }
        return foreign;
    }

    private List<Element> blocks() {
        List<Element> blocks = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = start();
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && isForeign();
            parser.skipChildren();
            blocks.add(new Element(new Span(start, end()), foreign));
        }
        return blocks;
    }

    private boolean isForeign() {
        String type = "";
        boolean wrapped = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            boolean text = token == JsonToken.VALUE_STRING;
            switch (name) {
                case "type" -> type = text ? parser.getString() : "";
                case "signature", "data" -> wrapped |= text && Seals.isWrapped(parser.getString());
                default -> parser.skipChildren();
            }
            parser.skipChildren();
        }
        return wrapped && (type.equals("thinking") || type.equals("redacted_thinking"));
    }

    /** Notes what to cut so that exactly one comma stays between those that stay. */
    private static void cut(List<Element> elements, List<Span> cuts) {
        boolean kept = false;
        for (int i = 0; i < elements.size(); i++) {
            Span span = elements.get(i).span();
            if (!elements.get(i).foreign()) {
                kept = true;
            } else if (kept) {
                cuts.add(new Span(elements.get(i - 1).span().end(), span.end()));
            } else if (i + 1 < elements.size()) {
                cuts.add(new Span(span.start(), elements.get(i + 1).span().start()));
            }
        }
    }

    private int start() {
        return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    }

    private int end() {
        parser.finishToken();
        return Math.toIntExact(parser.currentLocation().getByteOffset());
    }
}
