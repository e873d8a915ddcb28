package dev.sluice.catalog;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.PriceList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** Who there is, what they may spend, and what things cost. */
public record Governance(
        PMap<UUID, Organization> organizations,
        PMap<UUID, User> users,
        PMap<Subject, List<Limit>> limits,
        PriceList prices) {

    public static final Governance EMPTY =
            new Governance(
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    PriceList.EMPTY);

    public Governance withOrganizations(PMap<UUID, Organization> changed) {
        return new Governance(changed, users, limits, prices);
    }

    public Governance withUsers(PMap<UUID, User> changed) {
        return new Governance(organizations, changed, limits, prices);
    }

    public Governance withLimits(PMap<Subject, List<Limit>> changed) {
        return new Governance(organizations, users, changed, prices);
    }

    /** {@return this with those limits of the subject; none lifts them} */
    public Governance withLimits(Subject subject, List<Limit> changed) {
        return new Governance(
                organizations,
                users,
                changed.isEmpty()
                        ? limits.minus(subject)
                        : limits.plus(subject, List.copyOf(changed)),
                prices);
    }

    public Governance withPrices(PriceList changed) {
        return new Governance(organizations, users, limits, changed);
    }

    public List<Limit> limitsOf(Subject subject) {
        return limits.getOrDefault(subject, List.of());
    }

    /** {@return whether neither the user nor the organization has been switched off} */
    public boolean areActive(@Nullable UUID userId, @Nullable UUID organizationId) {
        if (userId != null) {
            User user = users.get(userId);
            if (user != null && !user.active()) {
                return false;
            }
        }
        Organization organization =
                organizationId == null ? null : organizations.get(organizationId);
        return organization == null || organization.active();
    }
}
