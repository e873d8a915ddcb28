package dev.sluice.catalog.cloud;

import dev.sluice.catalog.Secret;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A credential with which access tokens are fetched, or requests signed. An upstream's key that is
 * a JSON object is one of these; every other key is sent as it is.
 */
public sealed interface CloudAccount permits TokenAccount, AwsAccessKey {

    /** {@return by what people know it; no secret} */
    String name();

    /** {@return whether a key is such a credential, for better or worse, and must not be sent} */
    static boolean isIn(Secret secret) {
        String text = secret.value();
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '{';
    }

    /**
     * {@return the account that a key is}
     *
     * @throws UnusableAccount if its JSON is none, or lacks something
     */
    static CloudAccount read(Secret secret) throws UnusableAccount {
        AccountFile file = new AccountFile(tree(secret));
        if (file.has("client_email") || file.has("private_key")) {
            return GoogleServiceAccount.read(file);
        }
        if (file.has("tenant_id") || file.has("client_secret")) {
            return EntraApplication.read(file);
        }
        if (file.has(AwsAccessKey.ID) || file.has(AwsAccessKey.SECRET)) {
            return AwsAccessKey.read(file);
        }
        throw new UnusableAccount(
                "is JSON, but neither a Google service account (client_email, private_key), nor a"
                        + " Microsoft Entra application (tenant_id, client_id, client_secret),"
                        + " nor an AWS access key (access_key_id, secret_access_key)");
    }

    private static JsonNode tree(Secret secret) throws UnusableAccount {
        try {
            return JsonMapper.shared().readTree(secret.value());
        } catch (JacksonException notJson) {
            // Its own message would quote the secret.
            throw new UnusableAccount("begins like JSON, but is none that can be read");
        }
    }
}
