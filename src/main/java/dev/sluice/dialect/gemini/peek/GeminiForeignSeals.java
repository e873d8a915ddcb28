package dev.sluice.dialect.gemini.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.gemini.wire.GeminiBase64;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.rules.Seals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes another provider's wrapped seals out of a body that passes through: left over from a turn
 * that failed over, they are nothing Google could verify (wire-contract §2.6). A thought goes with
 * its seal, a call gets Google's own word for a lost one, a text merely loses it.
 */
public final class GeminiForeignSeals {
    private static final String NONE = "\"\"";

    /** An element of an array: where it stands, and whether it goes. */
    private record Element(Span span, boolean foreign) {}

    /** A signature's place, and what is to stand there. */
    private record Change(Span span, String json) {}

    private final JsonParser parser;
    private final boolean all;
    private final List<Change> changes = new ArrayList<>();

    private GeminiForeignSeals(JsonParser parser, boolean all) {
        this.parser = parser;
        this.all = all;
    }

    /** {@return where the body is changed} */
    static List<Span> takeOut(byte[] body, Splice splice) {
        if (!Seals.mayStandIn(body)) {
            return List.of();
        }
        try (JsonParser parser = Json.parser(body)) {
            GeminiForeignSeals seals = new GeminiForeignSeals(parser, false);
            seals.body();
            seals.changes.forEach(change -> splice.replace(change.span, change.json));
            return seals.changes.stream().map(Change::span).toList();
        } catch (JacksonException e) {
            // What is no JSON goes on as it is: the upstream says so better.
            return List.of();
        }
    }

    /**
     * {@return the body without any thought and signature, or null if it has none or the upstream
     * refused something else} Calls get the word that stands for a lost signature.
     */
    public static byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        String message = refusal.message().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (!message.contains("thought signature")) {
            return null;
        }
        Splice splice = new Splice(body);
        try (JsonParser parser = Json.parser(body)) {
            GeminiForeignSeals seals = new GeminiForeignSeals(parser, true);
            seals.body();
            seals.changes.forEach(change -> splice.replace(change.span, change.json));
            return seals.changes.isEmpty() ? null : splice.bytes();
        } catch (JacksonException e) {
            return null;
        }
    }

    private void body() {
        parser.nextToken();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("contents") && token == JsonToken.START_ARRAY) {
                contents();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void contents() {
        List<Element> contents = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = Json.start(parser);
            int before = changes.size();
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && content();
            parser.skipChildren();
            contents.add(new Element(new Span(start, Json.end(parser)), foreign));
            if (foreign) {
                changes.subList(before, changes.size()).clear();
            }
        }
        cut(contents);
    }

    /** {@return whether the content consists of nothing but foreign thoughts} */
    private boolean content() {
        boolean foreign = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("parts") && token == JsonToken.START_ARRAY) {
                foreign = parts();
            } else {
                parser.skipChildren();
            }
        }
        return foreign;
    }

    private boolean parts() {
        List<Element> parts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = Json.start(parser);
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && part();
            parser.skipChildren();
            parts.add(new Element(new Span(start, Json.end(parser)), foreign));
        }
        cut(parts);
        return !parts.isEmpty() && parts.stream().allMatch(Element::foreign);
    }

    /** {@return whether the part is a thought that goes as a whole} */
    private boolean part() {
        Span signature = null;
        boolean thought = false;
        boolean call = false;
        boolean holds = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "thought" -> thought = token == JsonToken.VALUE_TRUE;
                case "text" ->
                        holds |= token == JsonToken.VALUE_STRING && parser.getStringLength() > 0;
                case "functionCall", "function_call" -> call = true;
                case "thoughtSignature", "thought_signature" -> signature = wrapped(token);
                default -> holds = true;
            }
            parser.skipChildren();
        }
        if (signature == null) {
            return false;
        }
        if (thought || !(call || holds)) {
            return true;
        }
        String json = call ? Json.quoted(GeminiBase64.SENTINEL) : NONE;
        changes.add(new Change(signature, json));
        return false;
    }

    private @Nullable Span wrapped(JsonToken token) {
        int start = Json.start(parser);
        boolean wrapped =
                token == JsonToken.VALUE_STRING && (all || Seals.isWrapped(parser.getString()));
        return wrapped ? new Span(start, Json.end(parser)) : null;
    }

    /** Notes what to cut so that exactly one comma stays between those that stay. */
    private void cut(List<Element> elements) {
        boolean kept = false;
        for (int i = 0; i < elements.size(); i++) {
            Span span = elements.get(i).span();
            if (!elements.get(i).foreign()) {
                kept = true;
            } else if (kept) {
                changes.add(new Change(new Span(elements.get(i - 1).span().end(), span.end()), ""));
            } else if (i + 1 < elements.size()) {
                int next = elements.get(i + 1).span().start();
                changes.add(new Change(new Span(span.start(), next), ""));
            }
        }
    }
}
