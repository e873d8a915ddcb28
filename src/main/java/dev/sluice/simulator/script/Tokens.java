package dev.sluice.simulator.script;

/**
 * The simulator's one rule of counting: a token is four bytes of UTF-8, the last one begun counts.
 */
public final class Tokens {
    public static final int BYTES_PER_TOKEN = 4;

    private Tokens() {}

    public static int of(String text) {
        return ofBytes(bytes(text));
    }

    static int ofBytes(long bytes) {
        return (int) ((bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
    }

    /** {@return the text's length in UTF-8} */
    static long bytes(CharSequence text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair stands for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
