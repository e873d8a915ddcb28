package dev.sluice.proxy.dispatch;

import dev.sluice.chat.Loss;
import dev.sluice.chat.UpstreamError;
import dev.sluice.http.Exchange;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.dispatch.Dispatcher.Means;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.dispatch.attempt.Answer;
import dev.sluice.proxy.dispatch.attempt.AttemptFailed;
import dev.sluice.proxy.dispatch.attempt.Outgoing;
import dev.sluice.proxy.dispatch.attempt.OutgoingRequests;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.dispatch.visit.Visits.Entry;
import dev.sluice.proxy.dispatch.visit.Visits.Visitor;
import dev.sluice.proxy.dispatch.visit.Waiting;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Candidate.Use;
import dev.sluice.proxy.route.rank.Obstacle;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call's way along its plan. Whoever is shut is passed by; whoever fails makes room for the
 * next, or for another key of the same upstream, or is asked once more after a pause if there is
 * nobody else; if all are shut, the least bad one is tried. Belongs to the exchange's event loop.
 */
final class Walk {
    private static final int MOST_ATTEMPTS = 3;

    /**
     * Another key of the same upstream is not a whole attempt: a refusal is quick and costs
     * nothing.
     */
    private static final int MOST_KEYS = 3;

    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(2);

    private final Order order;
    private final Call call;
    private final Means means;
    private final Extra extra;
    private final UUID requestId;
    private final Pauses pauses;
    private final Deadline deadline;
    private final Trials trials;
    private final Deque<Candidate> left = new ArrayDeque<>();
    private final Set<String> triedKeys = new HashSet<>(0);
    private int attempts;
    private boolean isRetry;
    private int keysTried;
    private final PassedBy passedBy = new PassedBy();
    private @Nullable AttemptFailed last;
    private @Nullable Candidate lastTried;
    private @Nullable Loss unsayable;
    private @Nullable Mending mending;

    /** What a candidate refused, and is asked again without. */
    private record Mending(Candidate candidate, UpstreamError refusal) {
        Outgoing of(Candidate asked, Outgoing outgoing) {
            Outgoing mended = asked.equals(candidate) ? outgoing.mended(refusal) : null;
            return mended == null ? outgoing : mended;
        }
    }

    /** What may be spent on more than one attempt. */
    record Extra(Retries retries, Hedges hedges) {}

    /**
     * @param served who answered; null for an upstream's refusal that is handed on
     */
    record Walked(Answer answer, @Nullable Candidate served) {}

    Walk(Order order, Call call, Means means, Extra extra) {
        this.order = order;
        this.call = call;
        this.means = means;
        this.extra = extra;
        this.requestId = UUID.fromString(order.request().id());
        this.pauses = new Pauses(requestId);
        Duration own = order.plan().conduct().patience().deadline();
        this.deadline =
                new Deadline(own == null ? means.limits().deadline() : own, means.visits()::now);
        this.trials = new Trials(order, call, means, deadline);
        add(Use.ALWAYS);
    }

    Future<Walked> start() {
        return next();
    }

    private void add(Use use) {
        for (Candidate candidate : order.plan().candidates()) {
            if (candidate.use() == use) {
                left.add(candidate);
            }
        }
    }

    private Future<Walked> next() {
        while (!left.isEmpty() && attempts < MOST_ATTEMPTS && !deadline.isOver()) {
            Candidate candidate = left.removeFirst();
            if (!mayTry(candidate)) {
                continue;
            }
            triedKeys.clear();
            switch (means.visits().enter(visitor(candidate))) {
                case Entry.Open open -> {
                    return attempt(candidate, open.visit());
                }
                case Entry.Shut is -> passedBy.add(candidate, is.why());
            }
        }
        AttemptFailed failed = last;
        if (failed == null) {
            return deadline.isOver() ? Future.failedFuture(Endings.late()) : insist();
        }
        return left.isEmpty() ? orLater(failed) : refused(failed);
    }

    /**
     * Whoever else there is is shut: room may become free, or the one that failed recover; where
     * waiting is of no use, the least bad one is tried all the same.
     */
    private Future<Walked> orLater(AttemptFailed failed) {
        triedKeys.clear();
        Candidate full = attempts < MOST_ATTEMPTS ? passedBy.takeFull() : null;
        if (full != null) {
            return queue(full);
        }
        Candidate open = passedBy.first();
        if (open != null
                && failed.failureClass().isWorthAnother()
                && !failed.failureClass().isWorthWaiting()
                && attempts < MOST_ATTEMPTS) {
            isRetry = extra.retries().take(open);
            return isRetry ? insist() : refused(failed);
        }
        Candidate failing = lastTried;
        return failing == null ? refused(failed) : again(failing, failed);
    }

