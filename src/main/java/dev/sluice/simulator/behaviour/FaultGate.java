package dev.sluice.simulator.behaviour;

import dev.sluice.simulator.behaviour.Directive.Group;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Decides which calls a fault hits: the first so many of a tag, or a share of them drawn from a
 * seed and the call's number. So a run of the same calls in the same order always fails in the same
 * places. Bounded; safe for many threads.
 */
public final class FaultGate {
    private static final int MAX_TAGS = 10_000;

    private final Map<String, Integer> calls =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > MAX_TAGS;
                }
            };

    /** {@return the behaviour without the faults that spare this call} */
    public Behaviour pass(String model, Behaviour behaviour) {
        if (!behaviour.isLimited()) {
            return behaviour;
        }
        int number = nextNumber(behaviour.text(Directive.TAG, model + behaviour));
        boolean spared = number > behaviour.count(Directive.FAIL_FIRST, Integer.MAX_VALUE);
        int seed = behaviour.count(Directive.SEED, 1);
        Behaviour left = behaviour;
        for (Directive directive : behaviour.directives()) {
            boolean fault = directive.group() == Group.FAULT;
            if (fault && (spared || !isDrawn(behaviour, directive, seed, number))) {
                left = left.without(directive);
            }
        }
        return left;
    }

    public void reset() {
        synchronized (calls) {
            calls.clear();
        }
    }

    private int nextNumber(String tag) {
        synchronized (calls) {
            return Objects.requireNonNull(calls.merge(tag, 1, Integer::sum));
        }
    }

    private static boolean isDrawn(Behaviour behaviour, Directive directive, int seed, int number) {
        Double chance = behaviour.chance(directive);
        long draw = seed * 1_000_003L + number * 31L + directive.word().hashCode();
        return chance == null || new SplittableRandom(draw).nextDouble() < chance;
    }
}
