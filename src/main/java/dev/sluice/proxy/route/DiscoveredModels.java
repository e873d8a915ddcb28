package dev.sluice.proxy.route;

import dev.sluice.catalog.UpstreamModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The models that upstreams said they serve, when they were last asked. Kept while an upstream is
 * away. Swapped whole.
 */
public final class DiscoveredModels {
    private final AtomicReference<Map<UUID, List<UpstreamModel>>> current =
            new AtomicReference<>(Map.of());

    /** Notes what an upstream serves, in place of what it had said before. */
    public void put(UUID upstreamId, List<UpstreamModel> models) {
        current.updateAndGet(known -> {
            if (models.equals(known.get(upstreamId))) {
                return known;
            }
            Map<UUID, List<UpstreamModel>> changed = new HashMap<>(known);
            changed.put(upstreamId, List.copyOf(models));
            return Map.copyOf(changed);
        });
    }

    /** Forgets all upstreams but these. */
    public void retain(Set<UUID> upstreamIds) {
        current.updateAndGet(known -> {
            if (upstreamIds.containsAll(known.keySet())) {
                return known;
            }
            Map<UUID, List<UpstreamModel>> kept = new HashMap<>(known);
            kept.keySet().retainAll(upstreamIds);
            return Map.copyOf(kept);
        });
    }

    /** {@return models by upstream; the same map as long as nothing changes} */
    public Map<UUID, List<UpstreamModel>> byUpstream() {
        return current.get();
    }
}
