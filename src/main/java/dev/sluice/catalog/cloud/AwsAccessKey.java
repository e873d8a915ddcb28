package dev.sluice.catalog.cloud;

import dev.sluice.catalog.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An access key of AWS, with which requests are signed.
 *
 * @param sessionToken of a temporary key; null for one that stays
 * @param region where it signs for; null for what the upstream's host says
 */
public record AwsAccessKey(
        String name, String secret, @Nullable String sessionToken, @Nullable String region)
        implements CloudAccount {
    static final String ID = "access_key_id";
    static final String SECRET = "secret_access_key";

    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,4096}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /** {@return whether a key looks like one, without reading it} */
    public static boolean isIn(Secret secret) {
        return secret.value().contains('"' + SECRET + '"');
    }

    static AwsAccessKey read(AccountFile file) throws UnusableAccount {
        String id = file.text(ID);
        String region = file.has("region") ? file.text("region") : null;
        String token = file.has("session_token") ? file.text("session_token") : null;
        if (!NAME.matcher(id).matches()) {
            throw new UnusableAccount("has an access_key_id that is none");
        }
        if (region != null && !NAME.matcher(region).matches()) {
            throw new UnusableAccount("has a region that is none, such as us-east-1");
        }
        if (token != null && !PLAIN.matcher(token).matches()) {
            throw new UnusableAccount("has a session_token that is none");
        }
        return new AwsAccessKey(id, file.text(SECRET), token, region);
    }

    @Override
    public String toString() {
        return name;
    }
}
