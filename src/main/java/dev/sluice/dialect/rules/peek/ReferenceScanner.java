package dev.sluice.dialect.rules.peek;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.peek.UpstreamReference.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the ids of what an upstream keeps, in one pass over a body and without a tree: the strings
 * that stand under names which bear such ids, alone, in an array, or as the {@code id} of an
 * object; and objects of type {@code item_reference}. For many bodies and threads.
 */
public final class ReferenceScanner {
    private static final String ITEM_REFERENCE = "item_reference";

    private final Map<String, Kind> names;
    private final Set<String> opaque;
    private final String items;

    /**
     * @param names which fields bear ids, at any depth
     * @param opaque fields whose content is the client's own, such as schemas: not looked into
     * @param items the array whose elements may be references by saying nothing but an id; empty
     *     where the protocol has none
     */
    public ReferenceScanner(Map<String, Kind> names, Set<String> opaque, String items) {
        this.names = Map.copyOf(names);
        this.opaque = Set.copyOf(opaque);
        this.items = items;
    }

    /** {@return the ids in the body, each once; of broken JSON those before the break} */
    public List<UpstreamReference> scan(byte[] body) {
        Set<UpstreamReference> found = new LinkedHashSet<>();
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != null) {
                new Pass(parser, found).value(null, false);
            }
        } catch (JacksonException e) {
            // Whoever reads the body says what is wrong with it.
        }
        return List.copyOf(found);
    }

    private final class Pass {
        private final JsonParser parser;
        private final Set<UpstreamReference> found;

        private Pass(JsonParser parser, Set<UpstreamReference> found) {
            this.parser = parser;
            this.found = found;
        }

        private void value(@Nullable Kind kind, boolean item) {
            switch (parser.currentToken()) {
                case START_OBJECT -> object(kind, item);
                case START_ARRAY -> {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        value(kind, item);
                    }
                }
                case VALUE_STRING -> {
                    if (kind != null) {
                        add(kind, parser.getString());
                    }
                }
                default -> {
                    // Numbers, booleans and null are no ids.
                }
            }
        }

        private void object(@Nullable Kind kind, boolean item) {
            String id = "";
            String type = "";
            boolean bare = item;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
                if (text && name.equals("id")) {
                    id = parser.getString();
                } else if (text && name.equals("type")) {
                    type = parser.getString();
                    bare = false;
                } else if (opaque.contains(name)) {
                    parser.skipChildren();
                } else {
                    bare &= !name.equals("role");
                    value(names.get(name), name.equals(items));
                }
            }
            if (kind != null) {
                add(kind, id);
            } else if (bare || type.equals(ITEM_REFERENCE)) {
                add(Kind.ITEM, id);
            }
        }

        private void add(Kind kind, String id) {
            if (!id.isEmpty()) {
                found.add(new UpstreamReference(kind, id));
            }
        }
    }
}
