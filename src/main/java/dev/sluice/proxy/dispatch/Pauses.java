package dev.sluice.proxy.dispatch;

import dev.sluice.http.Exchange;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.dispatch.attempt.AttemptFailed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The pauses before a target is asked once more: what it asked for, else doubling ones, drawn so
 * that calls that failed together do not come back together.
 */
final class Pauses {
    private static final long LONGEST_MILLIS = 5_000;
    private static final long FIRST_MILLIS = 100;

    private final SplittableRandom jitter;

    Pauses(UUID requestId) {
        this.jitter = new SplittableRandom(requestId.getLeastSignificantBits());
    }

    /** {@return how long to wait; null if that is too long, or of no use} */
    @Nullable Long millis(AttemptFailed failed, int attempts, Deadline deadline) {
        if (!failed.failureClass().isWorthWaiting() || failed.hasTakenLong()) {
            return null;
        }
        long most = FIRST_MILLIS << attempts;
        long drawn = jitter.nextLong(most / 2, most);
        Long asked = failed.error().retryAfterMillis();
        long pause = asked == null ? drawn : asked + drawn / 4;
        return pause > LONGEST_MILLIS || pause >= deadline.millisLeft() ? null : pause;
    }

    /** {@return completes after that time; fails if the client leaves or the gateway stops} */
    static Future<Void> await(long millis, Exchange exchange, Call call) {
        Promise<Void> over = Promise.promise();
        Exchange.Timer timer = exchange.after(millis, over::tryComplete);
        call.whenClientLeaves(() -> {
            timer.cancel();
            over.tryFail(Endings.clientLeft());
        });
        call.whenInterrupted(() -> {
            timer.cancel();
            over.tryFail(Endings.shuttingDown());
        });
        return over.future();
    }
}
