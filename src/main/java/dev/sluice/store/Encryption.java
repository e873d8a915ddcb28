package dev.sluice.store;

import com.macasaet.fernet.Key;
import com.macasaet.fernet.Token;
import com.macasaet.fernet.TokenValidationException;
import com.macasaet.fernet.Validator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.TemporalAmount;
import java.util.Base64;
import java.util.function.Function;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encrypts what is stored, as Fernet tokens (github.com/fernet/spec): AES-128-CBC and HMAC-SHA-256
 * under one key. Tokens never expire. Safe for use by many threads.
 */
public final class Encryption {
    private static final Validator<byte[]> UNCHANGED = new EverValid();

    private final Key key;
    private final SecureRandom random;

    /**
     * @param key 32 bytes in url-safe base64, with or without padding: 44 or 43 characters
     * @throws IllegalArgumentException for anything else; the message does not repeat it
     */
    public Encryption(String key, SecureRandom random) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(key.strip().replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException _) {
            throw wrongKey();
        }
        if (bytes.length != 32) {
            throw wrongKey();
        }
        this.key = new Key(bytes);
        this.random = random;
    }

    /** {@return a new key, as the constructor takes it} */
    public static String generateKey(SecureRandom random) {
        return Key.generateKey(random).serialise();
    }

    /**
     * {@return 32 bytes derived from that key by HKDF} Knowing them tells nothing of the key.
     *
     * @param purpose names what they are for; other purposes have other bytes
     */
    public static byte[] derive(String encryptionKey, String purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(Base64.getUrlDecoder().decode(encryptionKey))
                                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HKDF-SHA256", impossible);
        }
    }

    public String encrypt(byte[] plain) {
        return Token.generate(random, key, plain).serialise();
    }

    public String encrypt(String plain) {
        return encrypt(plain.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * {@return what was encrypted}
     *
     * @throws UndecryptableException when the token was made with another key, or is damaged
     */
    public byte[] decrypt(String token) {
        try {
            return Token.fromString(token).validateAndDecrypt(key, UNCHANGED);
        } catch (TokenValidationException | IllegalArgumentException failure) {
            throw new UndecryptableException(failure);
        }
    }

    public String decryptText(String token) {
        return new String(decrypt(token), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException wrongKey() {
        return new IllegalArgumentException(
                "the encryption key must be 32 random bytes in url-safe base64 (44 characters)");
    }

    /** Stored text that this key does not open. */
    public static final class UndecryptableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UndecryptableException(Throwable cause) {
            super("encrypted text was made with another encryption key, or is damaged", cause);
        }
    }

    /** Accepts tokens of any age, and of clocks that run ahead; the library's own rejects both. */
    private static final class EverValid implements Validator<byte[]> {
        @Override
        public TemporalAmount getTimeToLive() {
            return Duration.between(Instant.EPOCH, Instant.now(getClock()));
        }

        @Override
        public TemporalAmount getMaxClockSkew() {
            return Duration.ofDays(36_500);
        }

        @Override
        public Function<byte[], byte[]> getTransformer() {
            return Function.identity();
        }
    }
}
