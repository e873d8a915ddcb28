package dev.sluice.proxy.target;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Keeps calls from what is known to fail. It opens on several failures in a row or on a high share
 * of failures, stays open for a cool-down that doubles each time the probe after it fails, and then
 * lets one call through: the probe, whose result decides. Failures of calls that began before it
 * opened change nothing any more.
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
        /** None: it is open. */
        NONE
    }

    /**
     * @param openUntil when the next probe may go; of meaning unless closed
     * @param opened how many times in a row it has opened
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
                    0);
        }

        Standing withState(State changed) {
            return new Standing(changed, inARow, calls, failures, windowSince, openUntil, opened);
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
            if (is.state() == State.HALF_OPEN || now - is.openUntil() < 0) {
                return Pass.NONE;
            }
            if (standing.compareAndSet(is, is.withState(State.HALF_OPEN))) {
                return Pass.PROBE;
            }
        }
    }

    /** Lets a call through although it is open, because there is no better place. */
    public Pass force() {
        Standing now =
                standing.updateAndGet(
                        is -> is.state() == State.CLOSED ? is : is.withState(State.HALF_OPEN));
        return now.state() == State.CLOSED ? Pass.ORDINARY : Pass.PROBE;
    }

    public void succeeded(Pass pass, long now) {
        standing.updateAndGet(is ->
                switch (is.state()) {
                    case CLOSED -> is.counted(false, now, rules.window().toNanos());
                    case OPEN, HALF_OPEN -> pass == Pass.PROBE ? Standing.CLOSED : is;
                });
    }

    public void failed(Pass pass, long now) {
        update(is ->
                switch (is.state()) {
                    case CLOSED -> {
                        Standing counted = is.counted(true, now, rules.window().toNanos());
                        yield isTooMuch(counted) ? opened(counted, now, 0) : counted;
                    }
                    case HALF_OPEN -> pass == Pass.PROBE ? opened(is, now, 0) : is;
                    case OPEN -> is;
                });
    }

    /** Opens it at once, for at least that long. */
    public void trip(long now, Duration atLeast) {
        update(is -> opened(is, now, atLeast.toNanos()));
    }

    /** A call has ended in a way that proves nothing. */
    public void undecided(Pass pass) {
        if (pass == Pass.PROBE) {
            update(is -> is.state() == State.HALF_OPEN ? is.withState(State.OPEN) : is);
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
        return switch (is.state()) {
            case CLOSED -> false;
            case HALF_OPEN -> true;
            case OPEN -> now - is.openUntil() < 0;
        };
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

    private void update(UnaryOperator<Standing> change) {
        standing.updateAndGet(change);
    }
}
