package dev.sluice.proxy.dispatch.failure;

import dev.sluice.http.client.OutboundRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether words in an upstream's error may be the request's own: many repeat what they refuse.
 * Whoever could put "insufficient_quota" into an error would take the operator's keys out of
 * service.
 */
public final class Echo implements Predicate<String> {
    /** Nothing was said that could be repeated. */
    public static final Predicate<String> NONE = _ -> false;

    private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");

    private final OutboundRequest request;
    private @Nullable String said;

    public Echo(OutboundRequest request) {
        this.request = request;
    }

    /** {@return whether the request may have said it} Of an upload nothing is known any more. */
    @Override
    public boolean test(String word) {
        return request.bodyStream() != null || said().contains(word);
    }

    private String said() {
        String before = said;
        if (before != null) {
            return before;
        }
        String text = request.body().toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        String plain =
                text.contains("\\u")
                        ? ESCAPED.matcher(text).replaceAll(Echo::unescaped).toLowerCase(Locale.ROOT)
                        : text;
        said = plain;
        return plain;
    }

    private static String unescaped(MatchResult escape) {
        char c = (char) Integer.parseInt(escape.group(1), 16);
        return Matcher.quoteReplacement(String.valueOf(c));
    }
}
