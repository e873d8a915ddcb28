package dev.sluice.dialect.rules;

import dev.sluice.chat.Media;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Text in its several forms: as a file, as a part, as one part of an array. */
public final class PlainTexts {
    private PlainTexts() {}

    /**
     * {@return whether the file is a text} OpenAI refuses such files; as text they say the same.
     */
    public static boolean isText(Media.Inline file) {
        String type = Objects.requireNonNullElse(file.mimeType(), "");
        return type.toLowerCase(Locale.ROOT).startsWith("text/");
    }

    /** {@return the text of a file, or its base64 where that is none} */
    public static String decoded(Media.Inline file) {
        try {
            return new String(Base64.getDecoder().decode(file.base64()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return file.base64();
        }
    }

    /** {@return a text as the file that it is} */
    public static Media.Inline encoded(Media.Plain text) {
        byte[] bytes = text.text().getBytes(StandardCharsets.UTF_8);
        String type = Objects.requireNonNullElse(text.mimeType(), "text/plain");
        return new Media.Inline(type, Base64.getEncoder().encodeToString(bytes));
    }

    /** {@return a single plain text as a string, which every vendor takes; otherwise the array} */
    public static JsonNode shortest(ArrayNode content) {
        JsonNode only = content.size() == 1 ? content.get(0) : null;
        return only != null && only.size() == 2 && only.path("text").isString()
                ? only.path("text")
                : content;
    }
}
