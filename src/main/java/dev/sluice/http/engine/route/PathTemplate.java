package dev.sluice.http.engine.route;

import dev.sluice.http.HttpFailure;
import dev.sluice.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link Route#template()}. Its segments are literal text, {@code {name}} for one
 * segment, {@code {name}suffix} for one segment that ends so; and last {@code **} for the rest of
 * the path as sent, or {@code {name...}suffix} for one or more segments that end so, with the
 * suffix's last place counting. A template with more literal text is more specific.
 */
final class PathTemplate {
    private static final String REST = "**";

    private final List<Part> parts;
    private final boolean literal;

    private sealed interface Part {
        /** One segment with exactly that text. */
        record Literal(String text) implements Part {}

        /** One segment, percent-decoded under that name once the suffix is off. */
        record Parameter(String name, String suffix) implements Part {}

        /** All that is left, at least one segment, decoded once the suffix is off. */
        record Span(String name, String suffix) implements Part {}

        /** All that is left, as sent. */
        record Rest() implements Part {}
    }

    PathTemplate(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException(
                    "A route's template starts with a slash: " + template);
        }
        List<Part> compiled = new ArrayList<>();
        String[] segments = template.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            Part part = partOf(segments[i], template);
            boolean takesAll = part instanceof Part.Rest || part instanceof Part.Span;
            if (takesAll && i < segments.length - 1) {
                throw new IllegalArgumentException("Only the last segment may span: " + template);
            }
            compiled.add(part);
        }
        this.parts = List.copyOf(compiled);
        this.literal = parts.stream().allMatch(Part.Literal.class::isInstance);
    }

    /** {@return whether the template matches exactly one path} */
    boolean isLiteral() {
        return literal;
    }

    /** {@return the path's parameters, or null if it does not match} */
    @Nullable Map<String, String> match(String path) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = 1;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (at > path.length()) {
                return part instanceof Part.Rest && take(parameters, REST, "") ? parameters : null;
            }
            int slash = path.indexOf('/', at);
            if (part instanceof Part.Rest || part instanceof Part.Span) {
                return matchRest(part, path.substring(at), parameters) ? parameters : null;
            }
            String segment = path.substring(at, slash < 0 ? path.length() : slash);
            if ((i == parts.size() - 1 && slash >= 0) || !matchSegment(part, segment, parameters)) {
                return null;
            }
            at += segment.length() + 1;
        }
        return parameters;
    }

    /** {@return less than 0 if this template is to be tried before the other} */
    int compareSpecificity(PathTemplate other) {
        for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
            int difference = rank(parts.get(i)) - rank(other.parts.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return other.parts.size() - parts.size();
    }

    /** Decodes %-escapes as UTF-8; a plus sign stays what it is. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new HttpFailure(400, "bad_escape", "The URL has a bad percent-escape.");
                }
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static Part partOf(String segment, String template) {
        if (segment.equals(REST)) {
            return new Part.Rest();
        }
        int close = segment.indexOf('}');
        if (!segment.startsWith("{") || close < 2) {
            if (segment.indexOf('{') >= 0 || close >= 0) {
                throw new IllegalArgumentException("A brace is out of place: " + template);
            }
            return new Part.Literal(segment);
        }
        String name = segment.substring(1, close);
        String suffix = segment.substring(close + 1);
        return name.endsWith("...")
                ? new Part.Span(name.substring(0, name.length() - 3), suffix)
                : new Part.Parameter(name, suffix);
    }

    private static boolean matchSegment(Part part, String text, Map<String, String> parameters) {
        return switch (part) {
            case Part.Literal(String expected) -> expected.equals(text);
            case Part.Parameter(String name, String suffix) ->
                    text.length() > suffix.length()
                            && text.endsWith(suffix)
                            && take(parameters, name, withoutSuffix(text, suffix));
            case Part.Span _, Part.Rest _ -> false;
        };
    }

    private static boolean matchRest(Part part, String rest, Map<String, String> parameters) {
        return switch (part) {
            case Part.Rest() -> parameters.put(REST, rest) == null;
            case Part.Span(String name, String suffix) ->
                    rest.length() > suffix.length()
                            && rest.endsWith(suffix)
                            && take(parameters, name, withoutSuffix(rest, suffix));
            case Part.Literal _, Part.Parameter _ -> false;
        };
    }

    private static boolean take(Map<String, String> parameters, String name, String text) {
        parameters.put(name, decode(text));
        return true;
    }

    private static String withoutSuffix(String text, String suffix) {
        return text.substring(0, text.length() - suffix.length());
    }

    private static int rank(Part part) {
        return switch (part) {
            case Part.Literal _ -> 0;
            case Part.Parameter(_, String suffix) -> suffix.isEmpty() ? 2 : 1;
            case Part.Span(_, String suffix) -> suffix.isEmpty() ? 4 : 3;
            case Part.Rest() -> 5;
        };
    }
}
