package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.dispatch.Dispatcher.Means;
import dev.sluice.proxy.dispatch.Dispatcher.Order;
import dev.sluice.proxy.dispatch.attempt.OutgoingRequests;
import dev.sluice.proxy.dispatch.visit.Visit;
import dev.sluice.proxy.route.Candidate;
import io.vertx.core.Future;
import java.time.Duration;

/** Makes the attempts of one call. Belongs to the exchange's event loop. */
final class Trials {
    private final Order order;
    private final Call call;
    private final Means means;
    private final Deadline deadline;

    Trials(Order order, Call call, Means means, Deadline deadline) {
        this.order = order;
        this.call = call;
        this.means = means;
        this.deadline = deadline;
    }

    /**
     * {@return what the candidate would be sent} What takes longer than about a millisecond leaves
     * the loop. The visit is given up if it fails.
     */
    Future<OutgoingRequests.Prepared> prepared(Candidate candidate, Visit visit) {
        InboundRequest request = order.request();
        Long limit = order.lease().maxOutputTokens();
        boolean translates = candidate.protocol() != request.protocol();
        if (translates && request.body().length > means.limits().largestOnLoop()) {
            return order.exchange()
                    .onWorker(
                            () -> means.requests().prepare(candidate, request, visit.key(), limit))
                    .onFailure(_ -> visit.abandoned());
        }
        try {
            return Future.succeededFuture(
                    means.requests().prepare(candidate, request, visit.key(), limit));
        } catch (RuntimeException refused) {
            visit.abandoned();
            return Future.failedFuture(refused);
        }
    }

    /** {@return an attempt, not yet begun} */
    Trial trial(Trial.Prepared prepared) {
        Duration patience = order.plan().conduct().patience().attempt();
        Duration total = prepared.candidate().upstream().timeouts().total();
        return new Trial(
                prepared,
                order,
                call,
                means,
                deadline.atMost(
                        patience == null || patience.compareTo(total) > 0 ? total : patience));
    }
}
