package dev.sluice.dialect.rules;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.MalformedRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of one object of a client's request, taken one by one: of the right type, or refused
 * by their path. JSON null counts as absent. What nobody took, in it or in the objects taken out of
 * it, is left over as {@link Extras}.
 */
public final class Fields {
    private final JsonNode node;
    private final String path;
    private final Set<String> taken = new HashSet<>();
    private final List<Extras.Extra> known = new ArrayList<>();
    private final Map<String, Fields> objects = new LinkedHashMap<>();
    private boolean claimed;

    private Fields(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /**
     * @param path of the object from the body's root; empty for the root itself
     */
    public static Fields of(JsonNode node, String path) throws MalformedRequest {
        if (!node.isObject()) {
            throw wrong(path.isEmpty() ? "body" : path, "an object");
        }
        return new Fields(node, path);
    }

    /** {@return the path of a field from the body's root} */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public String path() {
        return path;
    }

    /** {@return the field as it is, or null where it is absent or JSON null} */
    public @Nullable JsonNode take(String name) {
        taken.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** {@return the first of the names that is present; for protocols with two spellings} */
    public @Nullable JsonNode takeAny(String... names) {
        JsonNode found = null;
        for (String name : names) {
            JsonNode value = take(name);
            found = found == null ? value : found;
        }
        return found;
    }

    public @Nullable String string(String name) throws MalformedRequest {
        JsonNode value = take(name);
        if (value != null && !value.isString()) {
            throw wrong(path(name), "a string");
        }
        return value == null ? null : value.stringValue();
    }

    public String requiredString(String name) throws MalformedRequest {
        String value = string(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    public @Nullable Boolean flag(String name) throws MalformedRequest {
        JsonNode value = take(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(path(name), "true or false");
        }
        return value == null ? null : value.booleanValue();
    }

    public @Nullable Double number(String name) throws MalformedRequest {
        JsonNode value = take(name);
        if (value != null && !value.isNumber()) {
            throw wrong(path(name), "a number");
        }
        return value == null ? null : value.doubleValue();
    }

    public @Nullable Long whole(String name) throws MalformedRequest {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw wrong(path(name), "a whole number");
        }
        return value.asLong();
    }

    /** {@return the fields of an object, or null where it is absent} */
    public @Nullable Fields object(String name) throws MalformedRequest {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        Fields object = Fields.of(value, path(name));
        objects.put(name, object);
        return object;
    }

    public Fields requiredObject(String name) throws MalformedRequest {
        Fields value = object(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /** {@return the elements of an array; none where it is absent} */
    public List<JsonNode> list(String name) throws MalformedRequest {
        JsonNode value = take(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(path(name), "an array");
        }
        return List.copyOf(value.values());
    }

    public MalformedRequest missing(String name) {
        return new MalformedRequest("\"" + path(name) + "\" is missing.", path(name));
    }

    /** {@return a refusal of the value at that path} */
    public static MalformedRequest wrong(String path, String expected) {
        return new MalformedRequest("\"" + path + "\" must be " + expected + ".", path);
    }

    /** Takes fields that only this protocol has, and whose loss weighs so much. */
    public void extra(Severity severity, String... names) {
        for (String name : names) {
            JsonNode value = take(name);
            if (value != null) {
                known.add(new Extras.Extra(name, value, severity));
            }
        }
    }

    /**
     * {@return the extras and everything that was not taken, also out of objects within whose own
     * rest nobody asked for; losing an unknown field makes the answer weaker at most}
     */
    public Extras rest(Protocol origin) {
        claimed = true;
        List<Extras.Extra> all = new ArrayList<>(known);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!taken.contains(field.getKey()) && !field.getValue().isNull()) {
                all.add(new Extras.Extra(field.getKey(), field.getValue(), Severity.WEAKER));
            }
        }
        objects.forEach((name, object) -> {
            if (!object.claimed) {
                all.addAll(object.restUnder(origin, name).fields());
            }
        });
        return Extras.of(origin, all);
    }

    /** {@return the rest, with names counted from another object that bears this one} */
    public Extras restUnder(Protocol origin, String prefix) {
        List<Extras.Extra> all = new ArrayList<>();
        for (Extras.Extra extra : rest(origin).fields()) {
            String full = prefix + "." + extra.path();
            all.add(new Extras.Extra(full, extra.value(), extra.severity()));
        }
        return Extras.of(origin, all);
    }

    /** Puts a protocol's own extras back where they stood; what is there already stays. */
    public static void restore(ObjectNode root, Extras extras, Protocol protocol) {
        for (Extras.Extra extra : extras.in(protocol)) {
            ObjectNode at = root;
            String[] names = extra.path().split("\\.", -1);
            for (int i = 0; i < names.length - 1; i++) {
                JsonNode next = at.get(names[i]);
                at = next instanceof ObjectNode object ? object : at.putObject(names[i]);
            }
            at.putIfAbsent(names[names.length - 1], extra.value());
        }
    }

    /** {@return the fields of a node that must be an object} */
    public static Set<Map.Entry<String, JsonNode>> requireObject(JsonNode node, String path)
            throws MalformedRequest {
        if (!node.isObject()) {
            throw wrong(path, "an object");
        }
        return node.properties();
    }

    /** {@return the elements of a node that may be an array; none otherwise} */
    public static List<JsonNode> elements(@Nullable JsonNode node) {
        return node instanceof ArrayNode array ? List.copyOf(array.values()) : List.of();
    }
}
