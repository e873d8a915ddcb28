package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.dispatch.attempt.Outgoing;
import dev.sluice.proxy.dispatch.attempt.OutgoingRequests;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.route.Candidate;
import io.vertx.core.Future;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The second attempt of one call, beside a first that is late: at whoever would be next. Belongs to
 * the exchange's event loop.
 */
final class Hedge {
    private final Order order;
    private final Trials trials;
    private final Hedges hedges;
    private final Deque<Candidate> left;

    /**
     * @param left who has not been asked, the next one first; whoever joins is taken from it
     */
    Hedge(Order order, Trials trials, Hedges hedges, Deque<Candidate> left) {
        this.order = order;
        this.trials = trials;
        this.hedges = hedges;
        this.left = left;
    }

    /** {@return whether there is, or may soon be, anybody to ask} A body is uploaded once. */
    boolean isPossible() {
        return !left.isEmpty() && !order.request().isUploaded();
    }

    /**
     * {@return an attempt that is to be begun now; empty if there is none at the moment}
     *
     * @param first which is late
     * @param isOver whether the first has ended meanwhile
     */
    Future<Optional<Trial>> second(Candidate first, BooleanSupplier isOver) {
        Candidate candidate = left.peekFirst();
        Visit visit = candidate == null ? null : hedges.visit(order, candidate).orElse(null);
        if (candidate == null || visit == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return trials.prepared(candidate, visit)
                .onFailure(_ -> hedges.unused(order, visit))
                .map(prepared ->
                        switch (prepared) {
                            case OutgoingRequests.Prepared.Ready(Outgoing outgoing)
                                    when !isOver.getAsBoolean() && takesShare(candidate, first) -> {
                                left.removeFirst();
                                yield Optional.of(
                                        trials.trial(
                                                new Trial.Prepared(candidate, visit, outgoing)));
                            }
                            case OutgoingRequests.Prepared _ -> {
                                hedges.unused(order, visit);
                                yield Optional.empty();
                            }
                        });
    }

    /** Where the slower one is billed too, there must be enough for both. */
    private boolean takesShare(Candidate candidate, Candidate first) {
        Lease lease = order.lease();
        return order.plan().conduct().hedging().billsBoth()
                ? lease.takeShareBeside(candidate, first)
                : lease.takeShareFor(candidate);
    }
}
