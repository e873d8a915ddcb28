package dev.sluice.dialect.anthropic.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.rules.Seals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes out of a body what Anthropic could not verify (wire-contract §2.6): of one that passes
 * through, thinking blocks that bear another provider's wrapped seal, left over from a turn that
 * failed over; of one that was refused for a signature, all thinking. A message of nothing else
 * goes with them.
 */
public final class AnthropicForeignThinking {
    private static final byte[] MARK = "\"Z3cxf".getBytes(StandardCharsets.US_ASCII);

    private final JsonParser parser;
    private final boolean all;
    private @Nullable Span thinking;
    private boolean budgeted;
    private boolean answersTools;

    private AnthropicForeignThinking(JsonParser parser, boolean all) {
        this.parser = parser;
        this.all = all;
    }

    /** {@return what is to be taken out of the body} */
    static List<Span> cuts(byte[] body) {
        if (!mayHold(body)) {
            return List.of();
        }
        try (JsonParser parser = Json.parser(body)) {
            return new AnthropicForeignThinking(parser, false).body();
        } catch (JacksonException e) {
            return List.of();
        }
    }

    /**
     * {@return the body without any thinking block, or null if it has none or the upstream refused
     * something else} A turn of tools that is still open must begin with its thinking if there is a
     * budget for it; without, thinking is switched off.
     */
    public static byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        if (!isOfThinking(refusal)) {
            return null;
        }
        try (JsonParser parser = Json.parser(body)) {
            AnthropicForeignThinking finder = new AnthropicForeignThinking(parser, true);
            List<Span> cuts = finder.body();
            if (cuts.isEmpty()) {
                return null;
            }
            Splice splice = new Splice(body);
            cuts.forEach(cut -> splice.replace(cut, ""));
            if (finder.thinking != null && finder.budgeted && finder.answersTools) {
                splice.replace(finder.thinking, "{\"type\":\"disabled\"}");
            }
            return splice.bytes();
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Such as: messages.1.content.0: Invalid `signature` in `thinking` block. */
    private static boolean isOfThinking(UpstreamError refusal) {
        String message = refusal.message().toLowerCase(Locale.ROOT);
        return message.contains("thinking")
                && (message.contains("signature") || message.contains("invalid `data`"));
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
            } else if (name.equals("thinking") && all) {
                thinking();
            } else {
                parser.skipChildren();
            }
        }
        return cuts;
    }

    private void thinking() {
        int start = Json.start(parser);
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
                budgeted |= name.equals("type") && text && parser.getString().equals("enabled");
                parser.skipChildren();
            }
        }
        thinking = new Span(start, Json.end(parser));
    }

    private void messages(List<Span> cuts) {
        List<ArrayCuts.Element> messages = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = Json.start(parser);
            List<Span> inside = new ArrayList<>();
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && message(inside);
            parser.skipChildren();
            messages.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), foreign));
            if (!foreign) {
                cuts.addAll(inside);
            }
        }
        cuts.addAll(ArrayCuts.of(messages));
    }

    /** {@return whether the message consists of nothing but foreign thinking} */
    private boolean message(List<Span> cuts) {
        boolean foreign = false;
        answersTools = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("content") && token == JsonToken.START_ARRAY) {
                List<ArrayCuts.Element> blocks = blocks();
                foreign = !blocks.isEmpty() && blocks.stream().allMatch(ArrayCuts.Element::goes);
                cuts.addAll(ArrayCuts.of(blocks));
            } else {
                parser.skipChildren();
            }
        }
        return foreign;
    }

    private List<ArrayCuts.Element> blocks() {
        List<ArrayCuts.Element> blocks = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = Json.start(parser);
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && isForeign();
            parser.skipChildren();
            blocks.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), foreign));
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
        answersTools |= type.equals("tool_result");
        return (all || wrapped) && (type.equals("thinking") || type.equals("redacted_thinking"));
    }
}
