package dev.sluice.proxy.route.memory;

import java.util.UUID;

/**
 * A session as its client names it. Two API keys never share one.
 *
 * @param keyId the API key's
 * @param session at most 128 bytes
 */
public record SessionKey(UUID keyId, String session) {
    public static final int LONGEST = 128;
}
