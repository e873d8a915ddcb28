package dev.sluice.proxy.tokens;

import dev.sluice.dialect.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The words in a request or an answer of any dialect: all texts but those that say what something
 * is, and encoded media. Total on arbitrary bytes.
 */
public final class JsonTexts {
    /** Larger JSON is not parsed but looked at here and there. */
    private static final int LARGEST_PARSED = 64 * 1_024;

    private static final int LOOKS = 16;
    private static final int LOOK = 1_024;

    /** Of its 64 digits a kilobyte of base64 has nearly all. */
    private static final int FEWEST_DIGITS = 40;

    /** Members that name, refer or are sealed; no model reads them as words. */
    private static final Set<String> NO_WORDS =
            Set.of(
                    "model",
                    "modelVersion",
                    "id",
                    "responseId",
                    "response_id",
                    "previous_response_id",
                    "item_id",
                    "obfuscation",
                    "call_id",
                    "tool_call_id",
                    "tool_use_id",
                    "file_id",
                    "role",
                    "type",
                    "object",
                    "status",
                    "data",
                    "file_data",
                    "b64_json",
                    "url",
                    "image_url",
                    "detail",
                    "mime_type",
                    "mimeType",
                    "media_type",
                    "signature",
                    "thoughtSignature",
                    "encrypted_content",
                    "finish_reason",
                    "finishReason",
                    "stop_reason",
                    "system_fingerprint",
                    "service_tier",
                    "effort",
                    "user");

    private JsonTexts() {}

    /**
     * Some words of a text.
     *
     * @param looked how many of its bytes were looked at
     * @param size how many it has
     */
    public record Words(String text, long looked, long size) {

        /** {@return the tokens of the whole, where these words have so many} */
        public long whole(long tokens) {
            return looked == size ? tokens : Math.round((double) tokens * size / looked);
        }
    }

    /**
     * {@return the words of a request} Names of members are words too: those of schemas are, and
     * the others stand for what a dialect puts around each message.
     */
    public static Words ofRequest(byte[] json) {
        return json.length > LARGEST_PARSED ? here(json) : whole(json, true);
    }

    /** {@return the words of a whole answer} */
    public static Words ofAnswer(byte[] json) {
        return json.length > LARGEST_PARSED ? here(json) : whole(json, false);
    }

    private static Words whole(byte[] json, boolean takesNames) {
        StringBuilder words = new StringBuilder();
        append(json, takesNames, words);
        return new Words(words.toString(), json.length, json.length);
    }

    /** Appends the words of that JSON. */
    static void append(byte[] json, boolean takesNames, StringBuilder words) {
        try (JsonParser parser = Json.parser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    append(parser.currentName(), parser.getString(), words);
                } else if (token == JsonToken.PROPERTY_NAME && takesNames) {
                    words.append(' ').append(parser.currentName()).append(' ');
                }
            }
        } catch (JacksonException broken) {
            // What came before counts.
        }
    }

    private static void append(@Nullable String name, String text, StringBuilder words) {
        if ((name == null || !NO_WORDS.contains(name)) && !text.startsWith("data:")) {
            words.append(text);
        }
    }

    /** {@return whether that is no text but base64: without a gap, and of many characters} */
    private static boolean isEncoded(String piece) {
        BitSet seen = new BitSet(128);
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (c <= ' ' || c > '~' || c == '"') {
                return false;
            }
            seen.set(c);
        }
        return seen.cardinality() >= FEWEST_DIGITS;
    }

    private static Words here(byte[] json) {
        StringBuilder words = new StringBuilder(LOOKS * LOOK);
        int step = (json.length - LOOK) / (LOOKS - 1);
        for (int i = 0; i < LOOKS; i++) {
            String piece = new String(json, i * step, LOOK, StandardCharsets.UTF_8);
            if (!isEncoded(piece)) {
                words.append(piece);
            }
        }
        return new Words(words.toString(), (long) LOOKS * LOOK, json.length);
    }
}
