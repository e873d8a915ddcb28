package dev.sluice.catalog.cloud;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A service account of Google Cloud, as its console hands it out in a JSON file.
 *
 * @param keyId by which Google knows the key; null leaves it to find it
 */
public record GoogleServiceAccount(
        String name, PrivateKey privateKey, @Nullable String keyId, URI tokenUri)
        implements TokenAccount {
    private static final String TOKEN_URI = "https://oauth2.googleapis.com/token";

    /** Google's own keys have 2048 bits; less is not signed with. */
    private static final int FEWEST_BITS = 2_048;

    static GoogleServiceAccount read(AccountFile file) throws UnusableAccount {
        String type = file.text("type", "service_account");
        if (!type.equals("service_account")) {
            throw new UnusableAccount("is not of the type service_account");
        }
        return new GoogleServiceAccount(
                file.text("client_email"),
                privateKey(file.text("private_key")),
                file.has("private_key_id") ? file.text("private_key_id") : null,
                file.address("token_uri", TOKEN_URI));
    }

    /** PKCS #8 in PEM, the only form in which Google hands keys out. */
    private static PrivateKey privateKey(String pem) throws UnusableAccount {
        String base64 =
                pem.replace("-----BEGIN PRIVATE KEY-----", "")
                        .replace("-----END PRIVATE KEY-----", "")
                        .replaceAll("\\s", "");
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            PrivateKey key =
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() >= FEWEST_BITS) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            // Said below; the cause might quote the key.
        }
        throw new UnusableAccount(
                "has a private_key that is no RSA key of 2048 bits or more in PEM (PKCS #8)");
    }

    @Override
    public String toString() {
        return name;
    }
}
