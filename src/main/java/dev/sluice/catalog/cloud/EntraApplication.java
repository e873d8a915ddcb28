package dev.sluice.catalog.cloud;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * An application registered with Microsoft Entra, with its secret (a service principal).
 *
 * @param clientId the application's id
 * @param scope what its tokens are for
 */
public record EntraApplication(String clientId, String clientSecret, String scope, URI tokenUri)
        implements TokenAccount {
    private static final String SCOPE = "https://cognitiveservices.azure.com/.default";
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]{1,255}");

    static EntraApplication read(AccountFile file) throws UnusableAccount {
        String tenant = file.text("tenant_id");
        if (!TENANT.matcher(tenant).matches()) {
            throw new UnusableAccount("has a tenant_id that is neither an id nor a domain");
        }
        return new EntraApplication(
                file.text("client_id"),
                file.text("client_secret"),
                file.text("scope", SCOPE),
                file.address(
                        "token_uri",
                        "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token"));
    }

    @Override
    public String name() {
        return clientId;
    }

    @Override
    public String toString() {
        return clientId;
    }
}
