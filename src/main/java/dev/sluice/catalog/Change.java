package dev.sluice.catalog;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Price;
import java.util.List;
import java.util.UUID;

/** A change of the configuration. Each is idempotent: applying it twice is applying it once. */
public sealed interface Change {
    record KeyPut(ApiKey key) implements Change {}

    record KeyRemoved(UUID id) implements Change {}

    record UpstreamPut(Upstream upstream) implements Change {}

    record UpstreamRemoved(UUID id) implements Change {}

    record LogicalModelPut(LogicalModel model) implements Change {}

    record LogicalModelRemoved(String id) implements Change {}

    /** A change of who there is, what they may spend, or what things cost. */
    sealed interface OfGovernance extends Change {}

    record OrganizationPut(Organization organization) implements OfGovernance {}

    record UserPut(User user) implements OfGovernance {}

    record UserRemoved(UUID id) implements OfGovernance {}

    /** All limits of the subject from now on; none lifts them. */
    record LimitsPut(Subject subject, List<Limit> limits) implements OfGovernance {
        public LimitsPut {
            limits = List.copyOf(limits);
        }
    }

    /** All prices that the operator configured, from now on. */
    record PricesPut(List<Price> prices) implements OfGovernance {
        public PricesPut {
            prices = List.copyOf(prices);
        }
    }
}
