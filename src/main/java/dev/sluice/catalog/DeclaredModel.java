package dev.sluice.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A logical model as the settings declare it. Its targets go by the names of upstreams, which are
 * configured elsewhere and may come later, go, and come again.
 *
 * @param model without its targets
 */
public record DeclaredModel(LogicalModel model, List<NamedTarget> targets) {

    /** A {@link LogicalModel.Target} by its upstream's name. */
    public record NamedTarget(
            String upstream, String model, double weight, int priority, @Nullable String region) {

        /** {@return this target at the upstream that has the name} */
        public LogicalModel.Target at(UUID upstreamId) {
            return new LogicalModel.Target(upstreamId, model, weight, priority, region);
        }
    }

    public DeclaredModel {
        targets = List.copyOf(targets);
    }

    /** {@return the model with those targets whose upstreams there are} */
    public LogicalModel among(Collection<Upstream> upstreams) {
        Map<String, UUID> ids = new HashMap<>();
        upstreams.forEach(upstream -> ids.put(upstream.name(), upstream.id()));
        List<LogicalModel.Target> found = new ArrayList<>(targets.size());
        for (NamedTarget target : targets) {
            UUID id = ids.get(target.upstream());
            if (id != null) {
                found.add(target.at(id));
            }
        }
        return model.withTargets(found);
    }

    /** {@return the names of its targets' upstreams that there are none of} */
    public List<String> missing(Collection<Upstream> upstreams) {
        List<String> names = upstreams.stream().map(Upstream::name).toList();
        return targets.stream()
                .map(NamedTarget::upstream)
                .distinct()
                .filter(name -> !names.contains(name))
                .toList();
    }
}
