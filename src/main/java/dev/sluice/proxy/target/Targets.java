package dev.sluice.proxy.target;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Everything that is known of targets and upstreams, in this process. Bounded: of more targets than
 * that, the ones used least are forgotten and begin anew.
 */
public final class Targets {
    private static final int MOST_TARGETS = 4_096;

    private final LongSupplier ticker;
    private final CircuitBreaker.Rules rules;
    private final Cache<TargetId, Target> targets =
            Caffeine.newBuilder().maximumSize(MOST_TARGETS).executor(Runnable::run).build();
    private final ConcurrentHashMap<UUID, UpstreamState> upstreams = new ConcurrentHashMap<>();

    /** The ticker counts nanoseconds, monotonic. */
    public Targets(LongSupplier ticker, CircuitBreaker.Rules rules) {
        this.ticker = ticker;
        this.rules = rules;
    }

    public long now() {
        return ticker.getAsLong();
    }

    public Target target(TargetId id) {
        return targets.get(id, unseen -> new Target(unseen, rules));
    }

    public UpstreamState upstream(UUID id) {
        UpstreamState known = upstreams.get(id);
        return known != null
                ? known
                : upstreams.computeIfAbsent(id, _ -> new UpstreamState(ticker));
    }

    /** {@return the targets of that upstream that were used, by model} */
    public List<Target> of(UUID upstreamId) {
        return targets.asMap().values().stream()
                .filter(target -> target.id().upstreamId().equals(upstreamId))
                .sorted(Comparator.comparing(target -> target.id().model()))
                .toList();
    }

    /** Forgets all upstreams but these, and their targets. */
    public void retain(Set<UUID> upstreamIds) {
        upstreams.keySet().retainAll(upstreamIds);
        targets.asMap().keySet().removeIf(id -> !upstreamIds.contains(id.upstreamId()));
    }
}
