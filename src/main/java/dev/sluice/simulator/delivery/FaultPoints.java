package dev.sluice.simulator.delivery;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.behaviour.Position;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import org.jspecify.annotations.Nullable;

/** Where in one answer which fault strikes, and which events never come. */
final class FaultPoints {
    private final boolean whole;
    private final @Nullable Position cut;
    private final @Nullable Position end;
    private final @Nullable Position error;
    private final @Nullable Position stall;
    private final boolean unfinished;
    private final boolean unterminated;

    /** What happens instead of the next event. */
    enum Strike {
        NOTHING,
        CUT,
        END,
        ERROR,
        STALL
    }

    FaultPoints(Answer answer) {
        Behaviour behaviour = answer.behaviour();
        this.whole = answer.content() instanceof Answer.Whole;
        this.cut = behaviour.position(Directive.CUT_AFTER);
        this.end = behaviour.position(Directive.END_AFTER);
        this.error = whole ? null : behaviour.position(Directive.ERROR_AFTER);
        this.stall = behaviour.position(Directive.STALL);
        this.unfinished = behaviour.has(Directive.UNFINISHED);
        this.unterminated = unfinished || behaviour.has(Directive.NO_TERMINATOR);
    }

    /**
     * {@return what strikes after so many events}
     *
     * @param preamble how many of them were preamble, or -1 while that is not known
     */
    Strike after(int sent, int preamble) {
        if (isReached(cut, sent, preamble)) {
            return Strike.CUT;
        }
        if (isReached(end, sent, preamble)) {
            return Strike.END;
        }
        if (isReached(error, sent, preamble)) {
            return Strike.ERROR;
        }
        return isReached(stall, sent, preamble) ? Strike.STALL : Strike.NOTHING;
    }

    boolean leaveOut(Frame.Kind kind) {
        return switch (kind) {
            case PREAMBLE, OUTPUT -> false;
            case FINISH, USAGE -> unfinished;
            case TERMINATOR -> unterminated;
        };
    }

    private boolean isReached(@Nullable Position position, int sent, int preamble) {
        if (position == null) {
            return false;
        }
        if (whole) {
            // A plain answer goes out as two halves, whatever a stream of it would have.
            return sent >= Math.min(1, position.events());
        }
        return position.afterPreamble()
                ? preamble >= 0 && sent >= preamble + position.events()
                : sent >= position.events();
    }
}
