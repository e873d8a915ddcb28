package dev.sluice.proxy.route.rank;

import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.proxy.target.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * What an order is made by.
 *
 * @param group whose targets they are: the model's id
 * @param seed what chance is drawn from
 * @param region places in it come first, if there are any; null for none
 * @param bound where the session went before, or null
 * @param prefix a hash of how the request begins, or null where that does not matter
 * @param isRehearsal whether nothing is to remember that this was asked
 */
public record Wish(
        String group,
        RoutingStrategy strategy,
        long seed,
        @Nullable String region,
        @Nullable TargetId bound,
        @Nullable Long prefix,
        boolean isRehearsal) {}
