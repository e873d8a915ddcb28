package dev.sluice.proxy.dispatch;

import dev.sluice.http.Exchange;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.dispatch.Dispatcher.Means;
import dev.sluice.proxy.dispatch.attempt.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, or two beside each other where the first is late: the first to answer wins and the
 * other is stopped. It fails when the last one that runs has failed. Belongs to the exchange's
 * event loop.
 */
final class Race {
    private final Call call;
    private final Means means;
    private final List<Trial> running = new ArrayList<>(1);
    private final Promise<Won> outcome = Promise.promise();
    private Trial lastFailed;
    private Exchange.@Nullable Timer hedge;

    record Won(Answer answer, Trial trial) {}

    Race(Trial first, Call call, Means means) {
        this.call = call;
        this.means = means;
        this.lastFailed = first;
        running.add(first);
    }

    /**
     * Has a second one started if there is no answer by then. While there is none to be had, that
     * is asked again and again.
     */
    void hedgeAfter(long millis, Exchange exchange, Supplier<Future<Optional<Trial>>> second) {
        hedge =
                exchange.after(
                        millis,
                        () -> {
                            if (!isOver()) {
                                var _ =
                                        second.get()
                                                .onSuccess(joining ->
                                                        joining.ifPresentOrElse(
                                                                this::join,
                                                                () ->
                                                                        hedgeAfter(
                                                                                again(millis),
                                                                                exchange,
                                                                                second)));
                            }
                        });
    }

    private static long again(long millis) {
        return Math.clamp(millis, 50, 500);
    }

    private void join(Trial trial) {
        running.add(trial);
        run(trial);
    }

    /** {@return whether all have failed, or one has answered} */
    boolean isOver() {
        return outcome.future().isComplete() || running.isEmpty();
    }

    Future<Won> start() {
        call.whenClientLeaves(() -> stop(Endings.clientLeft()));
        call.whenInterrupted(() -> stop(Endings.shuttingDown()));
        run(running.getFirst());
        return outcome.future().onComplete(_ -> cancelHedge());
    }

    /** {@return the trial with whose failure the race failed} */
    Trial lastFailed() {
        return lastFailed;
    }

    private void run(Trial trial) {
        trial.start(means)
                .onSuccess(answer -> won(trial, answer))
                .onFailure(failure -> lost(trial, failure));
    }

    private void won(Trial trial, Answer answer) {
        running.remove(trial);
        if (outcome.future().isComplete()) {
            trial.discard();
            return;
        }
        List<Trial> slower = List.copyOf(running);
        running.clear();
        slower.forEach(Trial::outrun);
        outcome.tryComplete(new Won(answer, trial));
    }

    private void lost(Trial trial, Throwable failure) {
        if (running.remove(trial) && running.isEmpty()) {
            lastFailed = trial;
            outcome.tryFail(failure);
        }
    }

    private void stop(RuntimeException reason) {
        List.copyOf(running).forEach(trial -> trial.abandon(reason));
    }

    private void cancelHedge() {
        Exchange.Timer timer = hedge;
        if (timer != null) {
            timer.cancel();
        }
    }
}
