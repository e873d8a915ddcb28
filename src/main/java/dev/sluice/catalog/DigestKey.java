package dev.sluice.catalog;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random key under which API keys are digested, so that a stolen table opens nothing. It is
 * stored encrypted; rotating the encryption key re-wraps it and leaves every digest valid. Safe for
 * use by many threads.
 */
public final class DigestKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKey key;

    /**
     * @param bytes 32 random bytes
     */
    public DigestKey(byte[] bytes) {
        if (bytes.length < 32) {
            throw new IllegalArgumentException(
                    "the digest key needs at least 32 bytes, not " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    public KeyDigest digest(String apiKey) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return KeyDigest.of(mac.doFinal(apiKey.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }
}
