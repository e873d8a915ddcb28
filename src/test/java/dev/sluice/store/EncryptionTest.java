package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {
    private static final String KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private final SecureRandom random = new SecureRandom();
    private final Encryption encryption = new Encryption(KEY, random);

    /** A token of 1985, from the Fernet specification's own example. */
    @Test
    void aTokenOfAnyAgeIsReadByItsKey() {
        String token =
                "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
        assertThat(encryption.decryptText(token)).isEqualTo("hello");
    }

    @Test
    void whatIsEncryptedComesBackAndNeverLooksTheSame() {
        String token = encryption.encrypt("sk-ключ-钥匙");
        assertThat(encryption.decryptText(token)).isEqualTo("sk-ключ-钥匙");
        assertThat(encryption.encrypt("sk-ключ-钥匙")).isNotEqualTo(token);
    }

    @Test
    void anotherKeyOrADamagedTokenIsRefused() {
        Encryption other = new Encryption(Encryption.generateKey(random), random);
        String token = encryption.encrypt("secret");
        assertThatThrownBy(() -> other.decrypt(token))
                .isInstanceOf(Encryption.UndecryptableException.class);
        assertThatThrownBy(() ->
                        encryption.decrypt(token.substring(0, token.length() - 8) + "AAAAAAAA"))
                .isInstanceOf(Encryption.UndecryptableException.class);
        assertThatThrownBy(() -> encryption.decrypt("not a token"))
                .isInstanceOf(Encryption.UndecryptableException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4",
                "** not base64 **"
            })
    void aKeyOfAnotherFormIsRefusedWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> new Encryption(key, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 random bytes");
    }
}