    /**
     * A failover to who is well burdens nobody; to who is failing, it is a retry like any other.
     */
    private boolean mayTry(Candidate candidate) {
        isRetry = attempts > 0 && means.visits().isFailing(candidate);
        return !isRetry || extra.retries().take(candidate);
    }

    private Visitor visitor(Candidate candidate) {
        return new Visitor(candidate, requestId, triedKeys);
    }

    /**
     * Nobody could be asked: wait for room where that is all that is missing, else try all the
     * same.
     */
    private Future<Walked> insist() {
        Candidate full = passedBy.takeFull();
        if (full != null) {
            return queue(full);
        }
        long stated = Long.MAX_VALUE;
        Candidate candidate;
        while ((candidate = passedBy.take()) != null) {
            switch (means.visits().insist(visitor(candidate))) {
                case Entry.Open open -> {
                    return attempt(candidate, open.visit());
                }
                case Entry.Shut is when is.statedNanos() > 0 ->
                        stated = Math.min(stated, is.statedNanos());
                case Entry.Shut _ -> {
                    return queue(candidate);
                }
            }
        }
        AttemptFailed failed = last;
        if (failed != null) {
            return refused(failed);
        }
        return Future.failedFuture(
                stated < Long.MAX_VALUE
                        ? Endings.limited(stated)
                        : Endings.nobody(unsayable, null));
    }

    private Future<Walked> queue(Candidate candidate) {
        return queue(candidate, new Deadline(LONGEST_QUEUE, means.visits()::now));
    }

    private Future<Walked> queue(Candidate candidate, Deadline patience) {
        Exchange exchange = order.exchange();
        Waiting waiting = new Waiting(means.visits().gate(visitor(candidate)), exchange);
        call.whenClientLeaves(waiting::end);
        call.whenInterrupted(waiting::end);
        return waiting.start(call.key().id(), patience.atMost(deadline.atMost(LONGEST_QUEUE)))
                .compose(room -> {
                    if (exchange.isClientGone()) {
                        room.ifPresent(unused -> unused.close());
                        return Future.failedFuture(Endings.clientLeft());
                    }
                    if (room.isEmpty()) {
                        return nobody(Obstacle.FULL);
                    }
                    return switch (means.visits().enter(visitor(candidate), room.get())) {
                        case Entry.Open open -> attempt(candidate, open.visit());
                        case Entry.Shut is -> nextSecond(candidate, patience, is);
                    };
                });
    }

    /** What failed before tells more than that there was nobody else. */
    private Future<Walked> nobody(Obstacle why) {
        AttemptFailed failed = last;
        return failed == null
                ? Future.failedFuture(Endings.nobody(unsayable, why))
                : refused(failed);
    }

    /** There is room, but its keys have had their calls of this second. */
    private Future<Walked> nextSecond(Candidate candidate, Deadline patience, Entry.Shut is) {
        long millis = means.visits().gate(visitor(candidate)).millisToNextSecond();
        if (is.why() != Obstacle.FULL
                || millis >= Math.min(patience.millisLeft(), deadline.millisLeft())) {
            return nobody(is.why());
        }
        return Pauses.await(millis, order.exchange(), call)
                .compose(_ -> queue(candidate, patience));
    }

    private Future<Walked> attempt(Candidate candidate, Visit visit) {
        return trials.prepared(candidate, visit)
                .compose(prepared ->
                        switch (prepared) {
                            case OutgoingRequests.Prepared.Ready ready ->
                                    run(
                                            new Trial.Prepared(
                                                    candidate,
                                                    visit,
                                                    mended(candidate, ready.outgoing())));
                            case OutgoingRequests.Prepared.Unsayable cannot -> {
                                visit.abandoned();
                                unsayable = cannot.loss();
                                yield next();
                            }
                        });
    }

    private Outgoing mended(Candidate candidate, Outgoing outgoing) {
        return mending == null ? outgoing : mending.of(candidate, outgoing);
    }

