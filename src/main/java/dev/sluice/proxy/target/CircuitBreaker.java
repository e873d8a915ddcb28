package dev.sluice.proxy.target;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Keeps calls from what is known to fail. It opens on several failures in a row or on a high share
 * of failures, stays open for a cool-down that doubles each time the probe after it fails, and then
 * lets one call through: the probe, whose result decides. If that is silent, another may go after a
 * further cool-down. Failures of calls that began before it opened change nothing any more, nor do
 * those of calls that went although it was open; a success of these closes it.
 */
public final class CircuitBreaker {
    private final Rules rules;
    private final AtomicReference<Standing> standing = new AtomicReference<>(Standing.CLOSED);

    /**
     * When it opens and for how long.
     *
     * @param inARow so many failures without a success between them open it
     * @param share or that share of failures, 0 to 1
     * @param least of at least so many calls
     * @param window within that time
     */
    public record Rules(
            int inARow,
            double share,
            int least,
            Duration window,
            Duration coolDown,
            Duration longestCoolDown) {
        public static final Rules STANDARD =
                new Rules(
                        5,
                        0.5,
                        20,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60));
    }

    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** What a call was let through as. */
    public enum Pass {
        /** One of many. */
        ORDINARY,
        /** The one by which it is decided whether to close. */
        PROBE,
        /** One that went although it is open; its failure proves nothing new. */
        FORCED,
        /** None: it is open. */
        NONE
    }

    /**
     * @param openUntil when the next probe may go, also while one is under way; of meaning unless
     *     closed
     * @param opened how many times it has opened since the last call that succeeded
     */
    private record Standing(
            State state,
            int inARow,
            int calls,
            int failures,
            long windowSince,
            long openUntil,
            int opened) {
        static final Standing CLOSED = new Standing(State.CLOSED, 0, 0, 0, 0, 0, 0);

        Standing counted(boolean failed, long now, long window) {
            boolean over = calls == 0 || now - windowSince >= window;
            return new Standing(
                    State.CLOSED,
                    failed ? inARow + 1 : 0,
                    over ? 1 : calls + 1,
                    (over ? 0 : failures) + (failed ? 1 : 0),
                    over ? now : windowSince,
                    0,
                    failed ? opened : 0);
        }

        Standing closed() {
            return new Standing(State.CLOSED, 0, 0, 0, 0, 0, opened);
        }

        Standing until(State changed, long next) {
            return new Standing(changed, inARow, calls, failures, windowSince, next, opened);
        }
    }

    public CircuitBreaker(Rules rules) {
        this.rules = rules;
    }

    /** {@return whether a call may go; a probe must be ended by one of the methods below} */
    public Pass pass(long now) {
        while (true) {
            Standing is = standing.get();
            if (is.state() == State.CLOSED) {
                return Pass.ORDINARY;
            }
            if (now - is.openUntil() < 0) {
                return Pass.NONE;
            }
            long next = now + rules.coolDown().toNanos();
            if (standing.compareAndSet(is, is.until(State.HALF_OPEN, next))) {
                return Pass.PROBE;
            }
        }
    }

    /** Lets a call through although it is open, because there is no better place. */
    public Pass force(long now) {
        Pass pass = pass(now);
        return pass == Pass.NONE ? Pass.FORCED : pass;
    }

    /**
     * A call has begun to answer, which shows that there is life: it closes for a probe, on
     * probation until a call has succeeded.
     */
    public void answered(Pass pass) {
        if (pass != Pass.ORDINARY) {
            update(is -> is.state() == State.CLOSED ? is : is.closed());
        }
    }

    /** A call has succeeded altogether. */
    public void succeeded(Pass pass, long now) {
        update(is ->
                switch (is.state()) {
                    case CLOSED -> is.counted(false, now, rules.window().toNanos());
                    case OPEN, HALF_OPEN -> pass == Pass.ORDINARY ? is : Standing.CLOSED;
                });
    }

    /** A call has failed, at once or after it had begun to answer. */
    public void failed(Pass pass, long now) {
        update(is ->
                switch (is.state()) {
                    case CLOSED -> {
                        Standing counted = is.counted(true, now, rules.window().toNanos());
                        boolean brokeAfterAll = pass == Pass.PROBE && counted.opened() > 0;
                        yield brokeAfterAll || isTooMuch(counted)
                                ? opened(counted, now, 0)
                                : counted;
                    }
                    case HALF_OPEN -> pass == Pass.PROBE ? opened(is, now, 0) : is;
                    case OPEN -> is;
                });
    }

    /** Opens it at once, for at least that long; if it is open, it stays so for that long. */
    public void trip(long now, Duration atLeast) {
        long until = now + atLeast.toNanos();
        update(is ->
                is.state() == State.OPEN
                        ? is.until(State.OPEN, later(is.openUntil(), until))
                        : opened(is, now, atLeast.toNanos()));
    }

    /** A call has ended in a way that proves nothing: the next may be the probe in its place. */
    public void undecided(Pass pass, long now) {
        if (pass == Pass.PROBE) {
            update(is -> is.state() == State.HALF_OPEN ? is.until(State.OPEN, now) : is);
        }
    }

    public State state(long now) {
        Standing is = standing.get();
        boolean isDue = is.state() == State.OPEN && now - is.openUntil() >= 0;
        return isDue ? State.HALF_OPEN : is.state();
    }

    /** {@return whether no call gets through at the moment} */
    public boolean refuses(long now) {
        Standing is = standing.get();
        return is.state() != State.CLOSED && now - is.openUntil() < 0;
    }

    /** {@return how long it stays open; 0 if a call gets through} */
    public long nanosLeft(long now) {
        Standing is = standing.get();
        return is.state() == State.CLOSED ? 0 : Math.max(0, is.openUntil() - now);
    }

    private boolean isTooMuch(Standing is) {
        return is.inARow() >= rules.inARow()
                || (is.calls() >= rules.least() && is.failures() >= rules.share() * is.calls());
    }

    private Standing opened(Standing is, long now, long atLeastNanos) {
        int times = is.opened() + 1;
        long doubled = rules.coolDown().toNanos() << Math.min(10, times - 1);
        long coolDown = Math.min(doubled, rules.longestCoolDown().toNanos());
        long until = now + Math.max(coolDown, atLeastNanos);
        return new Standing(State.OPEN, 0, 0, 0, 0, until, times);
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private void update(UnaryOperator<Standing> change) {
        standing.updateAndGet(change);
    }
}
