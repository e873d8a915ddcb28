package dev.sluice.simulator.script;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts into the pieces in which a model would stream them. */
final class Pieces {
    private static final int ARGUMENT_CHARS = 12;

    private Pieces() {}

    /** {@return the text word by word, each with the white space before it} */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            if (space && inWord) {
                words.add(text.substring(start, i));
                start = i;
            }
            inWord = !space;
        }
        if (start < text.length()) {
            words.add(text.substring(start));
        }
        return words;
    }

    /** {@return exactly that many pieces, the words over and over} */
    static List<String> repeat(List<String> words, int count) {
        List<String> pieces = new ArrayList<>(count);
        String first = words.getFirst();
        for (int i = 0; i < count; i++) {
            String word = words.get(i % words.size());
            pieces.add(i > 0 && i % words.size() == 0 ? " " + first : word);
        }
        return pieces;
    }

    /** {@return exactly that many pieces of that many bytes} */
    static List<String> filled(int count, int bytes) {
        String piece = "x".repeat(bytes - 1) + " ";
        List<String> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pieces.add(piece);
        }
        return pieces;
    }

    /** {@return what of the pieces fits into so many bytes, the last one cut between characters} */
    static List<String> fitting(List<String> pieces, long bytes) {
        List<String> kept = new ArrayList<>();
        long left = bytes;
        for (String piece : pieces) {
            long size = Tokens.bytes(piece);
            if (size > left) {
                String rest = cut(piece, left);
                if (!rest.isEmpty()) {
                    kept.add(rest);
                }
                return kept;
            }
            kept.add(piece);
            left -= size;
        }
        return kept;
    }

    static String cut(String text, long bytes) {
        int end = 0;
        long used = 0;
        while (end < text.length()) {
            int next = end + Character.charCount(text.codePointAt(end));
            used += Tokens.bytes(text.substring(end, next));
            if (used > bytes) {
                break;
            }
            end = next;
        }
        return text.substring(0, end);
    }

    static long bytes(List<String> pieces) {
        return pieces.stream().mapToLong(Tokens::bytes).sum();
    }

    static List<String> ofArguments(String arguments) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < arguments.length()) {
            int end = Math.min(arguments.length(), start + ARGUMENT_CHARS);
            if (end < arguments.length() && Character.isHighSurrogate(arguments.charAt(end - 1))) {
                end++;
            }
            pieces.add(arguments.substring(start, end));
            start = end;
        }
        return pieces;
    }
}