    private Future<Walked> run(Trial.Prepared prepared) {
        if (order.exchange().isClientGone()) {
            prepared.visit().abandoned();
            return Future.failedFuture(Endings.clientLeft());
        }
        if (!order.lease().takeShareFor(prepared.candidate())) {
            prepared.visit().abandoned();
            return next();
        }
        attempts++;
        if (!isRetry) {
            extra.retries().called(prepared.candidate());
        }
        isRetry = false;
        Trial trial = trials.trial(prepared);
        Race race = new Race(trial, call, means);
        hedge(race, prepared.candidate());
        return race.start()
                .map(won -> {
                    call.whenClosed(won.trial().serves());
                    return new Walked(won.answer(), won.trial().candidate());
                })
                .recover(failure -> afterwards(race.lastFailed(), failure));
    }

    private void hedge(Race race, Candidate first) {
        Hedge hedge = new Hedge(order, trials, extra.hedges(), left);
        Long delay = extra.hedges().delayMillis(order.plan(), first);
        if (delay != null && attempts == 1 && hedge.isPossible()) {
            race.hedgeAfter(
                    delay,
                    order.exchange(),
                    () ->
                            hedge.second(first, race::isOver)
                                    .onSuccess(joining -> attempts += joining.isPresent() ? 1 : 0));
        }
    }

    private Future<Walked> afterwards(Trial trial, Throwable failure) {
        if (!(failure instanceof AttemptFailed failed)) {
            return Future.failedFuture(failure);
        }
        last = failed;
        if (!order.request().canBeSentAgain()) {
            return refused(failed);
        }
        return switch (failed.failureClass()) {
            case CONTEXT_OVERFLOW -> instead(Use.CONTEXT_OVERFLOW, failed);
            case CONTENT_REFUSED -> instead(Use.CONTENT_REFUSAL, failed);
            case CALLER -> withoutWhatWasRefused(trial, failed);
            case CREDENTIAL, FORBIDDEN, QUOTA, LIMITED -> withAnotherKey(trial, failed);
            case TRANSIENT, REGION, MODEL_GONE, UNKNOWN -> nextOrAgain(trial.candidate(), failed);
        };
    }

    private Future<Walked> instead(Use use, AttemptFailed failed) {
        left.clear();
        add(use);
        return left.isEmpty() ? refused(failed) : next();
    }

    /** Once a call: a seal that another account made can be done without (wire-contract §2.6). */
    private Future<Walked> withoutWhatWasRefused(Trial trial, AttemptFailed failed) {
        Candidate candidate = trial.candidate();
        if (mending == null
                && trial.canBeMended(failed.error())
                && means.visits().enter(visitor(candidate)) instanceof Entry.Open open) {
            mending = new Mending(candidate, failed.error());
            attempts--;
            return attempt(candidate, open.visit());
        }
        return refused(failed);
    }

    private Future<Walked> withAnotherKey(Trial trial, AttemptFailed failed) {
        String label = trial.keyLabel();
        Candidate candidate = trial.candidate();
        if (label != null && candidate.upstream().keys().size() > 1 && keysTried < MOST_KEYS) {
            triedKeys.add(label);
            if (means.visits().enter(visitor(candidate)) instanceof Entry.Open open) {
                keysTried++;
                attempts--;
                return attempt(candidate, open.visit());
            }
        }
        return nextOrAgain(candidate, failed);
    }

    private Future<Walked> nextOrAgain(Candidate candidate, AttemptFailed failed) {
        lastTried = candidate;
        return left.isEmpty() ? again(candidate, failed) : next();
    }

    private Future<Walked> again(Candidate candidate, AttemptFailed failed) {
        Long pause = attempts < MOST_ATTEMPTS ? pauses.millis(failed, attempts, deadline) : null;
        if (pause == null || !extra.retries().take(candidate)) {
            return refused(failed);
        }
        isRetry = true;
        return Pauses.await(pause, order.exchange(), call)
                .compose(_ -> {
                    triedKeys.clear();
                    return switch (means.visits().insist(visitor(candidate))) {
                        case Entry.Open open -> attempt(candidate, open.visit());
                        case Entry.Shut _ -> refused(failed);
                    };
                });
    }

    private static Future<Walked> refused(AttemptFailed failed) {
        return Endings.of(failed).map(answer -> new Walked(answer, null));
    }
}
