package dev.sluice.dialect.openai.responses.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.json.ArrayCuts;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
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
 * Takes out of a body what the upstream could not verify (wire-contract §2.6), every other byte as
 * it was. Of a body that passes through, that is what the gateway itself put into an earlier
 * answer, translated from another provider's: reasoning items that bear a wrapped seal or an id of
 * the gateway's making, and wrapped seals on calls. Of a body that the upstream refused for its
 * seals, which another account made, it is all reasoning.
 */
public final class OpenAiResponsesReasoningCuts {
    private static final byte[] WRAPPED = "\"Z3cxf".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MADE =
            ('"' + OpenAiResponsesReasoning.MADE_ID).getBytes(StandardCharsets.US_ASCII);

    private final JsonParser parser;
    private final boolean all;
    private final List<Span> cuts = new ArrayList<>();

    private OpenAiResponsesReasoningCuts(JsonParser parser, boolean all) {
        this.parser = parser;
        this.all = all;
    }

    static void foreign(byte[] body, Splice splice) {
        if (mayHold(body)) {
            cuts(body, false).forEach(cut -> splice.replace(cut, ""));
        }
    }

    /**
     * {@return the body without any reasoning item, or null if it has none or the upstream refused
     * something else}
     */
    public static byte @Nullable [] mended(byte[] body, UpstreamError refusal) {
        if (!isOfReasoning(refusal)) {
            return null;
        }
        Splice splice = new Splice(body);
        List<Span> cuts = cuts(body, true);
        cuts.forEach(cut -> splice.replace(cut, ""));
        return cuts.isEmpty() ? null : splice.bytes();
    }

    /** Sealed by another account, or kept by none. */
    private static boolean isOfReasoning(UpstreamError refusal) {
        String message = refusal.message().toLowerCase(Locale.ROOT);
        return "invalid_encrypted_content".equals(refusal.code())
                || (message.contains("encrypted content") && message.contains("could not be"))
                || message.startsWith("item with id 'rs_");
    }

    private static List<Span> cuts(byte[] body, boolean all) {
        try (JsonParser parser = Json.parser(body)) {
            OpenAiResponsesReasoningCuts finder = new OpenAiResponsesReasoningCuts(parser, all);
            finder.body();
            return finder.cuts;
        } catch (JacksonException e) {
            return List.of();
        }
    }

    private static boolean mayHold(byte[] body) {
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '"' && (matches(body, i, WRAPPED) || matches(body, i, MADE))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] body, int at, byte[] mark) {
        if (at + mark.length > body.length) {
            return false;
        }
        for (int i = 1; i < mark.length; i++) {
            if (body[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void body() {
        parser.nextToken();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("input") && token == JsonToken.START_ARRAY) {
                items();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void items() {
        List<ArrayCuts.Element> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int start = Json.start(parser);
            boolean foreign = parser.currentToken() == JsonToken.START_OBJECT && isForeign();
            parser.skipChildren();
            items.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), foreign));
        }
        cuts.addAll(ArrayCuts.of(items));
    }

    /** {@return whether the item goes as a whole} Notes which of its members go where it stays. */
    private boolean isForeign() {
        List<ArrayCuts.Element> members = new ArrayList<>();
        String type = "";
        String id = "";
        boolean sealed = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            int start = Json.start(parser);
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            String text = token == JsonToken.VALUE_STRING ? parser.getString() : "";
            boolean goes = false;
            switch (name) {
                case "type" -> type = text;
                case "id" -> id = text;
                case "encrypted_content" -> sealed = Seals.isWrapped(text);
                case "extra_content" -> goes = Seals.standsIn(parser);
                default -> parser.skipChildren();
            }
            parser.skipChildren();
            members.add(new ArrayCuts.Element(new Span(start, Json.end(parser)), goes));
        }
        if (goes(type, id, sealed)) {
            return true;
        }
        cuts.addAll(ArrayCuts.of(members));
        return false;
    }

    private boolean goes(String type, String id, boolean sealed) {
        boolean made = id.startsWith(OpenAiResponsesReasoning.MADE_ID);
        return switch (type) {
            case "reasoning" -> all || sealed || made;
            case "item_reference" -> made || (all && id.startsWith("rs_"));
            default -> false;
        };
    }
}
