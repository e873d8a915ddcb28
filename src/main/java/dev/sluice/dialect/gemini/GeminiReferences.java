package dev.sluice.dialect.gemini;

import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.peek.UpstreamReference.Kind;
import dev.sluice.dialect.rules.peek.ReferenceScanner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids in a request of what only one account of Google keeps: prefixes that are cached, and
 * files of the Files API, by name or by address. Files elsewhere (public addresses, videos,
 * buckets) are nobody's here.
 */
final class GeminiReferences {
    private static final ReferenceScanner SCANNER =
            new ReferenceScanner(
                    Map.of(
                            "cachedContent", Kind.CACHED_CONTENT,
                            "cached_content", Kind.CACHED_CONTENT,
                            "fileUri", Kind.FILE,
                            "file_uri", Kind.FILE),
                    Set.of(
                            "args",
                            "response",
                            "parameters",
                            "parametersJsonSchema",
                            "parameters_json_schema",
                            "responseSchema",
                            "response_schema",
                            "responseJsonSchema",
                            "response_json_schema",
                            "labels"),
                    "");

    /** {@code files/abc}, or {@code https://generativelanguage.googleapis.com/v1beta/files/abc}. */
    private static final Pattern FILE =
            Pattern.compile(
                    "(?:https?://[^/?#]*(?:googleapis\\.com)(?::\\d+)?/[^?#]*?)?(files/[^/?#:]+).*",
                    Pattern.CASE_INSENSITIVE);

    private GeminiReferences() {}

    static List<UpstreamReference> in(byte[] body) {
        return SCANNER.scan(body).stream().flatMap(found -> kept(found).stream()).toList();
    }

    private static Optional<UpstreamReference> kept(UpstreamReference found) {
        if (found.kind() != Kind.FILE) {
            return Optional.of(found);
        }
        Matcher file = FILE.matcher(found.id());
        return file.matches()
                ? Optional.of(new UpstreamReference(Kind.FILE, file.group(1)))
                : Optional.empty();
    }
}
