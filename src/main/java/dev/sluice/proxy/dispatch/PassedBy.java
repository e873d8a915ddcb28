package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.rank.Obstacle;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Who could not be asked on a call's way, in the order of the plan, which has the least bad first.
 * Whoever is taken from it is asked all the same. Belongs to the exchange's event loop.
 */
final class PassedBy {
    private final Deque<Candidate> full = new ArrayDeque<>(1);
    private final Deque<Candidate> others = new ArrayDeque<>(1);

    void add(Candidate candidate, Obstacle why) {
        (why == Obstacle.FULL ? full : others).add(candidate);
    }

    /** {@return the first who lacks nothing but room, or null} */
    @Nullable Candidate takeFull() {
        return full.poll();
    }

    /** {@return the first of the others, who stays, or null} */
    @Nullable Candidate first() {
        return others.peek();
    }

    /** {@return the first of the others, or null} */
    @Nullable Candidate take() {
        return others.poll();
    }
}
