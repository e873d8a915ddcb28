package dev.sluice.logging;

import java.util.HexFormat;

/**
 * Text that neither ends a line, nor commands a terminal, nor turns the direction of reading. Such
 * characters appear as their {@code \}{@code uXXXX}.
 */
final class SafeText {
    private static final HexFormat HEX = HexFormat.of();

    private SafeText() {}

    /** Adds the text to a line. */
    static void append(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            appendTo(line, text.charAt(i));
        }
    }

    /** Adds the text to a line as a JSON string, quotes included. */
    static void appendQuoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\');
            }
            appendTo(line, c);
        }
        line.append('"');
    }

    private static void appendTo(StringBuilder line, char c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isUnsafe(c)) {
                    line.append("\\u").append(HEX.toHexDigits(c));
                } else {
                    line.append(c);
                }
            }
        }
    }

    private static boolean isUnsafe(char c) {
        return switch (Character.getType(c)) {
            // Controls of both blocks (ANSI's escape among them), directions, marks and joiners,
            // line and paragraph separators.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
