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

    private final Mac keyed;

    /**
     * @param bytes 32 random bytes
     */
    public DigestKey(byte[] bytes) {
        if (bytes.length < 32) {
            throw new IllegalArgumentException(
                    "the digest key needs at least 32 bytes, not " + bytes.length);
        }
        this.keyed = keyed(new SecretKeySpec(bytes, ALGORITHM));
    }

    private static Mac keyed(SecretKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    /** Digests with a copy: looking up the algorithm and keying it costs more than the digest. */
    public KeyDigest digest(String apiKey) {
        try {
            Mac mac = (Mac) keyed.clone();
            return KeyDigest.of(mac.doFinal(apiKey.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's " + ALGORITHM + " is copied", impossible);
        }
    }
}
