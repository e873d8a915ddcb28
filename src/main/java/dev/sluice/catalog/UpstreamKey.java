package dev.sluice.catalog;

import dev.sluice.catalog.cloud.CloudAccount;
import org.jspecify.annotations.Nullable;

/**
 * One of an upstream's credentials.
 *
 * @param weight its share among the upstream's keys, above 0
 * @param maxQps calls a second it may carry, or null for no limit
 */
public record UpstreamKey(String label, Secret secret, double weight, @Nullable Integer maxQps) {

    /** {@return whether it is not sent itself, but what access tokens are fetched with} */
    public boolean isCloudAccount() {
        return CloudAccount.isIn(secret);
    }
}
