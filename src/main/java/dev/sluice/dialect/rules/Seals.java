package dev.sluice.dialect.rules;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.json.ValueWalk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Seals as clients of another dialect carry them: {@code base64("gw1|family|model|kind|raw")}, so
 * that the next turn shows whose they are, and valid base64 because some SDKs decode them
 * (wire-contract §2.6).
 */
public final class Seals {
    /** How every wrapped seal begins: base64 of {@code gw1|}. */
    private static final String WRAPPED = "Z3cxf";

    private Seals() {}

    /**
     * {@return the parts, seals of texts put after them as reasoning without words} For protocols
     * whose texts bear none.
     */
    public static List<Part> besideTexts(List<Part> parts) {
        List<Part> apart = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part instanceof Part.Text text && text.seal() != null) {
                apart.add(text.unsealed());
                apart.add(new Part.Reasoning("", text.seal(), null, Extras.NONE));
            } else {
                apart.add(part);
            }
        }
        return apart;
    }

    public static boolean isWrapped(String text) {
        return text.startsWith(WRAPPED);
    }

    /** {@return whether the value is, or holds, a wrapped one} The parser moves to its end. */
    public static boolean standsIn(JsonParser parser) {
        boolean found =
                parser.currentToken() == JsonToken.VALUE_STRING && isWrapped(parser.getString());
        ValueWalk walk = new ValueWalk(parser);
        while (walk.nextString()) {
            found |= isWrapped(parser.getString());
        }
        return found;
    }

    /** {@return whether a string that begins like a wrapped seal stands anywhere in a JSON text} */
    public static boolean mayStandIn(byte[] json) {
        int last = json.length - WRAPPED.length();
        for (int i = 1; i <= last; i++) {
            if (json[i] == 'Z' && json[i - 1] == '"' && startsWrapped(json, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWrapped(byte[] json, int at) {
        for (int i = 0; i < WRAPPED.length(); i++) {
            if (json[at + i] != WRAPPED.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public static String wrap(Seal seal) {
        String model = seal.model() == null ? "" : seal.model().replace("|", "");
        String plain =
                String.join("|", "gw1", seal.family(), model, seal.kind().wireName(), seal.raw());
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return what an upstream's unsigned reasoning is given, so that it bears a seal at all} */
    public static Seal unsigned(String family, String model) {
        return new Seal(family, model, Seal.Kind.UNSIGNED, "");
    }

    /**
     * {@return the seal that a client sent: unwrapped, or a bare one of the client protocol's own
     * provider; null for none or a broken one}
     *
     * @param ownFamily whose a bare one is
     * @param ownKind and of which kind
     */
    public static @Nullable Seal read(@Nullable String text, String ownFamily, Seal.Kind ownKind) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return isWrapped(text) ? unwrap(text) : new Seal(ownFamily, null, ownKind, text);
    }

    private static @Nullable Seal unwrap(String text) {
        String plain;
        try {
            plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        String[] fields = plain.split("\\|", 5);
        if (fields.length < 5) {
            return null;
        }
        return Arrays.stream(Seal.Kind.values())
                .filter(kind -> kind.wireName().equals(fields[3]))
                .map(kind ->
                        new Seal(
                                fields[1], fields[2].isEmpty() ? null : fields[2], kind, fields[4]))
                .findFirst()
                .orElse(null);
    }
}
