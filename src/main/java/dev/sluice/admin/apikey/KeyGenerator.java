package dev.sluice.admin.apikey;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes keys: a prefix by which tools recognise a leaked one, and 256 random bits. */
public final class KeyGenerator {
    public static final String DEFAULT_PREFIX = "sk-auto-";

    private static final int SHOWN = 4;

    private final SecureRandom random;
    private final String prefix;

    public KeyGenerator(SecureRandom random, String prefix) {
        this.random = random;
        this.prefix = prefix;
    }

    String generate() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** {@return what may be shown of a key that was made here: the prefix and four characters} */
    String shownOf(String key) {
        return key.substring(0, prefix.length() + SHOWN);
    }

    /** {@return what may be shown of a key that somebody made up: no more than a quarter} */
    static String shownOfGiven(String key) {
        return key.substring(0, Math.min(DEFAULT_PREFIX.length() + SHOWN, key.length() / 4));
    }
}
