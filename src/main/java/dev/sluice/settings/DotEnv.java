package dev.sluice.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code .env} file: {@code NAME=value} a line, {@code export} before it if one likes, comments
 * after {@code #}, values in single quotes as they are, in double quotes with the usual escapes;
 * quoted values may span lines.
 */
final class DotEnv {
    private final String file;
    private final String text;
    private final List<Problem> problems;
    private final Map<String, Said> values = new LinkedHashMap<>();
    private int position;
    private int line = 1;

    private DotEnv(String file, String text, List<Problem> problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /** {@return the values by name; what cannot be read is added to the problems} */
    static Map<String, Said> read(String file, String text, List<Problem> problems) {
        DotEnv reader = new DotEnv(file, text, problems);
        while (reader.position < text.length()) {
            reader.entry();
        }
        return reader.values;
    }

    private void entry() {
        int start = line;
        String name = upTo('=');
        String trimmed = name.strip();
        if (trimmed.isEmpty() || trimmed.startsWith("#")) {
            restOfLine();
            return;
        }
        if (trimmed.startsWith("export ")) {
            trimmed = trimmed.substring("export ".length()).strip();
        }
        if (position >= text.length() || text.charAt(position) != '=') {
            problems.add(
                    new Problem(trimmed, place(start), "There is no '='.", "Write NAME=value."));
            restOfLine();
            return;
        }
        position++;
        values.put(trimmed, new Said(value(trimmed, start), place(start)));
    }

    private String value(String name, int start) {
        while (position < text.length() && (peek() == ' ' || peek() == '\t')) {
            position++;
        }
        if (position < text.length() && (peek() == '"' || peek() == '\'')) {
            return quoted(name, start, peek());
        }
        String plain = restOfLine();
        int comment = plain.indexOf(" #");
        return (comment < 0 ? plain : plain.substring(0, comment)).strip();
    }

    private String quoted(String name, int start, char quote) {
        StringBuilder value = new StringBuilder();
        for (position++; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == quote) {
                position++;
                restOfLine();
                return value.toString();
            }
            if (c == '\n') {
                line++;
            }
            if (c == '\\' && quote == '"' && position + 1 < text.length()) {
                value.append(escaped(text.charAt(++position)));
            } else {
                value.append(c);
            }
        }
        problems.add(
                new Problem(
                        name,
                        place(start),
                        "The quote is never closed.",
                        "Close it with " + quote + "."));
        return value.toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '"', '\\', '$' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }

    private String upTo(char end) {
        int start = position;
        while (position < text.length() && peek() != end && peek() != '\n') {
            position++;
        }
        return text.substring(start, position);
    }

    private String restOfLine() {
        String rest = upTo('\n');
        if (position < text.length()) {
            position++;
            line++;
        }
        return rest;
    }

    private char peek() {
        return text.charAt(position);
    }

    private String place(int at) {
        return file + ":" + at;
    }
}
