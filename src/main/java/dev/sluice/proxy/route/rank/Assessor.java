package dev.sluice.proxy.route.rank;

import dev.sluice.catalog.UpstreamKey;
import dev.sluice.chat.Protocol;
import dev.sluice.proxy.route.memory.RoutingMemory;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.Targets;
import dev.sluice.proxy.target.UpstreamState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks up what is known of a place at this moment. */
public final class Assessor {
    private final Targets targets;
    private final RoutingMemory memory;
    private final Costs costs;

    public Assessor(Targets targets, RoutingMemory memory, Costs costs) {
        this.targets = targets;
        this.memory = memory;
        this.costs = costs;
    }

    /**
     * {@return the place with all that is known of it}
     *
     * @param isLossy whether what cannot be told in that protocol makes the answer wrong
     */
    public Rated assess(Placement placement, Protocol protocol, boolean isLossy, long now) {
        Target target = targets.target(placement.targetId());
        return new Rated(
                placement,
                protocol,
                isLossy,
                target,
                new Rated.Found(
                        memory.measurements(target),
                        target.weightFactor(now),
                        obstacle(placement, target, now),
                        costs.of(placement.upstream(), placement.model())));
    }

    private @Nullable Obstacle obstacle(Placement placement, Target target, long now) {
        UpstreamState upstream = targets.upstream(placement.upstream().id());
        if (target.breaker().refuses(now)) {
            return Obstacle.BREAKER_OPEN;
        }
        List<UpstreamKey> keys = placement.upstream().keys();
        if (upstream.keys().allRest(keys, target, Set.of(), now)) {
            return Obstacle.KEYS_REST;
        }
        if (upstream.health().isDown()) {
            return Obstacle.UNHEALTHY;
        }
        boolean isFull =
                upstream.gate().isFull(placement.upstream().limits())
                        || !upstream.keys().hasOne(keys, target, now);
        return isFull ? Obstacle.FULL : null;
    }
}
