package dev.sluice.proxy.cloud;

/**
 * There is no access token for an upstream's key: the key cannot be used, or its token endpoint
 * gives none. The message is for operators; it names the account and holds no secret.
 */
public final class NoAccessToken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAccessToken(String message) {
        super(message, null, false, false);
    }

    public String problem() {
        return String.valueOf(getMessage());
    }
}
