package dev.sluice.dialect.gemini.wire;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where Gemini's files are, and of what type one at a web address is. */
public final class GeminiMedia {
    private static final Pattern STORED =
            Pattern.compile(
                    "gs://.*|files/.*|https://generativelanguage\\.googleapis\\.com/.*",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern YOUTUBE =
            Pattern.compile(
                    "https?://(www\\.|m\\.)?(youtube\\.com|youtu\\.be)/.*",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern EXTENSION = Pattern.compile("\\.([A-Za-z0-9]{2,5})(?:[?#].*)?$");
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("heic", "image/heic"),
                    Map.entry("heif", "image/heif"),
                    Map.entry("pdf", "application/pdf"),
                    Map.entry("txt", "text/plain"),
                    Map.entry("html", "text/html"),
                    Map.entry("csv", "text/csv"),
                    Map.entry("md", "text/markdown"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("mp4", "video/mp4"),
                    Map.entry("webm", "video/webm"));

    private GeminiMedia() {}

    /** {@return whether the address is of Google's own store, and of use to that account alone} */
    public static boolean isStored(String uri) {
        return STORED.matcher(uri).matches();
    }

    public static boolean isYouTube(String uri) {
        return YOUTUBE.matcher(uri).matches();
    }

    /** {@return the media type by the address's ending, or null} */
    public static @Nullable String type(String uri) {
        Matcher matcher = EXTENSION.matcher(uri);
        return matcher.find() ? TYPES.get(matcher.group(1).toLowerCase(Locale.ROOT)) : null;
    }
}
