package dev.sluice.proxy.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of a part (RFC 7578 §4.2). What readers of forms are known to understand
 * differently is refused rather than guessed.
 *
 * @param isFile whether it has a file name
 * @param isEncoded whether its content is not as it stands
 */
record PartHead(String name, boolean isFile, boolean isEncoded) {
    private static final Pattern PARAMETER =
            Pattern.compile("\\G\\s*;\\s*([A-Za-z0-9*_-]+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;\"]+))");

    /**
     * {@return the head of those lines}
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static PartHead read(byte[] lines) {
        String disposition = null;
        boolean encoded = false;
        for (String line : new String(lines, StandardCharsets.UTF_8).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                continue;
            }
            if (colon < 1 || Character.isWhitespace(line.charAt(0))) {
                throw new IllegalArgumentException("a header line is 'Name: value'.");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    if (disposition != null) {
                        throw new IllegalArgumentException("it has two Content-Dispositions.");
                    }
                    disposition = value;
                }
                case "content-transfer-encoding" -> encoded = !isPlain(value);
                default -> {
                    // Types and the like are for the upstream.
                }
            }
        }
        return of(disposition, encoded);
    }

    private static boolean isPlain(String encoding) {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary" -> true;
            default -> false;
        };
    }

    private static PartHead of(@Nullable String disposition, boolean encoded) {
        if (disposition == null || !disposition.toLowerCase(Locale.ROOT).startsWith("form-data")) {
            throw new IllegalArgumentException(
                    "it needs 'Content-Disposition: form-data; name=\"…\"'.");
        }
        String parameters = disposition.substring("form-data".length());
        Matcher parameter = PARAMETER.matcher(parameters);
        String name = null;
        boolean file = false;
        int end = 0;
        while (parameter.find()) {
            end = parameter.end();
            switch (parameter.group(1).toLowerCase(Locale.ROOT)) {
                case "name" -> {
                    if (name != null) {
                        throw new IllegalArgumentException("it has two names.");
                    }
                    name = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
                }
                case "name*" -> throw new IllegalArgumentException("'name*' is not understood.");
                default ->
                        file |= parameter.group(1).toLowerCase(Locale.ROOT).startsWith("filename");
            }
        }
        if (name == null || name.isEmpty() || name.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("it needs one name, without a backslash.");
        }
        if (!file && !parameters.substring(end).isBlank()) {
            throw new IllegalArgumentException("its Content-Disposition cannot be read.");
        }
        return new PartHead(name, file, encoded);
    }
}
