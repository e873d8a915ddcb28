package dev.sluice.dialect.openai.responses;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The items of answers that a client may name by their ids alone in a later request: some clients
 * take it for granted that every answer is stored. No upstream knows the items of an answer that
 * was translated; who remembers them puts them back into the request. Total on arbitrary bytes.
 */
public final class StoredItems {

    /** An element of an array: where it stands, and what it says of itself. */
    private record Item(Span span, String id, boolean reference) {}

    private interface Visitor {
        void visit(Item item);
    }

    private StoredItems() {}

    /**
     * {@return the items of a whole answer, or of a stream's last event, by their ids} Each as it
     * stands there, and so fit for a request.
     */
    public static Map<String, byte[]> in(byte[] answer) {
        Map<String, byte[]> items = new LinkedHashMap<>();
        visit(
                answer,
                "output",
                item -> {
                    if (!item.id().isEmpty()) {
                        Span span = item.span();
                        items.put(item.id(), Arrays.copyOfRange(answer, span.start(), span.end()));
                    }
                });
        return items;
    }

    /**
     * {@return the request with its references replaced by the items they name; the very same array
     * if none is known}
     *
     * @param known gives the item of an id, or null; asked only for ids of the caller's own
     */
    public static byte[] putBack(byte[] request, Function<String, byte @Nullable []> known) {
        Splice splice = new Splice(request);
        visit(
                request,
                "input",
                item -> {
                    byte[] kept = item.reference() ? known.apply(item.id()) : null;
                    if (kept != null) {
                        splice.replace(item.span(), new String(kept, StandardCharsets.UTF_8));
                    }
                });
        return splice.bytes();
    }

    private static void visit(byte[] json, String array, Visitor visitor) {
        try (JsonParser parser = Json.parser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, array, visitor);
            }
        } catch (JacksonException e) {
            // What stood before the break counts.
        }
    }

    private static void object(JsonParser parser, String array, Visitor visitor) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals(array) && token == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    element(parser, visitor);
                }
            } else if (name.equals("response") && token == JsonToken.START_OBJECT) {
                object(parser, array, visitor);
            }
            parser.skipChildren();
        }
    }

    /** One without a type and role is a reference, as one of that type is. */
    private static void element(JsonParser parser, Visitor visitor) {
        int start = Json.start(parser);
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        String id = "";
        String type = "item_reference";
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
            switch (name) {
                case "id" -> id = text ? parser.getString() : "";
                case "type" -> type = text ? parser.getString() : type;
                case "role" -> type = "message";
                default -> parser.skipChildren();
            }
            parser.skipChildren();
        }
        int end = Math.toIntExact(parser.currentLocation().getByteOffset());
        boolean reference = type.equals("item_reference") && !id.isEmpty();
        visitor.visit(new Item(new Span(start, end), id, reference));
    }
}
