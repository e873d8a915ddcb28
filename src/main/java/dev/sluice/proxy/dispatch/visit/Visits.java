package dev.sluice.proxy.dispatch.visit;

import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.rank.Obstacle;
import dev.sluice.proxy.target.CircuitBreaker.Pass;
import dev.sluice.proxy.target.ConcurrencyGate;
import dev.sluice.proxy.target.KeyPool;
import dev.sluice.proxy.target.Measurements;
import dev.sluice.proxy.target.Target;
import dev.sluice.proxy.target.Targets;
import dev.sluice.proxy.target.UpstreamState;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way into targets. */
public final class Visits {
    private final Targets targets;

    public Visits(Targets targets) {
        this.targets = targets;
    }

    /** Whether an attempt may be made. */
    public sealed interface Entry {
        /** It may; the visit must be ended. */
        record Open(Visit visit) implements Entry {}

        /**
         * It may not at the moment.
         *
         * @param statedNanos how long the upstream said that it takes no calls; 0 if it did not
         */
        record Shut(Obstacle why, long statedNanos) implements Entry {
            Shut(Obstacle why) {
                this(why, 0);
            }
        }
    }

    /**
     * Who wants in.
     *
     * @param requestId by which a key is chosen where none is wished for, always the same for the
     *     same id and state
     * @param triedKeys labels of keys that are not to be used again
     */
    public record Visitor(Candidate candidate, UUID requestId, Set<String> triedKeys) {
        /** A request id's random half, as a number in [0, 1). */
        double point() {
            return ((requestId.getLeastSignificantBits() << 2) >>> 11) * 0x1.0p-53;
        }

        Upstream upstream() {
            return candidate.upstream();
        }
    }

    public long now() {
        return targets.now();
    }

    /** {@return a visit, if nothing keeps calls from that target at the moment} */
    public Entry enter(Visitor visitor) {
        Target target = targets.target(visitor.candidate().targetId());
        if (target.breaker().refuses(targets.now())) {
            return new Entry.Shut(Obstacle.BREAKER_OPEN);
        }
        UpstreamState upstream = targets.upstream(visitor.upstream().id());
        ConcurrencyGate.Room room = upstream.gate().enter(visitor.upstream().limits());
        return room == null ? new Entry.Shut(Obstacle.FULL) : enter(visitor, target, room);
    }

    /** {@return a visit in a room that was waited for} */
    public Entry enter(Visitor visitor, ConcurrencyGate.Room room) {
        return enter(visitor, targets.target(visitor.candidate().targetId()), room);
    }

    /**
     * {@return a visit although its breaker is open or its keys rest, because there is no better
     * place} Where the upstream said for how long it takes no calls, that is only one now and then;
     * the calls a second of its keys are kept in any case.
     */
    public Entry insist(Visitor visitor) {
        Upstream upstream = visitor.upstream();
        KeyPool keys = targets.upstream(upstream.id()).keys();
        Target target = targets.target(visitor.candidate().targetId());
        long now = targets.now();
        long stated = keys.statedNanosLeft(upstream.keys(), target, visitor.triedKeys(), now);
        if (stated > 0 && !target.limits().takeLook(now)) {
            return new Entry.Shut(Obstacle.KEYS_REST, stated);
        }
        ConcurrencyGate.Room room = gate(visitor).enter(upstream.limits());
        if (room == null) {
            return new Entry.Shut(Obstacle.FULL);
        }
        UpstreamKey key = choose(visitor, target);
        if (key == null) {
            key = keys.leastBad(upstream.keys(), target, visitor.triedKeys(), now);
        }
        if (key == null && !upstream.keys().isEmpty()) {
            room.close();
            return new Entry.Shut(Obstacle.FULL);
        }
        return open(target, keys, room, target.breaker().force(now), key);
    }

    private Entry enter(Visitor visitor, Target target, ConcurrencyGate.Room room) {
        UpstreamKey key = choose(visitor, target);
        KeyPool keys = targets.upstream(visitor.upstream().id()).keys();
        if (key == null && !visitor.upstream().keys().isEmpty()) {
            room.close();
            boolean allRest =
                    keys.allRest(
                            visitor.upstream().keys(), target, visitor.triedKeys(), targets.now());
            return new Entry.Shut(allRest ? Obstacle.KEYS_REST : Obstacle.FULL);
        }
        Pass pass = target.breaker().pass(targets.now());
        if (pass == Pass.NONE) {
            room.close();
            return new Entry.Shut(Obstacle.BREAKER_OPEN);
        }
        return open(target, keys, room, pass, key);
    }

    private Entry open(
            Target target,
            KeyPool keys,
            ConcurrencyGate.Room room,
            Pass pass,
            @Nullable UpstreamKey key) {
        return new Entry.Open(
                new Visit(new Visit.Held(target, keys, room, pass, key), targets::now));
    }

    private @Nullable UpstreamKey choose(Visitor visitor, Target target) {
        Upstream upstream = visitor.upstream();
        KeyPool keys = targets.upstream(upstream.id()).keys();
        KeyPool.Draw draw = new KeyPool.Draw(visitor.point(), targets.now());
        for (UpstreamKey wanted : visitor.candidate().keys().among(upstream.keys())) {
            UpstreamKey key = keys.choose(List.of(wanted), target, draw, visitor.triedKeys());
            if (key != null) {
                return key;
            }
        }
        return keys.choose(upstream.keys(), target, draw, visitor.triedKeys());
    }

    /** {@return where calls to that upstream wait for room} */
    public ConcurrencyGate gate(Visitor visitor) {
        return targets.upstream(visitor.upstream().id()).gate();
    }

    /** {@return whether calls to that target have failed more often than not} */
    public boolean isFailing(Candidate candidate) {
        return measured(candidate).status() == Measurements.Status.DOWN;
    }

    public Measurements measured(Candidate candidate) {
        return targets.target(candidate.targetId()).measurements(targets.now());
    }
}
