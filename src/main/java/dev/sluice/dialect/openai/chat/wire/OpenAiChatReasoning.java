package dev.sluice.dialect.openai.chat.wire;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Part.Reasoning;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Seals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reasoning beside the text of a Chat message, in the fields that vendors have for it
 * (wire-contract §1.5): {@code reasoning_content}, {@code reasoning}, and {@code
 * reasoning_details}, which alone have a place for a seal.
 */
public final class OpenAiChatReasoning {
    public static final String DETAILS = "reasoning_details";
    private static final String TEXT = "reasoning.text";
    private static final String ENCRYPTED = "reasoning.encrypted";

    private OpenAiChatReasoning() {}

    /**
     * {@return the reasoning of a message or a delta, in order}
     *
     * @param family whose a bare seal is, where its entry does not say
     * @param model that made it; null where a client sent it
     */
    public static List<Reasoning> read(JsonNode message, String family, @Nullable String model) {
        String plain = text(message);
        List<Reasoning> parts = new ArrayList<>();
        boolean anyText = false;
        for (JsonNode entry : Fields.elements(message.get(DETAILS))) {
            Reasoning part = entry(entry, family, model);
            if (!part.text().isEmpty() || part.seal() != null) {
                parts.add(part);
                anyText |= !part.text().isEmpty();
            }
        }
        if (plain.isEmpty() || anyText) {
            return parts;
        }
        if (parts.isEmpty()) {
            return List.of(new Reasoning(plain, null, null, Extras.NONE));
        }
        Reasoning first = parts.getFirst();
        parts.set(0, new Reasoning(plain, first.seal(), first.id(), Extras.NONE));
        return parts;
    }

    /** {@return the reasoning that stands as plain text; empty for none} */
    static String text(JsonNode message) {
        String content = message.path("reasoning_content").asString("");
        return content.isEmpty() && message.path("reasoning").isString()
                ? message.path("reasoning").stringValue()
                : content;
    }

    /** Writes the parts as {@code reasoning_details}; a part without a seal is text alone. */
    public static void writeDetails(ObjectNode message, List<Reasoning> parts, boolean wrapped) {
        int index = 0;
        for (Reasoning part : parts) {
            Seal seal = part.seal();
            String sealed = seal == null ? "" : wrapped ? Seals.wrap(seal) : seal.raw();
            ObjectNode entry = message.withArrayProperty(DETAILS).addObject();
            if (part.text().isEmpty()) {
                entry.put("type", ENCRYPTED).put("data", sealed);
            } else {
                entry.put("type", TEXT).put("text", part.text());
                if (!sealed.isEmpty()) {
                    entry.put("signature", sealed);
                }
            }
            if (part.id() != null) {
                entry.put("id", part.id());
            }
            if (seal != null && !wrapped) {
                entry.put("format", format(seal.family()));
            }
            entry.put("index", index++);
        }
    }

    /** {@return the detail of a stream that carries nothing but a seal, as JSON} */
    public static String sealDetail(Seal seal, boolean hasText, int index) {
        String wrapped = Json.quoted(Seals.wrap(seal));
        String place =
                hasText
                        ? "\"type\":\"" + TEXT + "\",\"text\":\"\",\"signature\":" + wrapped
                        : "\"type\":\"" + ENCRYPTED + "\",\"data\":" + wrapped;
        return "{" + place + ",\"index\":" + index + "}";
    }

    private static Reasoning entry(JsonNode entry, String family, @Nullable String model) {
        String format = entry.path("format").asString("");
        String text = entry.path("text").asString(entry.path("summary").asString(""));
        boolean encrypted = entry.path("type").asString("").equals(ENCRYPTED);
        String raw = entry.path(encrypted ? "data" : "signature").asString("");
        String owner = owner(format, family);
        Seal.Kind kind = kind(owner, encrypted, text.isEmpty());
        Seal seal = Seals.read(raw, owner, kind);
        if (seal != null && model != null && seal.model() == null) {
            seal = new Seal(seal.family(), model, seal.kind(), seal.raw());
        }
        String id = entry.path("id").isString() ? entry.path("id").stringValue() : null;
        return new Reasoning(text, seal, id, Extras.NONE);
    }

    private static Seal.Kind kind(String owner, boolean encrypted, boolean alone) {
        return switch (owner) {
            case "anthropic" -> encrypted && alone ? Seal.Kind.REDACTED : Seal.Kind.SIGNATURE;
            case "google" -> Seal.Kind.THOUGHT;
            default -> encrypted ? Seal.Kind.ENCRYPTED : Seal.Kind.SIGNATURE;
        };
    }

    private static String owner(String format, String family) {
        return switch (format) {
            case "anthropic-claude-v1" -> "anthropic";
            case "openai-responses-v1" -> "openai";
            case "google-gemini-v1" -> "google";
            case "xai-responses-v1" -> "xai";
            default -> family;
        };
    }

    private static String format(String family) {
        return switch (family) {
            case "anthropic" -> "anthropic-claude-v1";
            case "openai" -> "openai-responses-v1";
            case "google" -> "google-gemini-v1";
            case "xai" -> "xai-responses-v1";
            default -> "unknown";
        };
    }
}
