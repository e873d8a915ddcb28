package dev.sluice.dialect.rules.media;

import dev.sluice.chat.Media;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

/**
 * {@code data:} URLs: any case of {@code ;base64,}, with parameters, with or without a media type,
 * which is then told from the first bytes; line breaks are stripped (wire-contract §2.4, RFC 2397).
 */
public final class DataUrl {
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private DataUrl() {}

    public static boolean is(String url) {
        return url.regionMatches(true, 0, "data:", 0, 5);
    }

    /** {@return the content of the URL, or null if it is no valid one} */
    public static Media.@Nullable Inline read(String url) {
        int comma = url.indexOf(',');
        if (!is(url) || comma < 0) {
            return null;
        }
        String head = url.substring(5, comma);
        int parameters = head.indexOf(';');
        String type = (parameters < 0 ? head : head.substring(0, parameters)).strip();
        String mimeType = type.isEmpty() ? null : type.toLowerCase(Locale.ROOT);
        String rest = url.substring(comma + 1);
        if (!head.toLowerCase(Locale.ROOT).endsWith(";base64")) {
            return percentEncoded(mimeType, rest);
        }
        return inline(mimeType, rest);
    }

    /** {@return the content, its media type found where unsaid; null if it is no base64} */
    public static Media.@Nullable Inline inline(@Nullable String mimeType, String base64) {
        String clean = hasWhiteSpace(base64) ? WHITE_SPACE.matcher(base64).replaceAll("") : base64;
        if (clean.isEmpty() || !isBase64(clean)) {
            return null;
        }
        return new Media.Inline(mimeType == null ? sniffed(clean) : mimeType, clean);
    }

    public static String write(Media.Inline inline) {
        return head(inline) + inline.base64();
    }

    /** {@return the same for a tree that is going to be written, and not to be read} */
    public static JsonNode node(Media.Inline inline) {
        return new POJONode(new WrittenDataUrl(inline));
    }

    static String head(Media.Inline inline) {
        String type = inline.mimeType() == null ? "application/octet-stream" : inline.mimeType();
        return "data:" + type + ";base64,";
    }

    private static Media.@Nullable Inline percentEncoded(@Nullable String mimeType, String text) {
        try {
            String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            byte[] bytes = decoded.getBytes(StandardCharsets.UTF_8);
            return new Media.Inline(
                    mimeType == null ? "text/plain" : mimeType,
                    Base64.getEncoder().encodeToString(bytes));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean hasWhiteSpace(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf(' ') >= 0;
    }

    private static boolean isBase64(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=' && text.length() - end < 2) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean legal =
                    (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || c == '+'
                            || c == '/';
            if (!legal) {
                return false;
            }
        }
        return end % 4 != 1;
    }

    private static @Nullable String sniffed(String base64) {
        record Magic(String start, String type) {}
        for (Magic magic :
                new Magic[] {
                    new Magic("iVBORw0KGgo", "image/png"),
                    new Magic("/9j/", "image/jpeg"),
                    new Magic("R0lGOD", "image/gif"),
                    new Magic("UklGR", "image/webp"),
                    new Magic("JVBERi0", "application/pdf"),
                    new Magic("SUQz", "audio/mpeg"),
                    new Magic("T2dnUw", "audio/ogg")
                }) {
            if (base64.startsWith(magic.start)) {
                return base64.startsWith("UklGR") && base64.startsWith("V0FWR", 11)
                        ? "audio/wav"
                        : magic.type;
            }
        }
        return null;
    }
}
